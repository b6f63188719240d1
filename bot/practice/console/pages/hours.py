"""When consultations take place: the week, days that differ from it, and what visitors are told of the hours."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.booking.availability import LOCAL
from bot.practice.booking.diary import MOST_DAYS, Stranded, changing_rules, read_week
from bot.practice.booking.hours import HoursFault, checked_period, clock, in_order, parse_periods, periods_text, public_holidays
from bot.practice.booking.models import opening_day, special_day, told_hours
from bot.practice.booking.rules import Limits
from bot.practice.changes import Thing
from bot.practice.console import forms
from bot.practice.console.editing import Editor, Form, Values, agreed, by, may_edit
from bot.practice.console.forms import Fault, Field, Sent, Shown
from bot.practice.console.visit import Before, Number, Visit, visit_of

router = APIRouter(prefix="/practice")

WEEK = tuple(f"day_{weekday}" for weekday in range(7))
DAYS = Thing("days")
MIDNIGHT = 24 * 60
LEAST_PERIODS = 2
"""How many periods a day has room for on the form; one more than it has where that is more."""

Special = dict[str, Any]


@router.get("/hours")
def show(back: Before = None, visit: Visit = Depends(visit_of)) -> Response:
    """The hours, and what was changed about them."""
    return _page(visit, back=back)


@router.post("/hours")
def save_week(visit: Visit = Depends(visit_of)) -> Response:
    """Changes the week; appointments that would lie outside have to be agreed to."""

    def write(connection: Connection, values: Values) -> None:
        with changing_rules(connection, Limits.of(visit.console.settings), visit.now, agreed(visit)):
            for weekday, name in enumerate(WEEK):
                connection.execute(update(opening_day).where(opening_day.c.weekday == weekday).values(periods=values[name]))

    form = _week(visit).save(_week_values, write, "hours_changed")
    return _page(visit, week=form) if form else visit.go("/practice/hours")


@router.post("/told-hours")
def save_told(visit: Visit = Depends(visit_of)) -> Response:
    """Changes what visitors are told who ask for the hours."""

    def write(connection: Connection, values: Values) -> None:
        texts = {name: values[name] or "" for name in ("text_en", "text_nl")}
        connection.execute(update(told_hours).values(source=values["source"], **texts))

    form = _told(visit).save(_told_values, write, "told_hours_changed")
    return _page(visit, told=form) if form else visit.go("/practice/hours")


@router.post("/days")
def add_days(visit: Visit = Depends(visit_of)) -> Response:
    """Days on which the practice is closed, or open at other hours than in its week."""
    read = _days(visit).sent()
    if read.faults:
        return _page(visit, days=Form(read.given, faults=read.faults))
    row = dict(read.values) | {"note": read.values["note"] or ""}
    try:
        with writing(visit.console.engine) as connection:
            with changing_rules(connection, Limits.of(visit.console.settings), visit.now, agreed(visit)):
                connection.execute(insert(special_day).values(**row))
            changes.save(connection, DAYS, None, {}, {_kind(row): _in_words(row)}, by(visit), visit.now)
            visit.record(connection, "days_added", "days")
    except Stranded as stranded:
        return _page(visit, days=Form(read.given, stranded=stranded.appointments))
    return visit.go("/practice/hours")


@router.post("/days/{number}/remove")
def remove_days(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Lets the week hold again on such days; those that a colleague has removed already stay so."""
    try:
        with writing(visit.console.engine) as connection:
            row = connection.execute(select(special_day).where(special_day.c.id == number)).mappings().first()
            if row:
                with changing_rules(connection, Limits.of(visit.console.settings), visit.now, agreed(visit)):
                    connection.execute(delete(special_day).where(special_day.c.id == number))
                changes.save(connection, DAYS, None, {_kind(row): _in_words(row)}, {_kind(row): None}, by(visit), visit.now)
                visit.record(connection, "days_removed", "days")
    except Stranded as stranded:
        return _page(visit, removing=number, left=Form({}, stranded=stranded.appointments))
    return visit.go("/practice/hours")


