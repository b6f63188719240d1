"""The audit trail, for administrators."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import select

from bot.database import reading
from bot.practice.console.models import audit
from bot.practice.console.visit import Before, Visit, visit_of

router = APIRouter(prefix="/audit")
ROWS = 100


@router.get("")
def listing(before: Before = None, visit: Visit = Depends(visit_of)) -> Response:
    """What was done, newest first, a page at a time."""
    query = select(audit).order_by(audit.c.id.desc()).limit(ROWS + 1)
    with reading(visit.console.engine) as connection:
        rows = connection.execute(query if before is None else query.where(audit.c.id < before)).mappings().all()
    return visit.page("audit.html", rows=rows[:ROWS], more=rows[ROWS - 1]["id"] if len(rows) > ROWS else None)
