"""`make screenshots`: every state of the chat in both languages, light on a desktop and dark on a phone, into var/screenshots/."""

import shutil
import tempfile
from pathlib import Path

from bot.settings import ROOT
from tests.browser import open_browser
from tests.system import running
from tests.widget.states import DESKTOP, PHONE_DARK, Walk

FOLDER = ROOT / "var" / "screenshots"
LOOKS = {"desktop": DESKTOP, "phone-dark": PHONE_DARK}


def main() -> None:
    """Starts the system, goes through all states, and prints where the pictures are."""
    shutil.rmtree(FOLDER / "chat", ignore_errors=True)
    (FOLDER / "chat").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as system, open_browser() as browser:
        for language in ("en", "nl"):
            for look, options in LOOKS.items():
                walk = Walk(browser, system.settings.public_practice_url, language, **options)
                for number, state in enumerate(walk.states(), start=1):
                    walk.page.screenshot(path=FOLDER / "chat" / f"{language}-{look}-{number:02}-{state}.png")
                walk.close()
    print(f"{len(list((FOLDER / 'chat').iterdir()))} pictures in {FOLDER / 'chat'}")


if __name__ == "__main__":
    main()
