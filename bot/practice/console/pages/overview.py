"""The overview: figures of a period, charts, and each table as a file."""

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice.console import formats
from bot.practice.console.conversations import people
from bot.practice.console.conversations.days import day_of
from bot.practice.console.overview import charts
from bot.practice.console.overview.csv_file import as_csv
from bot.practice.console.overview.period import DEFAULT, Period, Span, Unit, chosen_span
from bot.practice.console.overview.sums import read, read_buckets
from bot.practice.console.overview.tables import Measure, Reading, Table, short_names, tables
from bot.practice.console.visit import Visit, visit_of

router = APIRouter(prefix="/overview")

OVER_TIME = ("conversations", "booked", "not_understood", "red_flag")
"""Figures with a chart over time."""
SIDE_BY_SIDE = {
    "funnel": "conversations",
    "channels": "conversations",
    "languages": "conversations",
    "understanding": "messages",
    "topics": "messages",
}
"""Tables with a chart of bars, and the column that it shows."""
MOST_BARS = 12


@router.get("")
def show(visit: Visit = Depends(visit_of)) -> Response:
    """All of it."""
    query = visit.request.query_params
    period = Period.of(query, day_of(visit.now))
    with reading(visit.console.engine) as connection:
        found = _read(connection, period, visit.language)
        waiting = people.number_waiting(connection)
    made = tables(found)
    names = short_names([bucket for bucket, _ in found.buckets], period.by, visit.language)
    return visit.page(
        "overview/page.html",
        period=period,
        spans=list(Span),
        span=None if "since" in query else chosen_span(query, DEFAULT),
        units=list(Unit),
        tables=made,
        columns={key: charts.columns(made["over_time"].values(key), names) for key in OVER_TIME},
        bars={key: _bars(made[key], column) for key, column in SIDE_BY_SIDE.items()},
        waiting=waiting,
        formats=formats,
        Measure=Measure,
    )


@router.get("/{name}.csv")
def export(name: str, visit: Visit = Depends(visit_of)) -> Response:
    """One table as a file; that it was taken is recorded."""
    period = Period.of(visit.request.query_params, day_of(visit.now))
    with reading(visit.console.engine) as connection:
        table = tables(_read(connection, period, visit.language)).get(name)
    if table is None:
        raise HTTPException(404)
    with writing(visit.console.engine) as connection:
        days = {"since": period.since.isoformat(), "until": period.until.isoformat()}
        visit.record(connection, "overview_exported", f"overview:{table.key}", **days)
    file_name = f"{table.key}-{period.since}-{period.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(as_csv(table, visit.texts.overview.columns), media_type="text/csv; charset=utf-8", headers=headers)


def _read(connection: Connection, period: Period, language: str) -> Reading:
    return Reading(period, read(connection, period), read(connection, period.before), read_buckets(connection, period), language)


def _bars(table: Table, column: str) -> charts.Bars:
    return charts.bars(list(zip([row.name for row in table.rows], table.values(column), strict=True))[:MOST_BARS])
