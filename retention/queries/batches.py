"""What a disposal is made of, told so that no hold gives itself away."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import User
from messaging.models import Channel
from retention.models import Disposal
from retention.queries.holds import holds_for
from retention.queries.reach import exportable_for

_MONTHS = """
SELECT n.label, c.month, count(*) FILTER (WHERE NOT i.held),
       count(*) FILTER (WHERE i.held AND EXISTS (
            SELECT FROM retention_held x WHERE x.message = i.message AND x.hold = ANY (%(known)s)))
FROM retention_disposalchunk c
JOIN retention_disposalitem i ON i.chunk_id = c.id
JOIN messaging_channel h ON h.id = c.channel_id
CROSS JOIN LATERAL (
    SELECT h.kind = 'direct' OR h.id = ANY (%(secret)s) AS is_nameless) s
CROSS JOIN LATERAL (
    SELECT CASE WHEN h.kind = 'direct' THEN 'Direct messages'
                WHEN s.is_nameless THEN 'Other channels' ELSE h.name END AS label) n
WHERE c.disposal_id = %(disposal)s
GROUP BY s.is_nameless, n.label, CASE WHEN NOT s.is_nameless THEN h.id END, c.month
ORDER BY s.is_nameless, n.label, c.month
"""


@dataclass(frozen=True, kw_only=True)
class MonthOfBatch:
    """A channel's month in a proposal; `held` counts only what the viewer may know of."""

    channel: str
    month: Any
    due: int
    held: int


def months_of(viewer: User, disposal: Disposal) -> list[MonthOfBatch]:
    """The months of each channel that a disposal is made of.

    Direct ones are taken together, and so are those of which the viewer may not know the name.
    """
    secret = Channel.objects.exclude(id__in=exportable_for(viewer).values("id"))
    facts: dict[str, Any] = {
        "known": list(holds_for(viewer).values_list("number", flat=True)),
        "secret": list(secret.values_list("id", flat=True)),
        "disposal": disposal.number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, facts)
        rows = cursor.fetchall()
    return [
        MonthOfBatch(channel=name, month=month, due=due, held=held)
        for name, month, due, held in rows
        if due or held
    ]
