"""Every feature that is promised has a test that shows it, and the table of them is true."""

from pathlib import Path

from tests.features import PAGE, SCREENS, TREE, names, page, says, screens, shown
from tests.promises import FAULTS, MEASURED, ONLY, UNSEEN

CATALOGUES = (TREE / "locale" / "django.pot", TREE / "locale" / "djangojs.pot")


def test_every_marker_names_a_feature_and_every_feature_has_a_test() -> None:
    named = {one.name for one in shown()}
    assert sorted(named - names()) == []
    unshown = names() - named - MEASURED.keys()
    assert sorted(unshown) == [], "these have no test that shows them"


def test_every_feature_is_shown_on_a_phone_and_on_a_desk() -> None:
    missing = {
        name: f"it is shown on {sorted(screens(name)) or 'no screen'}"
        for name in sorted(names() - UNSEEN.keys())
        if screens(name) != SCREENS[ONLY[name][0] if name in ONLY else "both"]
    }
    assert missing == {}


def test_the_exceptions_are_features_and_exceptions() -> None:
    assert sorted((ONLY.keys() | UNSEEN.keys()) - names()) == []
    assert sorted(ONLY.keys() & UNSEEN.keys()) == []
    assert [name for name in UNSEEN if screens(name)] == []


def test_screens_are_opened_in_a_browser() -> None:
    assert [one.link for one in shown() if one.on and one.path.parent.name != "e2e"] == []


def test_every_fault_has_a_test_that_reads_its_sentence() -> None:
    read = {one.name for one in says()}
    assert sorted(FAULTS.keys() ^ read) == []


def test_the_sentences_are_the_products_own() -> None:
    known = "".join(_flowing(path) for path in CATALOGUES)
    assert [one.sentence for one in FAULTS.values() if f'"{one.sentence}"' not in known] == []


def _flowing(catalogue: Path) -> str:
    """Sentences that are broken over lines stand on one."""
    return catalogue.read_text().replace('"\n"', "").replace("’", "'")


def test_what_is_measured_has_its_script() -> None:
    assert sorted(MEASURED.keys() - names()) == []
    scripts = {TREE / "benchmarks" / f"{script}.py" for script in MEASURED.values()}
    assert [script for script in scripts if not script.exists()] == []


def test_the_table_is_the_one_that_the_markers_give() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m tests.features"
