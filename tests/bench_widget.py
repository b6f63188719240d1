"""How long a visitor waits in a real browser: from Enter to the answer on the screen."""

from playwright.sync_api import Page

from bot.widget.files import chat_files
from tests.browser import open_browser
from tests.system import System

ROUNDS = 40
WARM_UP = 5

TIME_TO_ANSWER = """async (text) => {
    const root = document.querySelector("medicadermis-chat").shadowRoot;
    const [box, log] = [root.querySelector("textarea"), root.querySelector(".log")];
    const answers = log.querySelectorAll(".assistant").length;
    const answered = new Promise((done) => new MutationObserver((_, watcher) => {
        if (log.querySelectorAll(".assistant").length === answers) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now())));  // behind the frame that shows it
    }).observe(log, { childList: true }));
    box.value = text;
    const started = performance.now();
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    return (await answered) - started;
}"""


def measure(system: System) -> dict[str, list[float]]:
    """Milliseconds from Enter to the answer painted, and from the click on the launcher to the first message."""
    times: dict[str, list[float]] = {"browser: Enter to answer visible": [], "browser: click to greeting visible": []}
    with open_browser() as browser:
        for round_ in range(WARM_UP + ROUNDS):
            page = browser.new_page()
            page.goto(system.settings.public_practice_url)
            opened = _open(page)
            answered = float(page.evaluate(TIME_TO_ANSWER, "what is melasma and who gets it"))
            page.close()
            if round_ >= WARM_UP:
                for kind, value in zip(times, (answered, opened), strict=True):
                    times[kind].append(value)
    return times


def loaded_bytes() -> int:
    """What a website loads for the chat in both languages, gzipped."""
    return sum(len(file.small) for file in chat_files({}).values())


def _open(page: Page) -> float:
    page.locator(".launcher").wait_for()
    opened = """async () => {
        const root = document.querySelector("medicadermis-chat").shadowRoot;
        const log = root.querySelector(".log");
        const shown = new Promise((done) => new MutationObserver((_, watcher) => {
            if (!log.querySelector(".assistant")) return;
            watcher.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now())));
        }).observe(log, { childList: true }));
        const started = performance.now();
        root.querySelector(".launcher").click();
        return (await shown) - started;
    }"""
    return float(page.evaluate(opened))
