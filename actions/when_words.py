"""The words of days and times, one table a language; `when` looks for all of them at once, since visitors mix languages.

Each entry is a piece of a regular expression over text in lower case and without accents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Words:
    """What one language says."""

    rewritten: tuple[tuple[str, str], ...]
    """What is put in other words before anything is read: greetings go, a day and a part of it written as one word become two."""

    days: Mapping[str, int]
    """Words for a day, counted from today."""
    weekdays: tuple[str, ...]
    """Monday to Sunday; short forms that are words of their own ("sun", "zo") only before a time."""
    months: tuple[str, ...]
    """January to December."""
    in_month: str
    """Before a month that is meant as a whole."""
    numbers: Mapping[str, int]
    """Numbers that count days, weeks and hours."""
    the: str
    """Before the number of a day."""
    ordinal: str
    """After it."""
    of: str
    """Between it and its month."""

    coming: str
    """Before or after a weekday: the next one to come."""
    next: str
    """Before a weekday: the one in the calendar week after this one."""
    on: str
    """Between a week and its weekday."""
    this_week: str
    next_week: str
    the_week: str
    """The week of which a part is meant."""
    early: str
    """Before a week: its first days."""
    midway: str
    late: str
    weekend: str
    next_weekend: str
    this_month: str
    next_month: str
    next_year: str
    from_now: str
    """Before a number of days, weeks or hours to go by."""
    some_days: str
    some_weeks: str
    some_hours: str

    since: str
    """Before a day or time: from then on."""
    after: str
    """Before a day or time: later than that."""
    until: str
    """Before a day: up to and with it."""
    before: str
    """Before a day: earlier than that."""
    before_time: str
    """Before a time: earlier than that."""
    between: str
    """Before a stretch of days or time."""
    to_end: str
    """Between its two ends."""
    either: str
    """Between two days of which one is meant; two that follow on each other are read as one stretch."""

    hours: Mapping[str, int]
    """The hours of the clock."""
    minutes: Mapping[str, int]
    """Minutes beside an hour."""
    clock: tuple[tuple[str, int, int], ...]
    """Ways to tell the time with {hour}, {minutes} and {digits}, each with the minutes to add and whether those told count for or against."""
    oclock: str
    """After an hour."""
    about: str
    """Before an hour."""
    around: str
    """Around an hour that stands alone."""
    morning: str
    afternoon: str
    """Afternoon or evening: hours after noon."""
    parts: tuple[tuple[str, time, time], ...]
    """Parts of the day; the first that fits counts."""
    soonest: str
    counted: str
    """What is counted by a number that is no hour."""


ENGLISH_SHORT = r"(?=\.? \d)"
ENGLISH_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

ENGLISH = Words(
    rewritten=(
        (r"\bgood ?(?:morning|afternoon|evening|day)\b", " "),
        (r"\bthis morning\b", "today morning"),
        (r"\bthis (afternoon|evening)\b", r"today \1"),
        (r"\btonight\b", "today evening"),
    ),
    days={"today": 0, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2, "yesterday": -1},
    weekdays=(
        r"mon(?:day)?",
        r"tue(?:s(?:day)?)?",
        r"wed(?:nesday|s)?",
        r"thu(?:rs?(?:day)?)?",
        r"fri(?:day)?",
        rf"saturday|sat{ENGLISH_SHORT}",
        rf"sunday|sun{ENGLISH_SHORT}",
    ),
    months=(
        *(r"jan(?:uary)?", r"feb(?:ruary)?", r"mar(?:ch)?", r"apr(?:il)?", r"may", r"june?", r"july?"),
        *(r"aug(?:ust)?", r"sept?(?:ember)?", r"oct(?:ober)?", r"nov(?:ember)?", r"dec(?:ember)?"),
    ),
    in_month="in|early|late|mid",
    numbers={"a couple of": 2, "couple of": 2, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    the="on the|the",
    ordinal="st|nd|rd|th",
    of="of",
    coming="coming|this",
    next="next",
    on="on",
    this_week="this week",
    next_week="next week(?:'s)?",
    the_week="the week",
    early="early|(?:start|beginning) of",
    midway="mid|middle of",
    late="late|end of",
    weekend="weekend",
    next_weekend="next weekend",
    this_month="this month",
    next_month="next month",
    next_year="next year",
    from_now="in",
    some_days="days?",
    some_weeks="weeks?",
    some_hours="hours?",
    since="from|starting|as of",
    after="after",
    until="until|till|by",
    before="before",
    before_time="before|until|till",
    between="between|from",
    to_end="and|to|till|until|through",
    either="and|or",
    hours={word: number for number, word in enumerate(ENGLISH_HOURS, start=1)},
    minutes={"twenty[- ]five": 25, "five": 5, "ten": 10, "(?:a )?quarter": 15, "twenty": 20},
    clock=(
        (r"half past {hour}", 30, 0),
        (rf"half (?P<hour>{'|'.join(ENGLISH_HOURS)})", 30, 0),
        (r"(?:{minutes}|{digits}) (?:minutes )?past {hour}", 0, 1),
        (r"(?:{minutes}|{digits} minutes) to {hour}", 0, -1),
    ),
    oclock=r"o'? ?clock|h",
    about=r"at|around|about|make it|make that|@",
    around="no|ok|okay|then|rather|just|please|maybe",
    morning="morning",
    afternoon="afternoon|evening",
    parts=(
        (r"before (?:lunch|noon|midday)", time(0), time(12)),
        (r"after (?:lunch|noon|midday)", time(13), time(18)),
        (r"early (?:in the )?afternoon", time(12), time(14, 30)),
        (r"later? (?:in the )?afternoon", time(15, 30), time(18)),
        (r"morning|(?<!\bi )a\.?m\.?(?! i\b)", time(0), time(12)),
        (r"lunch(?:\s?time)?|noon|midday", time(11, 30), time(13, 30)),
        (r"afternoon|aftrnoon|p\.?m\.?", time(12), time(18)),
        (r"evening|after work", time(17), time(23, 59)),
    ),
    soonest=(
        r"asap|as soon as possible|soonest|earliest|first (?:available|free|one|slot|possible)|any\s?(?:time|day)|whenever|no preference"
    ),
    counted=r"days?|weeks?|months?|years?|minutes?|people|times|%|(?:\w+ )?(?:treatments?|sessions?|spots?)",
)

DUTCH_DAY = r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:over)?morgen"
DUTCH_SHORT = r"(?=\.? (?:\d|om\b|na\b|over\b|vanaf\b|a\.?s\b|ochtend|middag|avond))"
"""Short forms of the weekdays are words of their own: "ma" is mum, "zo" is so."""
DUTCH_HOURS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
DUTCH_HOURS_ROUGHLY = (
    "enen",
    "tweeen",
    "drieen",
    "vieren",
    "vijven",
    "zessen",
    "zevenen",
    "achten",
    "negenen",
    "tienen",
    "elven",
    "twaalven",
)
"""As after "tegen" and "na": "na vijven" is after five."""
DUTCH_ARTICLE = r"(?<!half )(?<!kwart over )(?<!kwart voor )\been (?=[a-z])(?!uur|week|dag|paar|en\b|tot\b|graag\b|op\b|in\b)"
"""`een` is one o'clock only where no thing follows it."""

