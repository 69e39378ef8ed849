"""What is due on which day, for every day there is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retention.dates import add_months, cut_off

days = st.dates(min_value=date(1970, 1, 1), max_value=date(2150, 12, 31))
months = st.integers(min_value=1, max_value=1_200)


@given(days, months)
def test_a_whole_month_falls_due_together(today: date, period: int) -> None:
    assert cut_off(today, period).day == 1
    assert cut_off(today, period) == cut_off(today.replace(day=1), period)


@given(days, days, months)
def test_what_is_sent_is_due_from_the_first_day_after_its_last_month(
    sent: date, today: date, period: int
) -> None:
    assert (sent < cut_off(today, period)) == (today >= add_months(sent, period + 1))


def test_leap_days_and_short_months_round_up() -> None:
    for sent, period, kept_until in (
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 3, 15), 12, date(2026, 3, 31)),
    ):
        assert sent >= cut_off(kept_until, period)
        assert sent < cut_off(kept_until + timedelta(days=1), period)
