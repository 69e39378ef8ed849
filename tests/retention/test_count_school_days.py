"""School days are Monday to Friday, less bank holidays and the days on which the school is shut."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.labels import NATIONS
from retention.due.calendar import is_school_day, school_days_after

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2050, 12, 31))
nations = st.sampled_from(NATIONS)
numbers = st.integers(min_value=1, max_value=30)


@given(days, numbers, nations)
def test_it_ends_on_a_school_day_with_that_many_behind_it(
    day: date, number: int, nation: str
) -> None:
    end = school_days_after(day, number, nation=nation)

    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert is_school_day(end, nation=nation)
    assert sum(is_school_day(one, nation=nation) for one in between) == number


@given(days, numbers, nations, st.sets(days, max_size=20))
def test_a_day_on_which_the_school_is_shut_only_makes_it_later(
    day: date, number: int, nation: str, closed: set[date]
) -> None:
    shut = school_days_after(day, number, nation=nation, closed=closed)

    assert shut not in closed
    assert shut >= school_days_after(day, number, nation=nation)


@pytest.mark.parametrize(
    ("nation", "day"),
    [
        ("england", date(2026, 4, 6)),  # Easter Monday
        ("england", date(2022, 12, 27)),  # Christmas fell on a Sunday
        ("wales", date(2023, 5, 8)),  # of that one year: the coronation
        ("scotland", date(2026, 1, 2)),
        ("scotland", date(2026, 11, 30)),  # St Andrew's Day
        ("northern-ireland", date(2026, 7, 13)),  # the Boyne, which fell on a Sunday
    ],
)
def test_bank_holidays_are_those_of_the_nation(nation: str, day: date) -> None:
    assert not is_school_day(day, nation=nation)


def test_scotland_works_on_easter_monday_and_england_on_st_andrews_day() -> None:
    assert is_school_day(date(2026, 4, 6), nation="scotland")
    assert is_school_day(date(2026, 11, 30), nation="england")


def test_ten_school_days_over_christmas() -> None:
    friday = date(2026, 12, 11)
    holidays = {date(2026, 12, 21) + timedelta(days=n) for n in range(14)}

    assert school_days_after(friday, 10) == date(2026, 12, 29)
    assert school_days_after(friday, 10, closed=holidays) == date(2027, 1, 8)


def test_no_days_are_no_time() -> None:
    with pytest.raises(ValueError, match="0"):
        school_days_after(date(2026, 5, 1), 0)
