"""`run`: starts everything, or one process alone."""

import argparse
import sys
import threading
import time
from typing import Any

from honcho.manager import Manager

from bot.commands.staff import HOW_TO_GET_IN, has_accounts
from bot.commands.train import ensure_trained
from bot.running.environment import environment
from bot.running.processes import SERVERS, is_healthy, parts, port_in_use, serve
from bot.settings import ROOT, Settings

LONGEST_START_SECONDS = 120


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("run", help="start the assistant with all it needs, or one of its processes")
    parser.add_argument("process", nargs="?", choices=list(SERVERS), help="only this process, in the foreground")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Runs until Ctrl-C; 1 when it can't start."""
    busy = [part for part in parts(settings) if args.process in (None, part.name) and port_in_use(settings.host, part.port)]
    for part in busy:
        print(f"Port {part.port} is in use: stop what listens there, or set {part.name.upper()}_PORT to another one.", file=sys.stderr)
    if busy:
        return 1
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    _ = settings.master_secret  # made here, once, before several processes want it
    if args.process:
        serve(args.process, settings)
        return 0
    return run_all(settings) if ensure_trained(settings) else 1


def run_all(settings: Settings) -> int:
    """Starts the three processes and tells when they are ready; ends all when one ends."""
    manager = Manager()
    for part in parts(settings):
        manager.add_process(part.name, f'exec "{sys.executable}" -m bot run {part.name}', env=environment(settings), cwd=str(ROOT))
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def _announce(settings: Settings) -> None:
    """Waits until all are healthy and says where to look."""
    started = time.monotonic()
    waiting = list(parts(settings))
    while waiting and time.monotonic() - started < LONGEST_START_SECONDS:
        waiting = [part for part in waiting if not is_healthy(part)]
        time.sleep(0.2)
    if waiting:
        print(
            f"Not healthy after {LONGEST_START_SECONDS} s: {', '.join(part.name for part in waiting)}; what they printed stands above.",
            flush=True,
        )
        return
    print(
        f"\nReady after {time.monotonic() - started:.0f} s.\n"
        f"  The chat on the demo page:  {settings.public_practice_url}/\n"
        f"  The staff console:          {settings.public_practice_url}/staff/\n"
        f"  The booking API:            {settings.public_practice_url}/openapi.json\n"
        "  Ctrl-C ends everything.\n",
        flush=True,
    )
    if not has_accounts(settings):
        print(f"  To get into the console:    {HOW_TO_GET_IN}\n", flush=True)
    if "consultation_hours" not in settings.__fields_set__:
        print("  Consultations begin with EXAMPLE hours; set the practice's own in the staff console.\n", flush=True)
