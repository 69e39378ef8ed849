"""DSL and its like come from one place, by the school's nation."""

import re
from dataclasses import replace

import pytest
from django.conf import settings as real
from pytest_django import Settings

from accounts.labels import NATIONS, labels
from accounts.roles import Role
from audit.actions import Action
from oversight.wording import said
from schoolchat.look.checks import nation_is_known

_WORDS = re.compile(r"safeguarding lead|safeguarding person|\bDSL\b|\bDSP\b", re.IGNORECASE)


def _of(settings: Settings, nation: str) -> None:
    settings.LOOK = replace(real.LOOK, nation=nation)


@pytest.mark.shows("terms")
@pytest.mark.parametrize(
    ("nation", "short", "role"),
    [
        ("england", "DSL", "Designated safeguarding lead"),
        ("wales", "DSP", "Designated safeguarding person"),
        ("scotland", "CPC", "Child protection coordinator"),
        ("northern-ireland", "DT", "Designated teacher for child protection"),
    ],
)
def test_each_nation_has_its_own(settings: Settings, nation: str, short: str, role: str) -> None:
    _of(settings, nation)
    assert labels().short == short
    assert Role.DSL.label == labels().role == role
    assert said(Action.CONCERN_RAISED) == f"Passed a message to the {labels().lead}"
    assert nation_is_known() == []


def test_an_unknown_nation_is_found_at_the_start_and_says_englands_words(
    settings: Settings,
) -> None:
    _of(settings, "atlantis")
    (error,) = nation_is_known()
    assert error.id == "schoolchat.E012"
    assert all(nation in str(error.hint) for nation in NATIONS)
    assert labels().short == "DSL"


@pytest.mark.shows("terms")
def test_no_sentence_names_them_itself() -> None:
    """They would say England's words in Wales."""
    sentences = re.findall(
        r'^msgid "(.*)"$', (real.BASE_DIR / "locale" / "django.pot").read_text(), re.MULTILINE
    )
    places = (real.BASE_DIR / "accounts" / "labels.py").read_text()
    wrong = [each for each in sentences if _WORDS.search(each) and f'"{each}"' not in places]
    assert wrong == []
