"""What the practice's web application shows to visitors: the demonstration page and the privacy notice in each language, with the chat."""

import json
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.database import open_database
from bot.practice.catalog.queries import Catalogue, CatalogueUnavailable, Treatment
from bot.practice.money import spoken_price
from bot.settings import Settings
from bot.texts import LANGUAGES
from bot.widget.files import DEMO, widget_routes

HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add_pages(app: FastAPI, settings: Settings, catalogue: Catalogue | None = None) -> None:
    """Adds the pages in each language, `/widget.js` and the files under `/widget/` and `/demo/`.

    Without a catalogue, the practice's database is opened for reading it.
    """
    pages = Pages(settings, catalogue or Catalogue(open_database(settings.practice_database)))
    app.add_api_route("/", partial(pages.home, "en"), include_in_schema=False)
    app.add_api_route("/privacy", partial(pages.privacy, "en"), include_in_schema=False)
    app.add_api_route("/nl", partial(pages.home, "nl"), include_in_schema=False)
    app.add_api_route("/nl/privacy", partial(pages.privacy, "nl"), include_in_schema=False)
    app.router.routes.extend(widget_routes(served_with_widget(settings)))


def served_with_widget(settings: Settings) -> dict[str, str]:
    """What the chat needs to know and a website's one line does not say: where the assistant and the privacy notices are."""
    served = {"assistant": settings.public_assistant_url, "privacy": settings.privacy_notice_url}
    return served if settings.privacy_url else served | {"privacyNl": f"{settings.public_practice_url}/nl/privacy"}


class Pages:
    """The pages, rendered with one file of texts a language."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._texts = {each: json.loads((DEMO / f"texts.{each}.json").read_text(encoding="utf-8")) for each in LANGUAGES}
        self._templates = Environment(loader=FileSystemLoader(DEMO), autoescape=True, undefined=StrictUndefined)
        self._headers = HEADERS | {"Content-Security-Policy": content_policy(settings.public_assistant_url)}

    def home(self, language: str) -> Response:
        """The demonstration page: what a practice's page on pigment may look like, with the treatments of the catalogue."""
        widget = f"{self._settings.public_practice_url}/widget.js"
        return self._page("index.html", "home", language, root="./", treatments=self._treatments(language), widget=widget)

    def privacy(self, language: str) -> Response:
        """The privacy notice of the assistant."""
        settings = self._settings
        contact = {"address": settings.practice_address, "phone": settings.practice_phone, "email": settings.practice_email}
        known = {name: value for name, value in contact.items() if value}
        kept = {"conversation_days": settings.conversation_days, "appointment_days": settings.appointment_days}
        return self._page("privacy.html", "privacy", language, root="./" if language == "en" else "../", contact=known, kept=kept)

    def _page(self, template: str, page: str, language: str, root: str, **facts: Any) -> Response:
        """`root`: the way from the page to the top of the website."""
        texts, served = self._texts[language], served_with_widget(self._settings)
        addresses = {
            ("home", "en"): root,
            ("home", "nl"): f"{root}nl",
            ("privacy", "en"): f"{root}privacy",
            ("privacy", "nl"): f"{root}nl/privacy",
        }
        other = next(each for each in LANGUAGES if each != language)
        html = self._templates.get_template(template).render(
            texts=texts,
            page=texts[page],
            root=root,
            home=addresses["home", language],
            other={"code": other, "name": self._texts[other]["name"], "address": addresses[page, other]},
            privacy=served.get("privacyNl", served["privacy"]) if language == "nl" else served["privacy"],
            **facts,
        )
        return HTMLResponse(html, headers=self._headers | {"Content-Language": language})

    def _treatments(self, language: str) -> list[dict[str, str]] | None:
        """The treatments as shown, those with a price first; None when the catalogue can't be read."""
        try:
            found = self._catalogue.all()
        except CatalogueUnavailable:
            return None
        return [self._treatment(each, language) for each in found]

    def _treatment(self, treatment: Treatment, language: str) -> dict[str, str]:
        texts, name = self._texts[language]["home"]["prices"], treatment.name[language]
        care = treatment.dark_skin_care
        shown = {"kind": treatment.kind, "name": name, "summary": treatment.summary[language], "care": care[language] if care else ""}
        shown |= {"duration": treatment.duration[language] if treatment.duration else ""}
        if treatment.price_cents is None:
            return shown | {"price": "", "question": texts["what"].format(name=name)}
        price = spoken_price(treatment.price_cents, language)
        price = texts["from"].format(price=price) if treatment.price_from else price
        note = treatment.price_note[language] if treatment.price_note else ""
        return shown | {"price": f"{price} {note}".strip(), "question": texts["cost"].format(name=name)}


def content_policy(assistant_url: str) -> str:
    """What a page may load: its own files, and answers from the assistant; no inline script or style."""
    assistant = urlsplit(assistant_url)
    return "; ".join(
        [
            "default-src 'self'",
            f"connect-src 'self' {assistant.scheme}://{assistant.netloc}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )
