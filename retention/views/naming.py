"""How the pages name a channel, and what a hold is on."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from messaging.models import Channel
from retention.exports.asked import channel_name
from retention.models import Hold


def name_of(channel: Channel) -> str:
    """A channel's name; a direct conversation is named by its people."""
    name = channel_name(channel)
    return f"Direct: {name}" if channel.kind == Channel.Kind.DIRECT else name


def covered_by(hold: Hold) -> str:
    """What a hold covers, in a line: its people, in its channels, in its days."""
    people = ", ".join(sorted(one.person.display_name for one in hold.people.all()))
    channels = ", ".join(sorted(name_of(one.channel) for one in hold.channels.all()))
    if people and channels:
        found = _("%(people)s in %(channels)s") % {"people": people, "channels": channels}
    else:
        found = people or channels or _("Everybody, everywhere")
    return " ".join(filter(None, [found, _days(hold)]))


def _days(hold: Hold) -> str:
    since = date_format(hold.since, "j M Y") if hold.since else ""
    until = date_format(hold.until, "j M Y") if hold.until else ""
    if since and until:
        return _("from %(since)s to %(until)s") % {"since": since, "until": until}
    if since:
        return _("from %(since)s on") % {"since": since}
    return _("until %(until)s") % {"until": until} if until else ""
