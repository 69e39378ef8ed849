"""scope.json: what was asked for, what the bundle holds and what was left out. Pure."""

import json
from collections.abc import Mapping

from retention.exports.items import About, Json, named_json


def scope_text(about: About, counts: Mapping[str, int], by_channel: Mapping[str, int]) -> str:
    """The file; without the time of writing, so that two exports of one scope have the same."""
    values: Json = {
        "number": about.number,
        "school": about.school,
        "purpose": about.purpose,
        "recipient": about.recipient,
        "requested_by": named_json(about.requested_by),
        "approved_by": named_json(about.approved_by),
        "first_day": about.first_day.isoformat(),
        "last_day": about.last_day.isoformat(),
        "time_zone": about.time_zone,
        "channels": [
            {"id": str(c.id), "name": c.name, "messages": by_channel.get(str(c.id), 0)}
            for c in about.channels
        ],
        "counts": dict(counts),
        "excluded": dict(about.excluded),
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
