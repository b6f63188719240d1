"""The demonstration page, the privacy notice and the chat's files as they are served."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.database import open_database
from bot.practice.catalog.file import read_catalog
from bot.practice.catalog.queries import Treatment
from bot.practice.catalog.seed import seed
from bot.practice.pages import add_pages
from bot.settings import Settings

PAGES = ["/", "/privacy", "/nl", "/nl/privacy"]
SCRIPT, STYLE, JSON, SVG = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "application/json", "image/svg+xml"
FILES = {
    "/widget.js": SCRIPT,
    "/widget/chat.js": SCRIPT,
    "/widget/style.css": STYLE,
    "/widget/texts.en.json": JSON,
    "/widget/texts.nl.json": JSON,
    "/demo/demo.css": STYLE,
    "/demo/demo.js": SCRIPT,
    "/demo/icon.svg": SVG,
    "/demo/skin.svg": SVG,
}


def client(tmp_path: Path, **values: str) -> TestClient:
    settings = Settings(_env_file=None, var_dir=tmp_path, **values)
    app = FastAPI()
    add_pages(app, settings)
    return TestClient(app)


@pytest.fixture
def pages(tmp_path: Path) -> TestClient:
    seed(open_database(f"sqlite:///{tmp_path / 'practice.db'}"), read_catalog())
    return client(tmp_path, assistant_url="https://assistant.example/base")


@pytest.mark.parametrize(
    ("path", "prices"), [("/", ["from € 200.00", *["from € 50.00"] * 3]), ("/nl", ["vanaf € 200,00", *["vanaf € 50,00"] * 3])]
)
def test_the_home_page_shows_the_four_prices_of_the_catalogue_and_no_other(pages: TestClient, path: str, prices: list[str]) -> None:
    assert sorted(re.findall(r"[a-z]+ €\s?[\d.,]+", pages.get(path).text)) == prices


@pytest.mark.parametrize(("path", "language"), [("/", "en"), ("/nl", "nl")])
def test_the_home_page_shows_every_treatment_of_the_catalogue(pages: TestClient, path: str, language: str) -> None:
    names = re.findall(r"<h3>(.*?)</h3>", pages.get(path).text.partition('id="pigment"')[0])
    assert sorted(map(unescape, names)) == sorted(getattr(treatment.name, language) for treatment in read_catalog().treatments)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_its_language_and_leads_to_the_same_page_in_the_other(pages: TestClient, path: str) -> None:
    answer = pages.get(path)
    language = "nl" if path.startswith("/nl") else "en"
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    (there,) = re.findall(r'<a href="([^"]*)" lang="', answer.text)
    other = urlsplit(urljoin(f"http://practice.example{path}", there)).path
    assert {path, other} in ({"/", "/nl"}, {"/privacy", "/nl/privacy"})


@pytest.mark.parametrize("path", PAGES)
def test_every_file_and_page_that_a_page_names_is_there(pages: TestClient, path: str) -> None:
    for address in re.findall(r'(?:href|src)="([^"]*)"', pages.get(path).text):
        target = urlsplit(urljoin(f"http://localhost:8000{path}", address))
        if target.netloc == "localhost:8000":
            assert pages.get(target.path).status_code == 200, address


def test_the_home_page_says_that_it_is_a_demonstration(pages: TestClient) -> None:
    assert "demonstration page" in pages.get("/").text


def test_the_home_page_stands_without_the_catalogue(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/")
    assert answer.status_code == 200
    assert "can&#39;t be shown" in answer.text
    assert "from €" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_carries_the_chat_with_the_one_line(pages: TestClient, path: str) -> None:
    language = "nl" if path.startswith("/nl") else "en"
    assert re.search(rf'<script async src="(\./|\.\./)widget\.js" data-language="{language}"></script>', pages.get(path).text)


def served_with(script: str) -> dict[str, str]:
    found = re.search(r"const served=(\{.*?\});", script)
    assert found
    return dict(json.loads(found[1]))


def test_the_chat_knows_its_assistant_and_the_privacy_notices(pages: TestClient) -> None:
    assert served_with(pages.get("/widget.js").text) == {
        "assistant": "https://assistant.example/base",
        "privacy": "http://localhost:8000/privacy",
        "privacyNl": "http://localhost:8000/nl/privacy",
    }


def test_a_privacy_notice_of_the_practices_own_stands_in_both_languages(tmp_path: Path) -> None:
    own = client(tmp_path, privacy_url="https://practice.example/privacy")
    assert served_with(own.get("/widget.js").text).keys() == {"assistant", "privacy"}
    for path in PAGES:
        assert '<p><a href="https://practice.example/privacy">' in own.get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_allows_only_its_own_files_and_the_assistant(pages: TestClient, path: str) -> None:
    policy = dict(part.split(" ", 1) for part in pages.get(path).headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://assistant.example"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_or_style(pages: TestClient, path: str) -> None:
    html = pages.get(path).text
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_fixed_security_headers(pages: TestClient, path: str) -> None:
    headers = pages.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "set-cookie" not in headers


def test_the_privacy_notice_shows_the_contact_that_is_set(tmp_path: Path) -> None:
    html = client(tmp_path, practice_email="hello@practice.example").get("/privacy").text
    assert "hello@practice.example" in html
    assert "Telephone" not in html


def test_the_privacy_notice_is_honest_about_a_missing_contact(tmp_path: Path) -> None:
    assert "No contact details have been filled in" in client(tmp_path).get("/privacy").text


@pytest.mark.parametrize("path", ["/privacy", "/nl/privacy"])
def test_the_privacy_notice_promises_the_periods_that_are_set_and_no_other(tmp_path: Path, path: str) -> None:
    shown = client(tmp_path, conversation_days=17, appointment_days=23).get(path).text.split("<main")[1].split("</main>")[0]
    periods = re.findall(
        r"(\d+) (hours?|days?|weeks?|months?|years?|uur|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar)\b", re.sub(r"<[^>]+>", "", shown)
    )
    assert periods and {number for number, _ in periods} == {"17", "23"}


def test_a_setting_never_becomes_html(tmp_path: Path) -> None:
    html = client(tmp_path, practice_address="<img src=x onerror=alert(1)>").get("/privacy").text
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize(("path", "content_type"), FILES.items())
def test_a_file_is_served_to_every_website(pages: TestClient, path: str, content_type: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_file_that_a_browser_has_is_not_sent_again(pages: TestClient) -> None:
    known = pages.get("/widget/chat.js").headers["etag"]
    again = pages.get("/widget/chat.js", headers={"If-None-Match": known})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_is_sent_small_to_a_browser_that_takes_it_so(pages: TestClient) -> None:
    small = pages.get("/widget/chat.js", headers={"Accept-Encoding": "gzip"})
    plain = pages.get("/widget/chat.js", headers={"Accept-Encoding": "identity"})
    assert (small.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert small.text == plain.text
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_every_served_file_is_known(pages: TestClient) -> None:
    served = {route.path for route in pages.app.routes if route.path.startswith(("/widget", "/demo"))}
    assert served == FILES.keys()


NOT_SERVED = [
    "/widget/files.py",
    "/widget/widget.js",
    "/widget/conversation.js",
    "/widget/demo/index.html",
    "/widget/%2e%2e/settings.py",
    "/demo/index.html",
    "/demo/texts.en.json",
]


@pytest.mark.parametrize("path", NOT_SERVED)
def test_nothing_else_is_served(pages: TestClient, path: str) -> None:
    assert pages.get(path).status_code == 404


class BadCatalogue:
    """A treatment whose texts somebody has tried to put HTML into."""

    def all(self) -> tuple[Treatment, ...]:
        """That one."""
        bad = {"en": "<img src=x onerror=alert(1)>", "nl": '"><script>alert(1)</script>'}
        return (Treatment("bad", bad, bad, "laser", 5000, "EUR", True, frozenset(), frozenset(), bad, "page"),)


@pytest.mark.parametrize("path", ["/", "/nl"])
def test_a_text_of_the_catalogue_never_becomes_html(tmp_path: Path, path: str) -> None:
    app = FastAPI()
    add_pages(app, Settings(_env_file=None, var_dir=tmp_path), BadCatalogue())
    html = TestClient(app).get(path).text
    assert "alert(1)" in html
    assert re.findall(r"<img src=x|<script>", html) == []
