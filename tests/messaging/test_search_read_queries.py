"""Texts and queries are read alike, and a query that cannot be read says why and where."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.search import analysis
from messaging.search.highlight import snippet
from messaging.search.indexed import Indexed
from messaging.search.matching import find
from messaging.search.query import MAX_CHARS, MAX_WORDS, QueryError, parse


def finds(query: str, text: str) -> bool:
    """Whether the text is a hit."""
    return find(parse(query).tree, text) is not None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("meeting", "Two MEETINGS today"),
        ("cafe", "See you at the Café"),
        ("café", "see you at the cafe\u0301"),
        ("strasse", "Hauptstraße 5, Große Straße"),
        ("office", "the o\ufb03ce is shut"),
        ("cooperate", "co\u00adoperate"),
        ("O'Brien", "Mr O\u2019Brien rang"),
        ("obrien", "Mr O\u2019Brien rang"),
        ("brien", "Mr O'Brien's class"),
        ("O'Brien", "Mr OBrien rang"),
        ("Sarah", "Sarah's coat"),
        ("dont", "I don't know"),
        ("wellbeing", "our well-being week"),
        ("well-being", "our wellbeing week"),
        ("well-being", "our well being week"),
        ("being", "our well-being week"),
        ("j.smith@stmary.sch.uk", "write to J.Smith@stmary.sch.uk, please"),
        ("smith", "write to j.smith@stmary.sch.uk"),
        ("smith@stmary.sch.uk", "write to j.smith@stmary.sch.uk"),
        ("stmary.sch.uk", "write to j.smith@stmary.sch.uk"),
        ("https://www.gov.uk/bank-holidays?x=1", "see https://www.gov.uk/bank-holidays?x=1."),
        ("gov.uk", "see https://www.gov.uk/bank-holidays"),
        ("holidays", "see https://www.gov.uk/bank-holidays"),
        ("foo_bar", "the file foo_bar_2.xlsx"),
        ("bar", "the file foo_bar_2.xlsx"),
        ("12/05/2026", "on 12/05/2026 at nine"),
        ("2026-05-12", "on 12/05/2026 at nine"),
        ("12.5.26", "on 2026-05-12 at nine"),
        ("12/25/2026", "on 25/12/2026"),
        ("2026", "on 12/05/2026"),
        ("1250", "it costs £1,250.00"),
        ("1,250", "it costs 1250 pounds"),
        ("09:30", "at 09:30 sharp"),
        ("IT", "ask IT about it"),
        ("may", "the May fair"),
        ("JK", "J.K. Rowling week"),
        ("J.K.", "JK Rowling week"),
        ("Y6", "y6 trip"),
        ("a", "6 A is out"),
        ("the", "to the hall"),
        ('"to be or not to be"', "Year 9: To be, or not to be?"),
        ('"trip to the zoo"', "our trip to the Zoo"),
        ('"sarahs coat"', "Sarah's coat is here"),
        ("\u201cschool trip\u201d", "the school trip"),
        ('"school tri"*', "the school trips"),
        ("plan*", "no planning today"),
        ("school.or*", "a@school.org"),
        ("well-be*", "wellbeing week"),
        ("2026-05*", "2026-05-12"),
        ("*lan*", "no planning today"),
        ("*ning", "no planning today"),
        ("*smith@stm*", "write to locksmith@stmary.sch.uk"),
        ("*and*", "a sandwich"),
        ("the*", "the theatre"),
        ("the*", "the"),
        ("~kathryn", "ask Catherine"),
        ("~steven", "Stephen is here"),
        ("~muhammad", "Mohammed is here"),
        ("~thompson", "Mr Thomson"),
        ("~smtih", "Ms Smith"),
        ("~sian", "Siân is here"),
        ("~\u2019brien", "Mr O'Brian rang"),
        ('~"jon smyth"', "tell John Smith"),
        ('~"al smyth"', "tell Al Smith"),
        ("trip OR outing", "an outing"),
        ("trip -zoo", "a trip"),
        ("trip NOT zoo", "a trip"),
        ("(trip OR outing) AND maths", "maths outing"),
        ("\u6771\u4eac", "\u660e\u65e5\u6771\u4eac\u3078"),
        ("9:30", "at 09.30 sharp"),
        ("9.30am", "at 9:30 sharp"),
        ("09:30", "at 9.30 a.m. sharp"),
        ("21:30", "at 9.30pm"),
        ("9.30", "at 9.30pm"),
        ("9.30 pm", "at 21:30"),
        ("9pm", "at 21:00"),
        ("9", "at 9pm"),
        ('"at 9:30"', "at 9.30am"),
        ("5B", "ask 5b"),
        ("Y6", "Year 6 trip"),
        ("year 6", "Y6 trip"),
        ("yr6", "the Year 6 trip"),
        ('"year 6 trip"', "Y6 trip"),
        ("12/05/2026", "on 12 May 2026"),
        ("12 May 2026", "on 12/05/2026"),
        ("2026-05-12", "on May 12th, 2026"),
        ("12 mai 2026", "ar 12 Mai 2026"),
        ("1st of March 2026", "on 2026-03-01"),
        ("march", "on 1 March 2026"),
        ("gwers", "dwy wers"),
        ("wersi", "un gwers"),
        ("ysgol", "yr ysgolion"),
        ("merched", "y ferch"),
        ("blant", "y plant"),
        ("disgyblion", "un disgybl"),
        ("amser", "yn ei hamser"),
        ("ty", "y t\u0177 bach"),
        ("t\u0177", "y ty bach"),
        ('"t\u0177"', "y t\u0177 bach"),
        ('"ty"', "y t\u0177 bach"),
        ("\U0001f44d", "yes \U0001f44d\U0001f3fd!"),
        ("\U0001f44d\U0001f3ff", "yes\U0001f44d"),
        ("\u2764", "love \u2764\ufe0f"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f wins",
        ),
        ("trip - zoo", "zoo trip"),
    ],
)
def test_a_query_finds_what_was_meant(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("meeting", "we met"),
        ('"meetings"', "one meeting"),
        ('"school trip"', "trip to school"),
        ('"school trip"', "school. A trip"),
        ("trip zoo", "a trip"),
        ("trip -zoo", "a zoo trip"),
        ("trip \U0001f600", "a trip"),
        ('"t\u0177"', "y ty bach"),
        ("9.30am", "at 9.30pm"),
        ("Y6", "Year 7"),
        ("plant", "y blant"),
        ('"gwers"', "dwy wers"),
        ("man", "fan"),
        ("Dan", "than"),
        ("Ben", "a pen"),
        ("12/05/2026", "on 12 June 2026"),
        ("\U0001f44d", "no \U0001f44e"),
        ("plan", "planet"),
        ("*lanet", "planets"),
        ("*and*", "you and me"),
        ("*with*", "with us"),
        ("th*", "the"),
        ("~the", "the"),
        ("~tea", "to"),
        ("~smith", "south"),
        ('~"jon smyth"', "Smith and John"),
        ("lan*", "planning"),
        ("12/05/2026", "05/12/2026"),
        ("35", "3.5 metres"),
        ("1012", "ages 10-12"),
        ("\u4eac\u6771", "\u660e\u65e5\u6771\u4eac\u3078"),
        ("j.smith@a.uk", "j smith at a.uk"),
    ],
)
def test_a_query_does_not_find_what_was_not_meant(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("query", "place", "advice"),
    [
        ("", 1, "Type at least one word"),
        ("  !? ", 1, "Type at least one word"),
        ("\0", 1, "Type at least one word"),
        ('maths "school trip', 7, 'Type another "'),
        ("pl*n", 3, "plan*"),
        ("x *pl*n*", 6, "*lan*"),
        ("*la*", 1, "three letters"),
        ("zoo ~al", 5, "~catherine"),
        ("~plan*", 6, "Remove the star"),
        ('zoo ~"al jo"', 5, "three letters"),
        ("maths *", 7, "plan*"),
        ("(trip OR zoo", 1, "Type )"),
        ("trip) zoo", 5, "Remove it"),
        ("trip OR", 8, "type OR in small letters"),
        ("AND trip", 1, "type AND in small letters"),
        ("-trip", 6, "cannot only leave words out"),
        ("trip OR -zoo", 13, "cannot only leave words out"),
        ("()", 2, "Type a word there"),
        ("trip (OR zoo)", 7, "type OR in small letters"),
        ("trip NOT", 9, "type NOT in small letters"),
        ("trip -!", 8, "remove the dash"),
        (") trip", 1, "Remove it"),
        ("x" * (MAX_CHARS + 1), MAX_CHARS + 1, "Shorten"),
        ("y " * (MAX_WORDS + 1), 2 * MAX_WORDS + 1, "at most"),
    ],
)
def test_an_error_names_the_place_and_what_to_type(query: str, place: int, advice: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert raised.value.place == place
    assert advice in str(raised.value)


@given(st.text(max_size=80))
def test_any_text_finds_itself_by_each_of_its_words(text: str) -> None:
    pieces = analysis.analyse(text)
    assert {p.form for p in pieces} - analysis.FUNCTION_WORDS == Indexed.of(text).words
    for piece in pieces:
        assert piece.form
        assert 0 <= piece.start < piece.end <= len(text)
        written = text[piece.start : piece.end]
        assert written.strip() == "" or analysis.chunks(written)


@given(st.text(max_size=60))
def test_any_query_is_read_or_refused_in_one_sentence(text: str) -> None:
    with suppress(QueryError), _checked(text):
        parse(text)


@contextmanager
def _checked(text: str) -> Iterator[None]:
    try:
        yield
    except QueryError as error:
        is_told = 1 <= error.place <= len(text) + 1 and str(error).endswith(".")
        if not is_told:
            raise AssertionError(str(error)) from error
        raise


def test_spans_stand_where_the_words_were_written() -> None:
    text = "Ring O\u2019Brien; O'Brien <b>rang</b>."
    spans = find(parse("obrien rang").tree, text)
    assert [text[a:b] for a, b in spans or []] == ["O\u2019Brien", "O'Brien", "rang"]


def test_a_snippet_is_escaped_and_marked() -> None:
    text = "<script>alert(1)</script> the trip & more"
    html = snippet(text, find(parse("trip").tree, text) or [])
    assert html == ("&lt;script&gt;alert(1)&lt;/script&gt; the <mark>trip</mark> &amp; more")


def test_a_long_text_is_cut_about_the_first_find() -> None:
    text = "word " * 200 + "needle " + "more " * 200
    html = snippet(text, find(parse("needle").tree, text) or [])
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert "<mark>needle</mark>" in html
    assert len(html) < 300


def test_a_snippet_without_a_find_is_the_beginning() -> None:
    assert snippet("short & sweet", []) == "short &amp; sweet"


def test_a_function_word_stands_for_no_other_word_that_has_its_stem() -> None:
    text = "a trip that we planned"
    assert find(parse("trip -that's").tree, text) is not None
    assert find(parse("that's").tree, text) is None
    assert find(parse("that").tree, text) is not None
