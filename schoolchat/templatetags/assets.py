"""The import map of a page."""

import json
from functools import cache

from django import template
from django.utils.safestring import SafeString, mark_safe

from schoolchat.assets.files import import_map

register = template.Library()


@register.simple_tag(name="import_map")
@cache
def import_map_tag(page: str) -> SafeString:
    """Where the modules stand, for a page of this kind. Names and addresses are our own."""
    return mark_safe(json.dumps({"imports": import_map(page)}))  # noqa: S308
