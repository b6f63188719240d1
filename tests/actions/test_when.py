import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.when import NoSuchDate, When, read_when

NOW = datetime(2026, 11, 22, 18, 0)
"""A Sunday; tomorrow is Monday 23 November."""

READ = {
    # days
    "today": "11-22",
    "tomorrow": "11-23",
    "tmrw": "11-23",
    "the day after tomorrow": "11-24",
    "yesterday": "11-21",
    "friday": "11-27",
    "Thurs": "11-26",
    "this friday": "11-27",
    "next friday": "11-27",
    "wednesday next week": "11-25",
    "in 3 days": "11-25",
    "in two weeks": "11-30..12-06",
    "next week": "11-23..11-29",
    "next month": "12-01..12-31",
    "early december": "12-01..12-31",
    "in january": "2027-01-01..2027-01-31",
    # dates
    "4 December": "12-04",
    "December 4th": "12-04",
    "the 4th of december 2026": "12-04",
    "4/12": "12-04",
    "4-12-2026": "12-04",
    "4-12-26": "12-04",
    "2026-12-04": "12-04",
    "the 4th": "12-04",
    "friday the 4th": "12-04",
    "1 november 2026": "11-01",
    "1 november": "2027-11-01",
    "29 february": "2028-02-29",
    # times
    "3pm": "at 15:00",
    "3": "at 15:00",
    "9": "at 09:00",
    "10 a.m.": "at 10:00",
    "12pm": "at 12:00",
    "15:30": "at 15:30",
    "at 9": "at 09:00",
    "9 o'clock": "at 09:00",
    "half past two": "at 14:30",
    "half three": "at 15:30",
    "quarter past 4": "at 16:15",
    "quarter to five": "at 16:45",
    "make it 4": "at 16:00",
    "no, make it ten please": "at 10:00",
    "after 4": "16:00-",
    "before 12": "-12:00",
    "before noon": "00:00-12:00",
    "after lunch": "13:00-18:00",
    "between 2 and 4": "14:00-16:00",
    "from 10 till 12": "10:00-12:00",
    "in the morning": "00:00-12:00",
    "afternoon": "12:00-18:00",
    "evening": "17:00-23:59",
    # both
    "tomorrow morning": "11-23 00:00-12:00",
    "this afternoon": "11-22 12:00-18:00",
    "tonight": "11-22 17:00-23:59",
    "Friday afternoon": "11-27 12:00-18:00",
    "tuesday am": "11-24 00:00-12:00",
    "next week tuesday 3pm": "11-24 at 15:00",
    "Tuesday next week at 3": "11-24 at 15:00",
    "actually make it thursday at 10": "11-26 at 10:00",
    "after 4 on thursday": "11-26 16:00-",
    "thursday between 2 and 4": "11-26 14:00-16:00",
    "between 2 and 4 on thursday": "11-26 14:00-16:00",
    "4 december 14:00": "12-04 at 14:00",
    "december 4th 2pm": "12-04 at 14:00",
    "sun 3pm": "11-22 at 15:00",
    "I am free on tuesday": "11-24",
    "Good afternoon, could I come on friday?": "11-27",
    # from, until, or some time ahead
    "from the 15th": "12-15..2027-12-16",
    "before friday": "11-22..11-26",
    "by friday": "11-22..11-27",
    "monday or tuesday": "11-23..11-24",
    "monday to wednesday": "11-23..11-25",
    "tuesday in two weeks": "12-08",
    "in 2 hours": "11-22 20:00-",
    "ten to four": "at 15:50",
    "ten past three": "at 15:10",
    "late afternoon": "15:30-18:00",
    "munday": "11-23",
    # whatever comes first
    "as soon as possible": "soonest",
    "any time": "soonest",
    "the first available on friday": "11-27 soonest",
    # Dutch: days
    "vandaag": "11-22",
    "morgen": "11-23",
    "de afspraak van morgen": "11-23",
    "overmorgen": "11-24",
    "gisteren": "11-21",
    "eergisteren": "11-20",
    "donderdag": "11-26",
    "donderag": "11-26",
    "vrijdags": "11-27",
    "komende vrijdag": "11-27",
    "aanstaande dinsdag": "11-24",
    "dinsdag a.s.": "11-24",
    "eerstvolgende dinsdag": "11-24",
    "volgende week dinsdagmiddag": "11-24 12:00-18:00",
    "op de 12e": "12-12",
    "de 15de": "12-15",
    "15e": "12-15",
    "over 3 dagen": "11-25",
    "over een paar dagen": "11-24",
    "over een week": "11-23..11-29",
    "over twee weken": "11-30..12-06",
    "over twee weken op dinsdag": "12-01",
    "dinsdag over twee weken": "12-08",
    "morgen over een week": "11-30",
    "volgende week": "11-23..11-29",
    "begin volgende week": "11-23..11-25",
    "eind volgende week": "11-26..11-29",
    "begin van de week": "11-23..11-25",
    "van de week": "11-22",
    "volgend weekend": "11-28..11-29",
    "deze maand": "11-22..11-30",
    "volgende maand": "12-01..12-31",
    "begin december": "12-01..12-31",
    "in mei": "2027-05-01..2027-05-31",
    "volgend jaar": "2027-01-01..2027-12-31",
    "goedemiddag, kan ik maandag komen": "11-23",
    # Dutch: dates
    "4 december": "12-04",
    "vrijdag de 4e": "12-04",
    "ma 30 nov": "11-30",
    "maandag 30/11": "11-30",
    "4.12.2026": "12-04",
    "vr 4 dec om 10 uur": "12-04 at 10:00",
    "vrijdag 4 december om 15.00 uur": "12-04 at 15:00",
    # Dutch: from, until, between
    "vanaf de 15e": "12-15..2027-12-16",
    "vanaf morgen": "11-23..2027-11-24",
    "na vrijdag": "11-28..2027-11-28",
    "uiterlijk vrijdag": "11-22..11-27",
    "tot vrijdag": "11-22..11-26",
    "van maandag tot woensdag": "11-23..11-25",
    "tussen maandag en woensdag": "11-23..11-25",
    "maandag of dinsdag": "11-23..11-24",
    "10 tot 15 december": "12-10..12-15",
    # Dutch: times
    "half drie": "at 14:30",
    "half vier": "at 15:30",
    "half 3": "at 14:30",
    "half een": "at 12:30",
    "kwart over twee": "at 14:15",
    "kwart over twee uur": "at 14:15",
    "kwart voor drie": "at 14:45",
    "tien over drie": "at 15:10",
    "10 voor 4": "at 15:50",
    "vijf voor half vier": "at 15:25",
    "5 over half 3": "at 14:35",
    "14 uur": "at 14:00",
    "om een uur": "at 13:00",
    "één uur": "at 13:00",
    "om een uur of drie": "at 15:00",
    "tegen vijven": "at 17:00",
    "doe maar 4 uur": "at 16:00",
    "doe maar drie uur": "at 15:00",
    "nee, liever vier uur": "at 16:00",
    "liever drie": "at 15:00",
    "drie graag": "at 15:00",
    "14u30": "at 14:30",
    "14h30": "at 14:30",
    "15 uur 30": "at 15:30",
    "14.30": "at 14:30",
    "9 uur 's ochtends": "at 09:00",
    "na vijven": "17:00-",
    "na 4 uur op donderdag": "11-26 16:00-",
    "vanaf half drie": "14:30-",
    "voor 12 uur": "-12:00",
    "voor kwart over 2": "-14:15",
    "na de lunch": "13:00-18:00",
    "tussen de middag": "11:30-13:30",
    "na het werk": "17:00-23:59",
    "eind van de middag": "15:30-18:00",
    "tussen 2 en 4 op donderdag": "11-26 14:00-16:00",
    "van 9 tot 12": "09:00-12:00",
    "over 2 uur": "11-22 20:00-",
    # Dutch: parts of the day
    "dinsdagochtend": "11-24 00:00-12:00",
    "maandag morgen": "11-23 00:00-12:00",
    "morgenochtend": "11-23 00:00-12:00",
    "morgenmiddag om half drie": "11-23 at 14:30",
    "in de morgen": "00:00-12:00",
    "vanmorgen": "11-22 00:00-12:00",
    "vanmiddag": "11-22 12:00-18:00",
    "vanavond": "11-22 17:00-23:59",
    "'s middags": "12:00-18:00",
    "smiddags": "12:00-18:00",
    "wo middag": "11-25 12:00-18:00",
    # Flemish
    "in de voormiddag": "00:00-12:00",
    "dinsdagnamiddag": "11-24 12:00-18:00",
    "deze namiddag": "11-22 12:00-18:00",
    "morgenvroeg": "11-23 00:00-12:00",
    "eender wanneer": "soonest",
    # Dutch: whatever comes first
    "zo snel mogelijk": "soonest",
    "maakt mij niet uit": "soonest",
    "de eerstvolgende mogelijkheid": "soonest",
    "doe de eerste maar": "soonest",
}

