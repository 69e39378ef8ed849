"""The files of a backup into the storage of files."""

from collections.abc import Container
from uuid import UUID

from messaging.files.places import PlaceAway, PlaceFull, place
from messaging.models import Attachment, File, Upload
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
        if _file_of(one.name) not in wanted:
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


def wanting(source: Source) -> list[str]:
    """A sentence, if files that messages refer to are not in the backup: a disposal took them
    while it was made, and whether it took their messages the journal does not say."""
    listed = {one.name for one in files.read_list(source.rows.read(FILES_PART))}
    referred = Attachment.objects.values_list("file", flat=True).distinct()
    number = sum(str(file) not in listed for file in referred)
    said = (
        f"{number} of the files that messages refer to went while this backup was made: an older "
        "one has them, if they are to be kept."
    )
    return [said] if number else []


def _file_of(name: str) -> UUID:
    return UUID(name.partition(".")[0])
