"""The sentences of the pages' own code, for readers of another language than English."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET
from django.views.i18n import JavaScriptCatalog

_catalogue = JavaScriptCatalog.as_view(packages=["schoolchat"])


@require_GET
@conditional_page
@cache_control(private=True, no_cache=True)
def words(request: HttpRequest) -> HttpResponseBase:
    """`/words.js`: Django's catalogue, in the language that the request asks for."""
    return _catalogue(request)
