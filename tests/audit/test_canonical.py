"""Canonical JSON: what is written quickly is, byte for byte, what the standard's library writes."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum, StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest
import rfc8785
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from audit import canonical as quick
from audit.canonical import canonical, commitment, plain
from audit.clock import iso
from audit.entries import leaf_of_plain
from audit.tree.hashes import leaf_hash


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


class Neither(Enum):
    RED = "red"


class Mixed(str, Enum):  # noqa: UP042  (it prints otherwise than a StrEnum)
    RED = "red"


SURROGATES = st.sampled_from(["\ud800", "a\udfff", "\udc00\ud800"])
# RFC 8785 sorts the second before the third: as UTF-16 it begins with D83D.
KEYS = st.sampled_from(["a", "\U0001f600", "\ufb01", "\uffff", "é", "\x7f", "", '"', "\\", "\n"])
TEXTS = st.text(max_size=8) | st.text(
    '\x00\x1f \x7f\x80\u2028\u2029"\\/<&é😀\b\f\n\r\t', max_size=8
)
TIMES = st.datetimes(
    datetime(1000, 1, 2),  # noqa: DTZ001  (each gets a zone)
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.timezones(),
)
LEAVES = (
    TEXTS
    | st.integers()
    | st.integers(-(2**53) - 2, -(2**53) + 2)
    | st.integers(2**53 - 2, 2**53 + 2)
    | st.booleans()
    | st.none()
    | st.uuids()
    | st.binary(max_size=4)
    | TIMES
    | TIMES.map(lambda at: at.astimezone(UTC))
    | st.sampled_from([Colour.RED, Number.ONE, SafeString("<b>"), 2**53, -(2**53), 2**64])
)
REFUSED = st.floats() | st.sampled_from([Neither.RED, object(), {1}, date(2026, 1, 1)])


def nested(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.tuples(inner, inner)
            | st.dictionaries(KEYS | TEXTS | st.integers(0, 3) | st.uuids(), inner, max_size=5)
        ),
        max_leaves=12,
    )


def plainly(value: object) -> object:
    """What `plain` was when every value went through it."""
    match value:
        case None | bool() | int():
            return value
        case str() | UUID():
            return str(value)
        case datetime():
            at = value.astimezone(UTC)
            return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
        case bytes():
            return value.hex()
        case Mapping():
            return {str(key): plainly(item) for key, item in value.items()}
        case list() | tuple():
            return [plainly(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form in the log")


def outcome(of: Callable[[object], object], value: object) -> object:
    """What comes out, or which error."""
    try:
        return of(value)
    except (TypeError, ValueError) as error:
        return type(error), str(error)


def slowly(value: object) -> bytes:
    return rfc8785.dumps(plainly(value))  # type: ignore[arg-type]


@given(nested(LEAVES))
def test_every_value_has_the_bytes_that_the_standard_gives_it(value: object) -> None:
    assert outcome(canonical, value) == outcome(slowly, value)


@given(nested(LEAVES | REFUSED | SURROGATES))
def test_what_cannot_be_written_is_refused_as_before(value: object) -> None:
    assert outcome(canonical, value) == outcome(slowly, value)


@given(nested(LEAVES | REFUSED | SURROGATES))
def test_plain_values_are_what_they_were(value: object) -> None:
    assert repr(outcome(plain, value)) == repr(outcome(plainly, value))


@given(st.dictionaries(SURROGATES | KEYS, st.integers(0, 3)))
def test_keys_are_sorted_by_their_utf_16(value: dict[str, int]) -> None:
    assert outcome(canonical, value) == outcome(slowly, value)


def test_a_key_beyond_the_basic_plane_comes_before_one_at_its_end() -> None:
    assert canonical({"\ufb01": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb01":1}'.encode()


def test_what_nests_deeper_than_the_quick_way_goes_is_written_all_the_same() -> None:
    value: object = 1
    for _ in range(300):
        value = [value]
    assert canonical(value) == b"[" * 300 + b"1" + b"]" * 300


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**70])
def test_a_number_that_json_cannot_carry_is_refused(number: int) -> None:
    with pytest.raises(rfc8785.IntegerDomainError):
        canonical({"number": number})


@pytest.mark.parametrize("enum", [Colour.RED, Mixed.RED])
def test_an_enum_of_text_is_written_as_it_prints(enum: str) -> None:
    assert canonical(enum) == f'"{enum!s}"'.encode()


@pytest.mark.parametrize("body", ["plain words", "café 👍", "\u2028"])
def test_an_ordinary_commitment_takes_the_quick_way(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would notice that it no longer does."""
    monkeypatch.setattr(quick, "rfc8785", None)
    value = {"id": UUID(int=7), "at": datetime(2026, 11, 20, tzinfo=UTC), "body": body, "none": []}
    assert orjson.loads(canonical(value))["body"] == body


def test_commitments_and_leaves_are_those_of_the_first_release() -> None:
    at = datetime(2026, 11, 20, 9, 30, 0, 123000, tzinfo=UTC)
    value = {"id": UUID(int=7), "body": 'café "x"\n\u2028', "sent_at": at, "attachments": []}
    assert commitment(bytes(range(32)), value) == (
        "dfac2164ffb9067e1b81788d1a185c860dde51f1d44c1ec0d3b54236458fb9f4"
    )
    document = {
        "id": UUID(int=7),
        "at": at,
        "action": "message.posted",
        "actor": None,
        "subject": UUID(int=9),
        "facts": {"seq": 3, "channel": UUID(int=8)},
    }
    for leaf in (leaf_of_plain(document), leaf_hash(canonical(document))):
        assert leaf.hex() == "72f95da03d0b07d565eba74976e7e6b9f6edc4e8b650d4f02e9f9396e3bfb142"


@given(TIMES)
def test_a_time_is_printed_in_utc_with_milliseconds(at: datetime) -> None:
    assert iso(at) == plainly(at)


def test_the_hour_that_comes_twice_is_two_times() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"))
    second = first.replace(fold=1)
    assert first == second
    assert (iso(first), iso(second)) == ("2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z")


def test_equal_times_of_different_zones_print_the_same() -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert iso(at) == iso(at.astimezone(timezone(timedelta(hours=5)))) == "2026-11-20T09:00:00.000Z"
