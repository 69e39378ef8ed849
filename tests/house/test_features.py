"""Every feature that is promised has a test that shows it, and the table of them is true."""

from tests.features import MEASURED, PAGE, TREE, names, page, shown


def test_every_marker_names_a_feature() -> None:
    assert sorted(shown().keys() - names()) == []
    unshown = names() - shown().keys() - MEASURED.keys()
    assert sorted(unshown) == [], "these have no test that shows them"


def test_what_is_measured_has_its_script() -> None:
    assert sorted(MEASURED.keys() - names()) == []
    scripts = {TREE / "benchmarks" / f"{script}.py" for script in MEASURED.values()}
    assert [script for script in scripts if not script.exists()] == []


def test_the_table_is_the_one_that_the_markers_give() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m tests.features"
