"""The list of conversations."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.practice.console.visit import Visit, visit_of

router = APIRouter(prefix="/conversations")


@router.get("")
def listing(visit: Visit = Depends(visit_of)) -> Response:
    """The newest conversations."""
    return visit.page("conversations/list.html")
