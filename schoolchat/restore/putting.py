"""The files of a backup into the storage of files."""

from collections.abc import Container
from uuid import UUID

from messaging.files.places import PlaceAway, PlaceFull, place
from messaging.models import File, Upload
from schoolchat.backup import files
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import FILES_PART
from schoolchat.restore.checking import Source


def put_files(source: Source) -> int:
    """Every file of the backup that something refers to still, held against its digest; returns how
    many objects. Can be done again."""
    wanted: Container[UUID] = {
        *File.objects.values_list("id", flat=True),
        *Upload.objects.values_list("id", flat=True),
    }
    put = 0
    for one in files.read_list(source.rows.read(FILES_PART)):
        if UUID(one.name.partition(".")[0]) not in wanted:
            continue
        try:
            place().put(one.name, files.read_file(source.place / files.FOLDER, one))
        except (PlaceAway, PlaceFull) as error:
            raise BackupRefused(
                "The storage of files does not take them: look at SCHOOLCHAT_FILES and run the "
                "command again."
            ) from error
        put += 1
    return put
