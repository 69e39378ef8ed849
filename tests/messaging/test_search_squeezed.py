"""The quick no never denies what the words themselves would grant."""

from random import Random

from messaging.search.matching import find
from messaging.search.query import parse
from messaging.search.squeezed import quick_check

SAID = """
the fire drill Fire-drill fire. Drill firedrill O'Brien's O'Brien OBrien well-being wellbeing 1,250
J.K. JK 12/05/2026 2026-05-12 year 6 Year_6 j.smith@school.uk Müller Zoë 👍 café cafe 5B school
Yr 6 Y6 Yr6-trip Teams™ meeting № trip
"""
ASKED = """
"fire drill"
"the fire drill"
"fire dri"*
"O'Brien's fire"
"obrien fire"
"well-being"
well-being
"year 6"
"1,250 fire"
"12/05/2026 fire"
j.smith@school.uk
"J.K. fire"
"cafe 5b"
"café fire"
"müller zoë"
"fire drill" OR "year 6"
"fire drill" school
"fire drill" -school
school OR "year 6"
"Yr 6 trip"
"yr 6"
"teams meeting"
"trip trip"
"""


def test_it_never_denies_a_text_that_answers() -> None:
    random = Random(11)
    denied = granted = 0
    texts = [" ".join(random.choices(SAID.split(), k=random.randint(1, 6))) for _ in range(1_000)]
    for asked in ASKED.strip().splitlines():
        tree = parse(asked).tree
        may = quick_check(tree)
        for text in texts:
            answers = find(tree, text) is not None
            granted += answers
            assert may is None or may([text]) or not answers
            denied += may is not None and not may([text])
    assert granted > 300
    assert denied > 3_000


def test_it_has_nothing_to_say_of_single_words() -> None:
    assert quick_check(parse("fire drill").tree) is None
    assert quick_check(parse("fire OR drill*").tree) is None
    assert quick_check(parse('fire "fire drill"').tree) is not None
