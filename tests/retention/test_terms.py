"""When a period is over, for every trigger, every day and every hour of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.dates import add_months
from retention.due.terms import DATED, Term, Trigger, cut_off, due_on, is_as_long, latest, limit

LONDON = ZoneInfo("Europe/London")
days = st.dates(min_value=date(1975, 1, 1), max_value=date(2150, 12, 31))
seconds = st.integers(min_value=0, max_value=86_399)
moments = st.builds(
    lambda day, second: datetime.combine(day, time.min, UTC) + timedelta(seconds=second),
    days,
    seconds,
)
months = st.builds(
    Term, trigger=st.sampled_from(Trigger), months=st.integers(min_value=1, max_value=1_200)
)
in_days = st.builds(
    Term, trigger=st.sampled_from(Trigger), days=st.integers(min_value=1, max_value=4_000)
)
terms = months | in_days
dates = st.none() | days


@given(terms, moments, days, dates)
def test_a_message_is_due_from_the_day_that_is_said_and_never_before(
    term: Term, sent: datetime, today: date, on: date | None
) -> None:
    end, due = cut_off(term, today, on), due_on(term, sent, on)

    assert (end is not None and sent < end) == (due is not None and today >= due)


@given(terms, moments, dates)
def test_the_period_is_never_cut_short(term: Term, sent: datetime, on: date | None) -> None:
    due = due_on(term, sent, on)
    if due is None:
        assert term.trigger in DATED
        assert on is None
        return

    start = max(sent.date(), on) if on and term.trigger in DATED else sent.date()
    kept = timedelta(days=term.days) if term.days else add_months(start, term.months or 0) - start
    assert due.day == 1
    assert due > start + kept


@given(terms, days)
def test_a_month_has_one_limit(term: Term, today: date) -> None:
    assert limit(term, today) == limit(term, today.replace(day=1))


@given(terms, moments)
def test_an_unknown_date_is_never_due(term: Term, sent: datetime) -> None:
    assert (due_on(term, sent) is None) == (term.trigger in DATED)


@given(st.lists(st.tuples(terms, dates), min_size=1, max_size=4), moments)
def test_the_longest_rule_wins_and_an_unknown_one_beats_all(
    rules: list[tuple[Term, date | None]], sent: datetime
) -> None:
    dues = [due_on(term, sent, on) for term, on in rules]
    wins = latest(dues)

    assert (wins is None) == (None in dues)
    assert wins is None or all(due is not None and due <= wins for due in dues)


@given(terms, terms, moments, days)
def test_what_is_certainly_as_long_is_so_for_every_message(
    new: Term, former: Term, sent: datetime, on: date
) -> None:
    if is_as_long(new, former):
        after, before = due_on(new, sent, on), due_on(former, sent, on)
        assert after is not None
        assert before is not None
        assert after >= before


@given(terms)
def test_a_rule_is_as_long_as_itself(term: Term) -> None:
    assert is_as_long(term, term)


def _term(trigger: Trigger, months: int) -> Term:
    return Term(trigger=trigger, months=months)


@pytest.mark.parametrize(
    ("sent", "kept_until"),
    [
        (datetime(2024, 2, 29, 12, tzinfo=LONDON), date(2025, 8, 31)),
        (datetime(2025, 8, 31, 23, 59, tzinfo=LONDON), date(2026, 8, 31)),
        # In UTC it is still August, at the school the new year has begun.
        (datetime(2025, 9, 1, 0, 30, tzinfo=LONDON), date(2027, 8, 31)),
        (datetime(2025, 9, 1, 1, 30, tzinfo=LONDON), date(2027, 8, 31)),
    ],
)
def test_an_academic_year_ends_with_august_where_the_school_is(
    sent: datetime, kept_until: date
) -> None:
    due = due_on(_term(Trigger.ACADEMIC_YEAR, 12), sent)

    assert due == kept_until + timedelta(days=1)


@pytest.mark.parametrize("fold", [0, 1])
def test_both_hours_of_the_night_that_has_one_twice_are_due_together(fold: int) -> None:
    sent = datetime(2025, 10, 26, 1, 30, fold=fold, tzinfo=LONDON)

    assert due_on(_term(Trigger.MESSAGE, 12), sent) == date(2026, 11, 1)
    assert due_on(_term(Trigger.CALENDAR_YEAR, 12), sent) == date(2027, 1, 1)


def test_leap_days_and_days_round_up_to_the_months_end() -> None:
    ninety = Term(trigger=Trigger.MESSAGE, days=90)

    assert due_on(ninety, datetime(2024, 1, 1, tzinfo=UTC)) == date(2024, 4, 1)
    assert due_on(ninety, datetime(2025, 1, 1, tzinfo=UTC)) == date(2025, 5, 1)
    assert due_on(_term(Trigger.SET, 12), datetime(2020, 1, 1, tzinfo=UTC), date(2024, 2, 29)) == (
        date(2025, 3, 1)
    )


@pytest.mark.parametrize(
    ("sent", "months", "kept_until"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 3, 15), 12, date(2026, 3, 31)),
    ],
)
def test_short_months_round_up_too(sent: date, months: int, kept_until: date) -> None:
    term, at = _term(Trigger.MESSAGE, months), datetime.combine(sent, time.min, UTC)

    assert due_on(term, at) == kept_until + timedelta(days=1)


@given(days, st.integers(min_value=-1_200, max_value=1_200))
def test_months_are_added_and_taken_away_again(day: date, number: int) -> None:
    assert add_months(add_months(day, number), -number) == day.replace(day=1)


def test_what_is_written_after_somebody_left_is_kept_from_its_own_day() -> None:
    left, later = date(2020, 7, 31), datetime(2025, 5, 5, tzinfo=UTC)

    assert due_on(_term(Trigger.LEAVING, 72), later, left) == date(2031, 6, 1)


@pytest.mark.parametrize("period", [{}, {"months": 0}, {"days": 0}, {"months": 1, "days": 1}])
def test_a_period_is_months_or_days(period: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="Term"):
        Term(trigger=Trigger.MESSAGE, **period)
