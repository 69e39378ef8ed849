"""The words of synthetic text: common ones first, then a school's, then made-up ones.

Made-up words are pronounceable and found in no dictionary; they give the vocabulary the length
that real correspondence has without a list of words to ship.
"""

from functools import cache
from random import Random

VOCABULARY = 24_000  # distinct words, the phrases and names not counted
SHORTEST = 5  # letters of a made-up word, so that none looks like a real one
_SEED = 20_240_902  # the list is part of the product: another seed would be another vocabulary


def _words(text: str) -> list[str]:
    return text.split()


def _phrases(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


# By frequency in ordinary English, roughly.
COMMON = _words("""
the to and a of in is for you it on that be we have i at with this are as can will if not they
was your all but from do our one has please thanks so what or there up when he she them out
just about been my me an get who would time no how could need back more her his into their today
after now some by then day does go any new week had us off also down over before make next see
two know like good which were than where school first think only right those other last because
take still let sure well here very should too may work both each every come way put ask three
morning sorry great yes ok done soon help might again until left same want look set half since
many find keep between through both own being during around already next late early once check
call note under without something anything nothing someone everyone maybe always never often
quite really much most few little long short big small old same best better least enough
give gave got going said say says tell told went came made looking working waiting coming
bring send sent run start end open close hold turn move change add plan meet meeting try use
""")

# What a primary school writes about.
SCHOOL = _words("""
class classroom lesson pupil pupils teacher teachers assistant head deputy governor governors
office register registers assembly hall library playground field gate corridor cloakroom kitchen
staffroom studio nursery reception year phase key stage term half holiday timetable calendar
cover supply duty rota swap absence absent attendance punctuality lateness dentist appointment
maths english science history geography computing music drama spelling reading writing phonics
handwriting grammar punctuation comprehension vocabulary fractions decimals multiplication
division subtraction addition geometry measures statistics algebra tables arithmetic reasoning
homework marking feedback assessment test tests scores data tracking target targets progress
moderation expected greater depth baseline screening checkpoint intervention catchup booster
sats paper scaled raw standardised report reports parents evening consultation newsletter letter
letters consent slip form forms trip trips visit visits coach minibus ratio risk packed lunch
museum farm castle theatre panto residential camp swimming pool football netball rugby cricket
hockey athletics gymnastics dance rounders tournament fixture league sports relay medal whistle
club clubs choir orchestra recorder violin rehearsal concert nativity costume script audience
harvest festival easter christmas diwali eid hanukkah remembrance carnival fair raffle tombola
cake charity nonuniform uniform jumper cardigan polo shirt skirt trousers pinafore tie shoes
trainers wellies coat hat gloves scarf bag bottle lunchbox lost property label peg locker tray
glue scissors pencil pencils pen pens ruler rubber paper card sugar paint brush easel clay
whiteboard projector laptop tablet tablets charger printer photocopier toner laminator visualiser
password login wifi network server screen keyboard mouse headphones camera website app email
boiler heating radiator window blind door lock key keys fence tap toilet toilets sink drain leak
flood roof gutter light bulb switch socket fuse alarm bell fire drill evacuation extinguisher
caretaker contractor engineer delivery parcel skip bin bins litter grit ice snow frost rain wet
play sunny heatwave storm puddle mud grass hedge tree trees branch bench shed sandpit climbing
frame trail equipment ball balls rope hoop cone cones scooter bike helmet
dinner dinners menu roast pasta pizza curry jacket potato potatoes fish fingers sausage mash
gravy beans peas carrots broccoli salad fruit apple banana yoghurt custard sponge flapjack biscuit
milk water juice breakfast snack allergy allergies dairy gluten vegetarian vegan halal packed
numbers served hygiene apron dishwasher freezer fridge oven hotplate cutlery tray hatch
firstaid first aid accident incident bump bumped grazed knee elbow ankle wrist finger nosebleed
splinter sting plaster bandage icepack wristband inhaler asthma epipen medicine medication
temperature sick sickness bug chickenpox nits headlice rash flu cough cold tired poorly recovery
hospital nurse doctor optician hearing vision vaccination immunisation health care plan
send senco inclusion support provision plan review outcome outcomes sensory circuit fidget
weighted blanket wobble cushion timer visual prompt social story speech language therapist
therapy occupational psychologist specialist dyslexia autism processing overlay scribe reader
nurture mentor buddy friendship circle calm corner regulate feelings worry worries anxious
settled unsettled wobble upset tearful cheerful proud confident resilient kindness respect
behaviour reward sticker merit certificate detention sanction restorative conversation incident
bullying antibullying playtime breaktime lunchtime hometime collection collected pickup dropoff
carer guardian mum dad gran grandad nan auntie uncle sibling brother sister twins family families
contact number address mobile phone voicemail message envelope pigeonhole noticeboard display
safeguarding concern concerns disclosure chronology referral agency social worker police early
threshold lead designated training induction refresher certificate disclosure barring reference
visitor badge lanyard signin signout volunteer student placement mentor trainee probation
appraisal observation walk dropin pupilvoice survey audit policy policies procedure guidance
strategy priority priorities improvement action impact evidence evaluation inspector inspection
inspectors ofsted lead inspector telephone judgement handbook framework curriculum progression
coverage overview medium term knowledge organiser sequence retrieval quiz starter plenary model
scaffold stretch challenge extension mixed ability group groups partner pairs carpet table
seating display wall working washing line working learning objective success criteria
vikings romans egyptians tudors victorians greeks stoneage ironage saxons castle medieval
rivers mountains volcanoes earthquakes rainforest desert coasts climate weather map maps compass
electricity circuits magnets forces friction light shadow sound materials states matter plants
habitats animals skeleton teeth digestion circulation evolution inheritance planets space
poetry poem story stories novel chapter author illustrator character setting plot diary recount
explanation instructions persuasive debate letterwriting biography myth legend fable
budget invoice order orders quote payment petty cash income spend overspend grant premium funding
bursar finance purchase receipt claim mileage timesheet payroll pension contract maternity
paternity sickness interview shortlist advert vacancy applicant panel offer starter leaver
farewell collection leaving birthday baby wedding congratulations welcome goodbye thank
agenda minutes chair clerk quorum committee resolution vote approve approved ratify terms
data protection breach request subject access retention disposal archive record records log
census return admissions appeal waiting list roll exclusion suspension transfer transition
secondary nursery feeder cluster trust academy authority council borough county district
parking carpark lane crossing patrol traffic bus buses stop route train delay late roadworks
meeting briefing inset training workshop webinar conference course network session
monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december autumn spring summer winter tomorrow yesterday
fortnight weekend afternoon lunch break noon midday quarter minutes hour hours deadline
urgent reminder important confirm confirmed cancel cancelled postponed rearranged moved booked
available free busy spare borrow return missing found broken fixed jammed stuck empty full
upstairs downstairs outside inside upper lower junior infant middle front rear side main
green blue red yellow purple orange pink white black grey brown
""")

PHRASES = _phrases("""
parents' evening|wet play|fire drill|lost property|bus duty|risk assessment|care plan|data drop
reading folder|book bag|packed lunch|school council|sports day|class assembly|staff meeting
support plan|early help|first aid|water bottle|gate duty|guided reading|times tables|spelling test
world book day|nativity rehearsal|phonics screening|home time|after-school club|breakfast club
year six|key stage two|teaching assistant|supply teacher|social worker|attendance officer
learning walk|book look|pupil progress|end of term|half term|inset day|harvest festival
school nurse|speech and language|photo permission|swimming kit|spare clothes|medical room
contact details|fire register|visitor badge|site manager|kitchen staff|lunch cover|playground duty
""")

FIRST_NAMES = _words("""
Amira Ben Chloé Daniel Elif Farah George Hannah Idris Jasmine Kwame Laura Mohan Nadia Owen Petra
Qasim Rachel Siân Thandi Umar Vera William Xanthe Yasmin Zoë Adam Bethan Callum Deepa Emma Femi
Grace Hassan Isabel Jack Katya Lewis Meera Niamh Oliver Pooja Rhys Simone Tariq Ursula Victor
Wanda Yusuf Zara
""")

LAST_NAMES = _words("""
Abbott Ahmed Akande Baker Bianchi Clarke Costa Davies Dhillon Edwards Evans Fernández Fletcher
Green Gupta Harris Hussain Ibekwe Jackson Jones Khan Kaur Lewandowski Lim Mahmood Müller Murphy
Nguyễn O'Brien Osei Parker Patel Quinn Roberts Sharma Taylor Usman Vaughan Walker Zielinski
""")

_ONSETS = _words("b l m n v w br dr gl pr tr st th z")
_VOWELS = _words("a e i o ea ai oa")
_CODAS = ("", "n", "l", "m", "nd")


@cache
def word_list() -> tuple[str, ...]:
    """All distinct words, most frequent first: the common, the school's, the made-up."""
    real = list(dict.fromkeys(COMMON + SCHOOL))
    return (*real, *_made_up(VOCABULARY - len(real), set(real)))


@cache
def names() -> tuple[str, ...]:
    """The 2,000 names 'First Last', in a fixed mixed order."""
    every = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    Random(_SEED).shuffle(every)
    return tuple(every)


@cache
def misspelt() -> tuple[str, ...]:
    """Each of the names with one letter left out, doubled, changed or swapped with the next."""
    rng = Random(_SEED)
    return tuple(_slip(name, rng) for name in names())


def _slip(name: str, rng: Random) -> str:
    """One slip of the finger, not in a first letter."""
    first, last = name.split()
    at = rng.randrange(1, len(last) - 1)
    head, letter, following, tail = last[:at], last[at], last[at + 1], last[at + 2 :]
    middle = rng.choice(
        (following, letter + letter + following, following + letter, "e" + following)
    )
    return f"{first} {head}{middle}{tail}"


def _made_up(count: int, taken: set[str]) -> list[str]:
    rng = Random(_SEED)
    syllables = [o + v + c for o in _ONSETS for v in _VOWELS for c in _CODAS]
    made: dict[str, None] = {}
    while len(made) < count:
        word = "".join(rng.choices(syllables, k=rng.choice((2, 2, 3))))
        if word not in taken and len(word) >= SHORTEST:
            made[word] = None
    return list(made)
