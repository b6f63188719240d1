"""What the practice's web application shows to visitors: the demonstration page and the privacy notice, with the chat on both."""

import json
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.database import open_database
from bot.practice.catalog.queries import Catalogue, CatalogueUnavailable, Treatment
from bot.settings import Settings
from bot.widget.files import DEMO, widget_routes

LANGUAGE = "en"
"""Language of the pages; each language is one file of texts beside the templates."""

HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add_pages(app: FastAPI, settings: Settings, catalogue: Catalogue | None = None) -> None:
    """Adds `/`, `/privacy`, `/widget.js` and the files under `/widget/` and `/demo/`.

    Without a catalogue, the practice's database is opened for reading it.
    """
    pages = Pages(settings, catalogue or Catalogue(open_database(settings.practice_database)))
    app.add_api_route("/", pages.home, include_in_schema=False)
    app.add_api_route("/privacy", pages.privacy, include_in_schema=False)
    app.router.routes.extend(widget_routes())


class Pages:
    """The pages, rendered with the texts of one language."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._texts = json.loads((DEMO / f"texts.{LANGUAGE}.json").read_text(encoding="utf-8"))
        self._templates = Environment(loader=FileSystemLoader(DEMO), autoescape=True, undefined=StrictUndefined)
        self._headers = HEADERS | {"Content-Security-Policy": content_policy(settings.public_assistant_url)}

    def home(self) -> Response:
        """The demonstration page: what a practice's page on pigment may look like, with the priced treatments of the catalogue."""
        return self._page("index.html", "home", treatments=self._treatments())

    def privacy(self) -> Response:
        """The privacy notice of the assistant."""
        settings = self._settings
        contact = {"address": settings.practice_address, "phone": settings.practice_phone, "email": settings.practice_email}
        return self._page("privacy.html", "privacy", contact={name: value for name, value in contact.items() if value})

    def _page(self, template: str, page: str, **facts: Any) -> Response:
        html = self._templates.get_template(template).render(
            texts=self._texts,
            page=self._texts[page],
            assistant=self._settings.public_assistant_url,
            privacy=self._settings.privacy_notice_url,
            **facts,
        )
        return HTMLResponse(html, headers=self._headers)

    def _treatments(self) -> list[dict[str, str]] | None:
        """The treatments with a price, as shown; None when the catalogue can't be read."""
        try:
            found = self._catalogue.all()
        except CatalogueUnavailable:
            return None
        return [self._treatment(each, each.price_cents) for each in found if each.price_cents is not None]

    def _treatment(self, treatment: Treatment, cents: int) -> dict[str, str]:
        euros = f"€ {cents // 100}.{cents % 100:02}"
        price = self._texts["home"]["prices"]["from"].format(price=euros) if treatment.price_from else euros
        return {"name": treatment.name[LANGUAGE], "summary": treatment.summary[LANGUAGE], "price": price}


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
