"""Every feature that is promised has a test that shows it, and the table of them is true."""

from tests.features import PAGE, WAITING, names, page, shown


def test_every_marker_names_a_feature() -> None:
    assert sorted(shown().keys() - names()) == []
    assert sorted(names() - shown().keys() - WAITING) == [], "these have no test that shows them"


def test_what_is_shown_waits_no_more() -> None:
    assert sorted(WAITING & shown().keys()) == [], "take these out of WAITING in tests/features.py"
    assert sorted(WAITING - names()) == []


def test_the_table_is_the_one_that_the_markers_give() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m tests.features"
