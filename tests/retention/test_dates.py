"""Due dates, for every day there is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retention.dates import add_months, cut_off, due_on

days = st.dates(min_value=date(1970, 1, 1), max_value=date(2150, 12, 31))
months = st.integers(min_value=1, max_value=1_200)


@given(days, months)
def test_a_due_date_is_the_last_day_of_a_month(sent: date, period: int) -> None:
    assert (due_on(sent, period) + timedelta(days=1)).day == 1


@given(days, months)
def test_the_whole_month_falls_due_together(sent: date, period: int) -> None:
    assert due_on(sent, period) == due_on(sent.replace(day=1), period)


@given(days, days, months)
def test_the_cut_off_and_the_due_date_say_the_same(sent: date, today: date, period: int) -> None:
    assert (today > due_on(sent, period)) == (sent < cut_off(today, period))


@given(days, months)
def test_nothing_goes_before_its_full_period(sent: date, period: int) -> None:
    anniversary = add_months(sent, period)
    assert due_on(sent, period) >= anniversary


def test_leap_days_and_short_months_round_up() -> None:
    assert due_on(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert due_on(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert due_on(date(2025, 3, 15), 12) == date(2026, 3, 31)
