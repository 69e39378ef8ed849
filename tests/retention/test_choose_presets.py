"""The rules that a school begins with, by nation and type: never shorter than they are."""

import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.labels import NATIONS as LABELLED
from accounts.models import User
from audit.models import Entry
from messaging.models import Channel
from retention.exceptions import BadReason, NotAllowed
from retention.models import Policy
from retention.presets import NATIONS, NEVER_DISPOSED, SCHOOL_TYPES, presets_for
from retention.queries.rules import policies, policy_of
from retention.services.policies import Rule, change_policy
from retention.services.presets import InUse, NoSuchPresets, choose_presets
from tests.cast import client_of
from tests.scenes import channel_of, say

REASON = "We are an independent school in Scotland."
EVERY = [(nation, kind) for nation in NATIONS for kind in SCHOOL_TYPES]


def test_each_nation_that_has_words_of_its_own_has_presets() -> None:
    assert sorted(NATIONS) == sorted(LABELLED)


@pytest.mark.parametrize(("nation", "school_type"), EVERY)
def test_each_is_whole(nation: str, school_type: str) -> None:
    found = {one.record_class: one for one in presets_for(nation, school_type)}

    assert len(found) == 34
    assert {"routine", "direct"} <= found.keys()
    for one in found.values():
        assert one.term
        assert one.authority
        assert len(one.authority) <= 300
        assert one.action in Policy.Action.values
        assert re.fullmatch(r"[a-z_]{1,40}", one.record_class)
    assert all(found[name].action == "keep" for name in NEVER_DISPOSED)


@pytest.mark.django_db
def test_an_installation_begins_with_englands() -> None:
    in_force = {one.record_class: one for one in policies()}
    for preset in presets_for("england", "maintained"):
        policy = in_force[preset.record_class]
        said = (policy.term, policy.action, policy.authority)
        assert said == (preset.term, preset.action, preset.authority)
        assert policy.approved_by is None


@pytest.mark.django_db
def test_set_up_chooses_them_before_anything_is_written(alice: User, theo: User) -> None:
    call_command("choose_presets", "academy", nation="scotland")
    assert "Parental Involvement" not in policy_of("governors").authority  # the trust's, here
    assert "Scotland" in policy_of("personnel").authority
    assert Entry.objects.get(action="presets.chosen").actor is None

    say(alice, channel_of(alice), "The first words")
    with pytest.raises(CommandError, match="an approver chooses"):
        call_command("choose_presets", "academy")
    with pytest.raises(NotAllowed):
        choose_presets(by=theo, nation="wales", school_type="academy", reason=REASON)


@pytest.mark.django_db
def test_what_is_approved_or_longer_stays(alice: User, helen: User) -> None:
    say(alice, channel_of(alice), "Words that somebody may look for")
    rule = Rule(name="Personnel", months=900, action="review", authority="The governors")
    change_policy(by=helen, record_class="personnel", rule=rule, reason=REASON)
    Policy.objects.create(
        record_class="complaints", version=50, name="Complaints", months=900, action="review",
        authority="An older preset",
    )  # fmt: skip

    chosen = choose_presets(by=helen, nation="scotland", school_type="independent", reason=REASON)
    assert chosen.left == ("Complaints",)
    assert policy_of("complaints").months == 900
    assert policy_of("personnel").months == 900
    assert "Scotland" in policy_of("grievances").authority
    again = choose_presets(by=helen, nation="scotland", school_type="independent", reason=REASON)
    assert again.changed == ()


@pytest.mark.django_db
def test_it_wants_a_reason_and_presets_that_there_are(helen: User, carol: User) -> None:
    with pytest.raises(BadReason):
        choose_presets(by=helen, nation="wales", school_type="academy", reason="so")
    with pytest.raises(NoSuchPresets):
        choose_presets(by=helen, nation="france", school_type="academy", reason=REASON)
    with pytest.raises(NotAllowed):
        choose_presets(by=carol, nation="wales", school_type="academy", reason=REASON)
    change_policy(
        by=helen, record_class="routine", reason=REASON,
        rule=Rule(name="Routine", months=24, action="review", authority="The governors"),
    )  # fmt: skip
    with pytest.raises(InUse):
        choose_presets(by=None, nation="wales", school_type="academy", reason=REASON)
    assert not Channel.objects.exists()


@pytest.mark.django_db
def test_the_page_is_an_approvers(helen: User, hari: User, carol: User, theo: User) -> None:
    page = "/records/policies/presets/"
    fields = {"nation": "wales", "school_type": "maintained", "reason": REASON}
    for person in (hari, carol, theo):
        assert client_of(person).get(page).status_code == 404
        assert client_of(person).post(page, fields).status_code == 404
    answer = client_of(helen).post(page, fields, follow=True)
    assert b"4 rules were changed." in answer.content
    assert "(Wales)" in policy_of("attendance").authority


def test_the_page_of_presets_has_every_one() -> None:
    page = (settings.BASE_DIR / "docs" / "reference" / "presets.md").read_text()
    for nation, school_type in EVERY:
        for one in presets_for(nation, school_type):
            assert f"| `{one.record_class}` | {one.name} |" in page
            assert f"| {one.authority} |" in page