def _page(
    visit: Visit,
    week: Form | None = None,
    told: Form | None = None,
    days: Form | None = None,
    back: int | None = None,
    removing: int = 0,
    left: Form | None = None,
) -> Response:
    """The page with the forms that were sent, and the others as they are now."""
    with reading(visit.console.engine) as connection:
        forms_now = {
            "week": week or _week(visit).opened(connection, _week_values(connection), back),
            "told": told or _told(visit).opened(connection, _told_values(connection), back),
            "days": days or Form({"first": "", "last": "", "note": "", "periods": []}),
            "left": left or Form({}),
        }
        facts = {
            "specials": _to_come(connection, visit),
            "kept": _week(visit).history(connection),
            "kept_told": _told(visit).history(connection),
            "kept_days": _days(visit).history(connection),
        }
    status = max(form.status for form in forms_now.values())
    most = max(LEAST_PERIODS, *(_room(forms_now["week"].given[name]) for name in WEEK))
    facts |= {
        "editors": {"week": _week(visit), "told": _told(visit), "days": _days(visit)},
        "removing": removing,
        "most": most,
        "names": WEEK,
    }
    return visit.page(
        "practice/hours.html",
        status,
        **forms_now,
        **facts,
        holidays=_holidays(visit),
        may_change=may_edit(visit),
        sources=_sources(visit),
    )


def _week(visit: Visit) -> Editor:
    return Editor(visit, Thing("hours"), dict.fromkeys(WEEK, _periods()))


def _told(visit: Visit) -> Editor:
    fields = {"source": forms.one_of(_sources(visit)), "text_en": forms.text(300, needed=False), "text_nl": forms.text(300, needed=False)}

    def check(values: Values) -> dict[str, Fault]:
        return {name: Fault("missing") for name in ("text_en", "text_nl") if values["source"] == "own" and not values[name]}

    return Editor(visit, Thing("told_hours"), fields, check)


def _days(visit: Visit) -> Editor:
    def check(values: Values) -> dict[str, Fault]:
        length = (values["last"] - values["first"]).days + 1
        if length < 1:
            return {"last": Fault("day_before")}
        return {"last": Fault("too_many_days", most=MOST_DAYS)} if length > MOST_DAYS else {}

    def last(sent: Sent) -> date:
        return forms.day().read(sent if any(sent) else visit.repeated.get("first", ()))

    day = forms.day()
    fields = {"first": day, "last": Field(last, day.shown, day.told), "periods": _periods(), "note": forms.text(100, needed=False)}
    return Editor(visit, DAYS, fields, check)


def _periods() -> Field:
    """The periods of a day: opening and closing time in turn; pairs that are left empty don't count."""

    def read(sent: Sent) -> str:
        pairs = [pair for pair in zip(sent[::2], sent[1::2], strict=False) if any(each.strip() for each in pair)]
        try:
            return periods_text(in_order(checked_period(forms.read_time(opens), _closing(closes)) for opens, closes in pairs))
        except HoursFault as fault:
            raise Fault(f"hours_{fault.code}") from fault

    def shown(value: str, _language: str) -> list[str]:
        return [clock(minutes % MIDNIGHT) for period in parse_periods(value) for minutes in (period.opens, period.closes)]

    def told(value: str, texts: SimpleNamespace, _language: str) -> str:
        return value or str(texts.hours.closed)

    return Field(read, shown, told, ticked=True)


def _room(given: Shown) -> int:
    """Room for the periods that are filled in, and for one more."""
    return max((place // 2 + 2 for place, time in enumerate(given) if time), default=0)


def _closing(text: str) -> int:
    """As a closing time, midnight is the one that ends the day."""
    return forms.read_time(text) or MIDNIGHT


def _week_values(connection: Connection) -> Values:
    return dict(zip(WEEK, map(periods_text, read_week(connection).weekdays), strict=True))


def _told_values(connection: Connection) -> Values:
    row = connection.execute(select(told_hours)).mappings().one()
    return {"source": row["source"], "text_en": row["text_en"] or None, "text_nl": row["text_nl"] or None}


def _sources(visit: Visit) -> dict[str, str]:
    return {source: getattr(visit.texts.hours.sources, source) for source in ("none", "week", "own")}


def _to_come(connection: Connection, visit: Visit) -> list[Special]:
    today = visit.now.astimezone(LOCAL).date()
    query = select(special_day).where(special_day.c.last >= today).order_by(special_day.c.first, special_day.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _holidays(visit: Visit) -> list[date]:
    """The public holidays of the next twelve months."""
    today = visit.now.astimezone(LOCAL).date()
    return [day for day in sorted(public_holidays((today.year, today.year + 1))) if 0 <= (day - today).days <= 365]


def _kind(row: Any) -> str:
    return "open" if row["periods"] else "closed"


def _in_words(row: Any) -> str:
    stretch = str(row["first"]) if row["first"] == row["last"] else f"{row['first']}..{row['last']}"
    return " ".join(filter(None, (stretch, row["periods"], row["note"])))
