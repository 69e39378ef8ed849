"""Those who approve look afterwards at what the safeguarding lead searched for."""

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from oversight.inquiry import Inquiry
from oversight.services.searches import open_search
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.scenes import channel_of, say


def test_the_head_sees_reason_scope_and_hits(dana: User, bob: User, helen: User) -> None:
    say(bob, channel_of(bob), "Only swimming")
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="swimming", person=bob.id))

    answer = client_of(helen).get("/records/searches/")

    page = answer.content.decode()
    for shown in ("Dana Doyle", "A parent rang", "swimming", "by Bob Brennan"):
        assert shown in page
    assert answer.context["rows"][0].search.hits == 1
    assert "Only swimming" not in page
    viewed = Entry.objects.get(action=Action.LOG_VIEWED)
    assert (viewed.actor, viewed.facts) == (helen.id, {"page": "searches"})


def test_a_search_for_the_head_is_kept_from_the_head_and_seen_by_the_chair(
    dana: User, alice: User, helen: User, chris: User
) -> None:
    about = channel_of(alice, about=[helen])
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="", person=helen.id))
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="rota", channel=about.id))

    assert client_of(helen).get("/records/searches/").context["rows"] == []
    assert len(client_of(chris).get("/records/searches/").context["rows"]) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "carol", "dana", "hari", "priya", "theo", "gwen"])
def test_nobody_else_reviews(name: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(name)

    assert client_of(person).get("/records/searches/").status_code == 404
