"""The list of conversations: filters, counts, search, and what comes in while it is open."""

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice.console.conversations import listing, upkeep
from bot.practice.console.conversations.filters import Filter
from bot.practice.console.conversations.listing import Place
from bot.practice.console.conversations.summary import Outcome
from bot.practice.console.staff.accounts import Role
from bot.practice.console.visit import Number, Visit, visit_of

router = APIRouter(prefix="/conversations")


@router.get("")
def show(after: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """A page of the list."""
    return _list(visit, after)


@router.post("/show")
def show_unmasked(after: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """The same page with the first words as they were typed; that they were seen is recorded."""
    with writing(visit.console.engine) as connection:
        visit.record(connection, "openings_shown")
    return _list(visit, after, masked=False)


def _list(visit: Visit, after: str, masked: bool = True) -> Response:
    wanted = Filter.of(visit.request.query_params)
    with reading(visit.console.engine) as connection:
        words = search_words(connection, visit, wanted)
        rows, next_page = listing.page(connection, wanted, words, Place.read(after))
        rows = rows if masked else listing.unmasked(connection, rows)
        facts: dict[str, Any] = {
            "rows": rows,
            "next_page": next_page,
            "top": Place.of(rows[0]) if rows else Place(visit.now, 0),
            "counts": listing.counts(connection, wanted, words),
            "facets": listing.FACETS,
            "saved": upkeep.saved_filters(connection, visit.who),
            "later": bool(after),
            "after": after,
            "may_unmask": masked and visit.who.role >= Role.REVIEWER,
            "counted": (*listing.FACETS, "understood", "happened"),
            **_beside(connection, rows, wanted, words),
        }
    return visit.page("conversations/list.html", **facts)


@router.get("/new")
def show_new(than: str, visit: Visit = Depends(visit_of)) -> Response:
    """Rows for what has come in since the list was made; nothing is 204."""
    wanted, place = Filter.of(visit.request.query_params), Place.read(than)
    if place is None:
        return Response(status_code=400)
    with reading(visit.console.engine) as connection:
        words = search_words(connection, visit, wanted)
        rows = listing.newer(connection, wanted, words, place)
        beside = _beside(connection, rows, wanted, words)
    if not rows:
        return Response(status_code=204)
    html = visit.render("conversations/rows.html", rows=rows, **beside)
    return HTMLResponse(html, headers={"X-Top": str(Place.of(rows[0]))})


@router.post("/search")
def search(visit: Visit = Depends(visit_of)) -> Response:
    """Keeps the words and shows what they find among what is filtered; without words the search ends."""
    words, wanted = visit.form.get("words", "").strip(), Filter.kept(visit.form)
    identity = ""
    if words:
        with writing(visit.console.engine) as connection:
            identity = upkeep.keep_search(connection, visit.who, words, visit.now)
            visit.record(connection, "conversations_searched")
    return visit.go(f"/conversations?{wanted.query(search=identity)}")


@router.post("/filters")
def save_filter(visit: Visit = Depends(visit_of)) -> Response:
    """Keeps the present filter under a name."""
    name, wanted = visit.form.get("name", "").strip()[: upkeep.LONGEST_NAME], Filter.kept(visit.form)
    if name and not wanted.is_empty:
        with writing(visit.console.engine) as connection:
            upkeep.save_filter(connection, visit.who, name, wanted.query())
    return visit.go(f"/conversations?{wanted.query()}")


@router.post("/filters/{number}/remove")
def remove_filter(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Forgets a filter of one's own."""
    with writing(visit.console.engine) as connection:
        upkeep.remove_filter(connection, visit.who, number)
    return visit.go(f"/conversations?{Filter.kept(visit.form).query()}")


def search_words(connection: Connection, visit: Visit, wanted: Filter) -> str:
    """What is searched for, where something is."""
    return upkeep.words_of_search(connection, visit.who, wanted.search) if wanted.search else ""


def _beside(connection: Connection, rows: list[listing.Row], wanted: Filter, words: str) -> dict[str, Any]:
    """What the rows need beside themselves."""
    return {
        "wanted": wanted,
        "words": words,
        "excerpts": listing.excerpts(connection, rows, words) if words else {},
        "tags": listing.tags_of(connection, [row["id"] for row in rows]),
        "outcomes": list(Outcome),
    }
