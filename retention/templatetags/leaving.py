"""What waits for a second person, said on the page of whoever leaves."""

from django import template

from accounts.models import User
from retention.queries.dates import leaving_date_waits

register = template.Library()


@register.filter
def waits_for_second(person: User) -> bool:
    """Whether the person's leaving date does not count yet for what is kept from it on."""
    return leaving_date_waits(person)
