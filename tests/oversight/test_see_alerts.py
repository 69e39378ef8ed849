"""Who sees alerts, is told of them and answers them; of those about themselves nobody does."""

from unittest.mock import patch

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from oversight.errors import AlertNotFound, NotAReader
from oversight.models import Alert, AlertKind
from oversight.queries.alerts import alerts_for, open_alerts
from oversight.services.alerts import acknowledge_alert
from oversight.workers.telling import tell_of_alerts
from oversight.workers.watching import watch
from tests.cast import client_of
from tests.oversight.alerts import give_role, raised
from tests.roles import acting_as

LOCMEM = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "dana", "hari", "theo"])
def test_nobody_else_sees_or_answers_alerts(
    name: str, request: pytest.FixtureRequest, alice: User
) -> None:
    person = request.getfixturevalue(name)
    alert = raised(AlertKind.MASS_SEARCH, alice)
    client = client_of(person)

    assert client.get("/audit/alerts/").status_code == 404
    assert client.post(f"/audit/alerts/{alert.uid}/acknowledge/").status_code == 404
    with pytest.raises(NotAReader):
        alerts_for(person)
    assert open_alerts(person) == 0


@pytest.mark.parametrize("name", ["priya", "helen", "chris"])
def test_the_dpo_and_the_approvers_see_whom_it_is_about_and_answer(
    name: str, request: pytest.FixtureRequest, dana: User
) -> None:
    person = request.getfixturevalue(name)
    alert = raised(AlertKind.MASS_SEARCH, dana)
    client = client_of(person)

    page = client.get("/audit/alerts/").content.decode()
    answer = client.post(f"/audit/alerts/{alert.uid}/acknowledge/", follow=True)

    assert "One person searched the record very often" in page
    assert "Dana Doyle" in page
    assert ">1 alert<" in page
    assert f"{person.display_name} has looked into it." in answer.content.decode()
    assert ">1 alert<" not in answer.content.decode()
    viewed = Entry.objects.filter(action=Action.LOG_VIEWED).earliest("id")
    assert (viewed.actor, viewed.facts) == (person.pk, {"page": "alerts"})


def test_the_governors_auditor_sees_that_there_are_alerts_and_no_name(
    gwen: User, dana: User, helen: User
) -> None:
    alert = raised(AlertKind.MASS_SEARCH, dana)
    client = client_of(gwen)

    page = client.get("/audit/alerts/").content.decode()

    assert "One person searched the record very often" in page
    assert "Dana Doyle" not in page
    assert str(dana.pk) not in page
    assert client.post(f"/audit/alerts/{alert.uid}/acknowledge/").status_code == 404
    acknowledge_alert(by=helen, uid=alert.uid)
    later = client.get("/audit/alerts/").content.decode()
    assert "Looked into" in later
    assert "Helen Hart" not in later


def test_nobody_sees_or_answers_an_alert_about_their_own_acts(
    priya: User, helen: User, chris: User, gwen: User
) -> None:
    about = {person: raised(AlertKind.EXPORT_VOLUME, person) for person in (priya, helen, gwen)}
    for person, alert in about.items():
        assert alert not in alerts_for(person)
        assert open_alerts(person) == len(about) - 1
        page = client_of(person).get("/audit/alerts/").content.decode()
        assert str(alert.uid) not in page
        with pytest.raises(AlertNotFound):
            acknowledge_alert(by=person, uid=alert.uid)
    assert alerts_for(chris).count() == len(about)


def test_a_role_is_told_to_none_of_the_three_who_had_a_part_in_it(
    theo: User, helen: User, chris: User, priya: User, gwen: User
) -> None:
    give_role(priya, asked=chris, granted=helen)
    give_role(gwen, asked=theo, granted=chris)
    with acting_as("worker"):
        watch(look_again=0)
    assert [alerts_for(person).count() for person in (priya, helen, chris, gwen)] == [1, 1, 0, 1]
    page = client_of(helen).get("/audit/alerts/").content.decode()
    assert "Gwen Griffiths: Deputy safeguarding lead" in page


def test_the_log_keeps_an_alert_from_whom_it_is_about_too(priya: User, helen: User) -> None:
    own, other = raised(AlertKind.EXPORT_VOLUME, priya), raised(AlertKind.EXPORT_VOLUME, helen)

    rows = client_of(priya).get("/audit/?action=alert.raised").context["rows"]

    assert [row.entry.subject for row in rows] == [other.uid]
    assert Entry.objects.filter(subject=own.uid).exists()


def test_every_kind_has_its_words_on_the_page(helen: User, gwen: User, priya: User) -> None:
    for kind in AlertKind:
        raised(kind)
    for person in (helen, gwen, priya):
        page = client_of(person).get("/audit/alerts/").content.decode()
        assert [kind for kind in AlertKind if str(kind.label) not in page] == []


def _told(settings: Settings) -> list[mail.EmailMessage]:
    settings.MAILERS = {"default": LOCMEM, "smtp": LOCMEM}
    settings.MAIL_FROM = "schoolchat@school.example"
    with acting_as("worker"):
        tell_of_alerts()
    return mail.outbox


def test_a_notice_goes_to_those_who_answer_and_names_nobody(
    settings: Settings, dana: User, priya: User, helen: User, chris: User, theo: User
) -> None:
    raised(AlertKind.EXPORT_VOLUME, helen)
    (notice,) = _told(settings)
    assert sorted(notice.recipients()) == [chris.email, priya.email]
    message = notice.message()
    text = str(message)
    assert "One person asked for many exports" in str(notice.body)
    assert "/audit/alerts/" in str(notice.body)
    names = ["Helen", "Hart", str(helen.pk), *notice.recipients()]
    assert [name for name in names if name in text] == []


def test_a_notice_goes_out_once(settings: Settings, priya: User) -> None:
    raised(AlertKind.CLOCK_WRONG)
    assert len(_told(settings)) == 1
    assert len(_told(settings)) == 1


def test_what_could_not_be_sent_is_sent_later(settings: Settings, priya: User) -> None:
    raised(AlertKind.CLOCK_WRONG)
    with patch.object(mail.EmailMessage, "send", side_effect=ConnectionRefusedError):
        assert _told(settings) == []
    assert len(_told(settings)) == 1


def test_without_mail_there_is_the_page(priya: User) -> None:
    raised(AlertKind.CLOCK_WRONG)
    with acting_as("worker"):
        tell_of_alerts()
    assert mail.outbox == []
    assert Alert.objects.get().told_at is None
    assert open_alerts(priya) == 1


def test_what_was_taken_away_is_looked_up_among_exports_and_files_of_the_log(
    dana: User, priya: User, gwen: User, helen: User
) -> None:
    raised(AlertKind.EXPORT_VOLUME, dana)
    acts = {"export.requested": "exports asked for", "log.downloaded": "files of the log"}
    for person, actor in ((priya, f"&amp;actor={dana.pk}"), (gwen, "")):
        page = client_of(person).get("/audit/alerts/").content.decode()
        for action, what in acts.items():
            assert f'<a href="/audit/?action={action}{actor}">Where to look: {what}' in page
    page = client_of(helen).get("/audit/alerts/").content.decode()
    assert '<a href="/records/exports/">Where to look<' in page
