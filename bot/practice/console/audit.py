"""The audit trail: the one place that writes it."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Account

COMMAND_LINE = "command line"


def record(connection: Connection, who: Account | str | None, action: str, subject: str, now: datetime, **detail: Any) -> None:
    """Adds one line within the caller's transaction, so that nothing is done unrecorded.

    Args:
        who: the account that did it, or what else did; None for the command line.
        action: what was done, a name that the texts translate, such as `conversation_seen`.
        subject: to what, as kind and number; never a name or an address.
        detail: further facts without personal data.
    """
    account = who if isinstance(who, Account) else None
    name = account.name if account else who or COMMAND_LINE
    row = {"staff_id": account and account.id, "staff_name": name, "action": action, "subject": subject}
    connection.execute(insert(audit).values(**row, at=now, detail=json.dumps(detail)))