DUTCH = Words(
    rewritten=(
        (r"\bgoe(?:de|den|der|ie|ien) ?(?:morgen|(?:na|voor)?middag|avond|dag)\b", " "),
        (r"voormiddag", "ochtend"),
        (r"namiddag", "middag"),
        (r"\b(?:van ?ochtend|vanmorgen|deze (?:ochtend|morgen))\b", "vandaag ochtend"),
        (r"\b(?:van|deze|vanden|vande) ?(middag|avond)\b", r"vandaag \1"),
        (r"\bmorgenvroeg\b", "morgen ochtend"),
        (r"\b(in de|op een|elke|iedere|vroeg in de) morgen\b", r"\1 ochtend"),
        (rf"\b({DUTCH_DAY}|ma|di|wo|do|vr|za) ?(?:ochtend|morgen)\b", r"\1 ochtend"),
        (rf"\b({DUTCH_DAY})(middag|avond)\b", r"\1 \2"),
        (DUTCH_ARTICLE, " "),
    ),
    days={
        **{"vandaag": 0, "vandag": 0, "morgen": 1, "morge": 1, "mrgn": 1, "overmorgen": 2, "overmorge": 2},
        **{"gisteren": -1, "eergisteren": -2},
    },
    weekdays=(
        rf"maandag|ma{DUTCH_SHORT}",
        rf"dinsdag|di{DUTCH_SHORT}",
        rf"woensdag|wo{DUTCH_SHORT}",
        rf"donderdag|do{DUTCH_SHORT}",
        rf"vrijdag|vr{DUTCH_SHORT}",
        rf"zaterdag|za{DUTCH_SHORT}",
        r"zondag|zo(?=\.? \d)",
    ),
    months=(
        *(r"jan(?:uari)?", r"feb(?:ruari)?", r"maart|mrt", r"apr(?:il)?", r"mei", r"juni?", r"juli?"),
        *(r"aug(?:ustus)?", r"sept?(?:ember)?", r"okt(?:ober)?", r"nov(?:ember)?", r"dec(?:ember)?"),
    ),
    in_month="in|begin|eind|half|in de loop van|ergens in",
    numbers={
        **{"(?:een )?paar": 2, "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "acht": 8, "tien": 10, "veertien": 14},
    },
    the="op de|de",
    ordinal="ste|de|e",
    of="van",
    coming=r"komende|aankomende|aanstaande|eerstvolgende|deze|a\.?s\b\.?",
    next="volgende",
    on="op",
    this_week="(?:deze|van de) week",
    next_week="(?:volgende|komende|aankomende) week",
    the_week="de week",
    early="aan het begin van|het begin van|begin van|begin",
    midway="halverwege|midden(?: in| van)?",
    late="(?:aan het |het )?einde? van|einde?",
    weekend="weekend|weekeinde",
    next_weekend="volgend (?:weekend|weekeinde)",
    this_month="deze maand",
    next_month="volgende maand",
    next_year="volgend jaar",
    from_now="over",
    some_days="dag(?:en)?",
    some_weeks="weken|weekjes?|week",
    some_hours="uur|uurtje",
    since="vanaf|met ingang van",
    after="na",
    until="uiterlijk|tot en met|t/m",
    before="nog voor|eerder dan|tot",
    before_time="voor|tot",
    between="tussen|van",
    to_end="tot en met|t/m|tot|en",
    either="en|of",
    hours={
        **{word: number for number, word in enumerate(DUTCH_HOURS_ROUGHLY, start=1)},
        **{word: number for number, word in enumerate(DUTCH_HOURS, start=1)},
    },
    minutes={"vijf": 5, "tien": 10, "kwart": 15, "twintig": 20},
    clock=(
        (r"(?:{minutes}|{digits}) (?:minuten )?over half {hour}", -30, 1),
        (r"(?:{minutes}|{digits}) (?:minuten )?voor half {hour}", -30, -1),
        (r"half {hour}", -30, 0),
        (r"(?:{minutes}|{digits}) (?:minuten )?over {hour}", 0, 1),
        (r"{minutes} na {hour}", 0, 1),
        (r"(?:{minutes}|{digits}) (?:minuten )?voor {hour}", 0, -1),
        (r"(?:uur|uurtje) of {hour}", 0, 0),
    ),
    oclock=r"uurtje|uur|u",
    about=r"om|rond|omstreeks|tegen|doe (?:dan )?maar|maak er|zet maar op|liefst",
    around="nee|ok|oke|dan|liever|liefst|maar|doe|neem|toch|graag|aub|alstublieft|alsjeblieft|goed|prima|misschien",
    morning="ochtend",
    afternoon="middag|avond",
    parts=(
        (r"voor (?:de )?(?:lunch|middag)", time(0), time(12)),
        (r"na (?:de )?(?:lunch|middag)", time(13), time(18)),
        (r"tussen de middag|lunchtijd", time(11, 30), time(13, 30)),
        (r"(?:vroeg in de|vroege|begin van de) middag", time(12), time(14, 30)),
        (r"(?:laat in de|late|einde? van de) middag", time(15, 30), time(18)),
        (r"s?ochtend|s?morgens", time(0), time(12)),
        (r"s?middag", time(12), time(18)),
        (r"s?avond|na (?:het |mijn )?werk|na werktijd", time(17), time(23, 59)),
    ),
    soonest=(
        r"zo (?:snel|gauw|spoedig|vlug|vroeg) mogelijk|zsm|z\.s\.m|snelst mogelijke?|eerst mogelijke"
        r"|eerste (?:de beste|mogelijkheid|gelegenheid|moment|optie|plek|plekje|tijd|afspraak|vrije|mogelijke)"
        r"|eerstvolgende (?:mogelijkheid|gelegenheid|moment|plek|plekje|tijd|afspraak)|(?:neem|doe)(?: dan)?(?: maar)? de eerste|de eerste (?:maar|graag)"
        r"|maakt (?:me |mij )?niets? (?:zoveel |veel )?uit|wanneer dan ook|eender wanneer|om het even|geen voorkeur"
    ),
    counted=(
        r"dag(?:en)?|weken|week|maand(?:en)?|jaar|minuten|keer|euro|personen|mensen"
        r"|(?:\w+ )?(?:behandeling(?:en)?|sessies?|vlek(?:ken|jes?)?|plek(?:ken|jes?)?)"
    ),
)

LANGUAGES = (ENGLISH, DUTCH)
