"""Who can read a channel, in the one sentence that stands over it."""

from pathlib import Path
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.statements import ask, statement_of
from messaging.enumerating import any_of
from messaging.exceptions import ChannelNotFound
from messaging.models import Channel
from oversight.queries.desk import DESK
from retention.due.terms import Term, Trigger
from retention.presets import DEFAULT_CLASS
from retention.queries.rules import period

_WHO_READS: Final = statement_of(Path(__file__).parent.parent / "sql" / "who_reads.sql")


def who_reads(viewer: User, channel_id: UUID) -> dict[str, str]:
    """Who reads a channel of the viewer's own as it is now, in one statement: `line` is the
    sentence, `brief` the same in a few words. Raises ChannelNotFound (messaging)."""
    values = {
        "person": viewer.id,
        "channel": channel_id,
        "permission": DESK,
        "usual": DEFAULT_CLASS,
    }
    answers = ask(_WHO_READS, values)
    if not answers:
        raise ChannelNotFound
    kind, members, desk, trigger, months, days = answers[0]
    kept = period(Term(trigger=Trigger(trigger), months=months, days=days))
    return {
        "line": _line(_inside(kind, members), desk, kept),
        "brief": _brief(members, len(desk), kept),
    }


def _line(inside: str, desk: list[str], kept: str) -> str:
    sentences = [inside]
    if desk:
        searching = _("%(names)s may search it with a recorded reason.")
        sentences.append(searching % {"names": any_of(desk)})
    sentences.append(_("Kept for %(period)s.") % {"period": kept})
    return " ".join(sentences)


def _brief(members: int, desk: int, kept: str) -> str:
    parts = [ngettext("%(n)d in it", "%(n)d in it", members) % {"n": members}]
    if desk:
        parts.append(ngettext("%(n)d may search it", "%(n)d may search it", desk) % {"n": desk})
    parts.append(_("kept %(period)s") % {"period": kept})
    return " · ".join(parts)


def _inside(kind: str, members: int) -> str:
    if kind == Channel.Kind.OPEN:
        line = ngettext(
            "All staff can join; %(n)d is in it.", "All staff can join; %(n)d are in it.", members
        )
        return line % {"n": members}
    if members == 1:
        return _("Only you.")
    return ngettext("%(n)d member.", "%(n)d members.", members) % {"n": members}