NO_TIME = [
    "",
    "hello",
    "good morning",
    "goede morgen",
    "goedemiddag",
    "my name is May March",
    "I have sun spots on my hands",
    "I was in the sun and sat outside",
    "two spots",
    "I've had it for about 5 years",
    "after 2 laser treatments it came back",
    "it is about one spot on my cheek",
    "am I able to come",
    "may I ask something",
    "I don't know",
    "wanneer is er iets vrij",
    "ik heb zo'n vlek, ma en zo",
    "goeiemorgen",
    "ik bel om een afspraak te maken",
    "liever een andere dag",
    "ik heb er een op mijn wang",
    "na een laserbehandeling kwam het terug",
    "het was mijn 2e behandeling",
    "ik heb 3 vlekken",
    "vier keer per jaar",
    "jan@example.nl",
    "+31 6 12345678",
    "no, it is 06-12 34 56 78",
    "\x00\x01",
    "🙂🙂",
    "明日の午後",
]

NO_SUCH_DATE = [
    "31 February",
    "feb 31st",
    "31/2",
    "31-02-2027",
    "2026-02-31",
    "31 november",
    "30 februari",
    "29 february 2027",
    "the 32nd",
    "4/13",
]


def spelled(when: When | None) -> str | None:
    """A wish as the tables write it; years other than this one are told."""
    if when is None:
        return None
    days = [day.isoformat().removeprefix("2026-") for day in (when.first, when.last) if day]
    clock = [limit.strftime("%H:%M") if limit else "" for limit in (when.earliest, when.latest)]
    parts = ["..".join(dict.fromkeys(days)), f"at {clock[0]}" if when.exact else "-".join(clock).strip() if any(clock) else ""]
    return " ".join(part for part in (*parts, "soonest" if when.soonest else "") if part)


