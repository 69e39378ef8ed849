"""Having a published checkpoint stamped by an RFC 3161 authority, where one is set.

The authority gets a hash of the signed note and nothing else, and answers with a signed time. So
even the school's own key cannot make a checkpoint that is older than it is.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from audit.checkpoints import note_of
from audit.clock import now
from oversight.models import Publication
from oversight.stamps import NotAStamp, check_answer, query_over
from oversight.workers.calling import NotDelivered, call

#: An authority that is away is asked again for so long.
_TRIED: Final = timedelta(hours=26)
_MOST_BYTES: Final = 64 * 1024
_HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}


def stamp_published(at: datetime | None = None) -> None:
    """Ask for the stamps that are missing. Without an authority there are none.

    What does not succeed is asked again in a few minutes; what waits is sent without.
    """
    if not settings.TSA_URL:
        return
    since = (at or now()) - _TRIED
    missing = Publication.objects.filter(stamp=None, at__gte=since).select_related("checkpoint")
    for publication in missing.order_by("number"):
        try:
            keep_stamp(publication, stamp_over(note_of(publication.checkpoint).encode()))
        except (NotDelivered, NotAStamp):
            return


def keep_stamp(publication: Publication, stamp: bytes) -> None:
    """Keep the authority's answer with the publication, unless there is one already."""
    Publication.objects.filter(pk=publication.pk, stamp=None).update(stamp=stamp)


def stamp_over(content: bytes) -> bytes:
    """The authority's whole response over `content`; raises NotAStamp or NotDelivered."""
    request = query_over(content)
    answer = call(settings.TSA_URL, request.as_bytes(), headers=_HEADERS, most=_MOST_BYTES)
    check_answer(answer, request, content)
    return answer
