"""`ask`: what becomes of a message, step by step."""

import argparse
import dataclasses
import json
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.asking.errors import NotAnswered
from bot.asking.turns import Answer, Turn
from bot.evaluation.model import NoModel
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.asking.conversation import Conversation

LABELS_SHOWN = 4


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("ask", help="ask the assistant and see each step: language, red flag, topic, action, answer")
    parser.add_argument("texts", nargs="+", metavar="TEXT", help="what a visitor writes; several are one conversation")
    parser.add_argument("--json", action="store_true", help="print the steps as JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Asks and prints; 1 when there is nobody to ask or a message is refused."""
    # the channel's libraries take a second to import, for which the other commands need not wait
    from bot.asking.conversation import ask

    try:
        conversation = ask(args.texts, settings, datetime.now(timezone.utc))
    except (NoModel, NotAnswered) as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(dataclasses.asdict(conversation), indent=2, ensure_ascii=False))
    else:
        show(conversation, Console())
    return 0


def show(conversation: "Conversation", console: Console) -> None:
    """Prints each turn for people."""
    asked = "the running assistant" if conversation.model is None else f"the model {conversation.model} in this process"
    console.print(f"[dim]asked: {escape(asked)}[/dim]")
    if not conversation.actions:
        console.print("[yellow]the action server is not running: what custom actions say and do is missing[/yellow]")
    for turn in conversation.turns:
        console.print(_steps(turn))


def _steps(turn: Turn) -> Table:
    table = Table(show_header=False, title=escape(turn.text), title_justify="left", title_style="bold")
    understood = turn.understood
    table.add_row("language", understood.language or "not told")
    table.add_row("red flag", escape(json.dumps(understood.red_flag)) if understood.red_flag else "none")
    table.add_row("intent", escape(understood.intent))
    for place, label in enumerate(understood.ranking[:LABELS_SHOWN]):
        table.add_row("topic" if place == 0 else "runner-up", f"{escape(label.name)}  {label.confidence:.3f}")
    for entity in understood.entities:
        table.add_row("entity", escape(f"{entity.get('entity')} = {entity.get('value')}"))
    for action in turn.actions or ["none"]:
        table.add_row("action", escape(action))
    for answer in turn.answers:
        table.add_row("answer", _words(answer))
    if not turn.answers:
        table.add_row("answer", "none")
    return table


def _words(answer: Answer) -> str:
    parts = [f"[dim]{escape(answer.response)}[/dim]"] if answer.response else []
    parts += [escape(answer.text)] if answer.text else []
    parts += [" ".join(escape(f"[{title}]") for title in answer.buttons)] if answer.buttons else []
    parts += [escape(json.dumps(answer.custom, ensure_ascii=False))] if answer.custom else []
    return "\n".join(parts)