@pytest.mark.parametrize(("text", "meant"), READ.items(), ids=READ)
def test_a_day_and_time_are_read(text: str, meant: str) -> None:
    assert spelled(read_when(text, NOW)) == meant


@pytest.mark.parametrize("text", NO_TIME)
def test_a_text_without_a_time_holds_none(text: str) -> None:
    assert spelled(read_when(text, NOW)) is None


@pytest.mark.parametrize("text", NO_SUCH_DATE)
def test_a_day_that_the_calendar_lacks_is_told(text: str) -> None:
    with pytest.raises(NoSuchDate):
        read_when(text, NOW)


@pytest.mark.parametrize(
    ("wish", "fitting", "other"),
    [
        ("friday", "2026-11-27 09:00", "2026-11-26 09:00"),
        ("friday afternoon", "2026-11-27 12:00", "2026-11-27 11:59"),
        ("friday afternoon", "2026-11-27 17:59", "2026-11-27 18:00"),
        ("after 4", "2026-11-27 16:00", "2026-11-27 15:50"),
        ("before 12", "2026-11-27 11:50", "2026-11-27 12:00"),
        ("at 3pm", "2026-11-27 15:00", "2026-11-27 15:10"),
        ("in two weeks", "2026-12-06 10:00", "2026-12-07 10:00"),
    ],
)
def test_only_what_was_meant_fits(wish: str, fitting: str, other: str) -> None:
    when = read_when(wish, NOW)
    assert when
    assert when.fits(datetime.fromisoformat(fitting))
    assert not when.fits(datetime.fromisoformat(other))


@pytest.mark.parametrize(
    ("earlier", "said", "meant"),
    [
        ("tuesday 3pm", "thursday", "11-26 at 15:00"),
        ("tuesday 3pm", "4pm", "11-24 at 16:00"),
        ("tuesday 3pm", "thursday morning", "11-26 00:00-12:00"),
        ("friday afternoon", "the first available", "11-27 12:00-18:00 soonest"),
    ],
)
def test_what_is_left_open_stays_as_it_was_said(earlier: str, said: str, meant: str) -> None:
    before, now = read_when(earlier, NOW), read_when(said, NOW)
    assert before
    assert now
    assert spelled(now.joined(before)) == meant


FRAGMENTS = [
    *READ,
    *NO_TIME,
    *NO_SUCH_DATE,
    "0",
    "99",
    "24:00",
    "00",
    "/",
    "-",
    ":",
    "half",
    "in",
    "over",
    "between",
    "and",
    "next",
    "٣",
    "²",
    "İ",
    "29-2-2100",
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=4).map(" ".join)))
def test_any_text_is_read_or_names_no_date_of_the_calendar(text: str) -> None:
    try:
        when = read_when(text, NOW)
    except NoSuchDate:
        return
    assert when is None or When.from_slot(json.loads(json.dumps(when.as_slot()))) == when


@pytest.mark.parametrize("kept", [None, {}])
def test_nothing_kept_is_no_wish(kept: dict[str, str] | None) -> None:
    assert When.from_slot(kept) is None
