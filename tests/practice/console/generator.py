"""Conversations as the assistant would have kept them, as many as wanted: the same number gives the same ones."""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from bot.database import writing
from bot.practice.booking.models import appointment
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.models import conversation

TOPICS = (
    "melasma",
    "sunspots",
    "peels",
    "laser_ipl",
    "freckles",
    "vitiligo_hypopigmentation",
    "retinoids",
    "sunscreen",
    "pih",
    "patch_test",
)
QUESTIONS = {
    "en": (
        "what helps against {}",
        "is {} dangerous",
        "how long does {} take",
        "can I have {} with dark skin",
        "does {} hurt",
        "tell me about {}",
    ),
    "nl": (
        "wat helpt tegen {}",
        "is {} gevaarlijk",
        "hoe lang duurt {}",
        "kan {} bij een donkere huid",
        "doet {} pijn",
        "vertel iets over {}",
    ),
}
WORDS = [
    "cheek",
    "nose",
    "spring",
    "holiday",
    "yoghurt",
    "mirror",
    "bicycle",
    "doctor",
    "sister",
    "wedding",
    "cream",
    "window",
    "garden",
    "summer",
    "winter",
    "mother",
    "pregnant",
    "cousin",
    "photo",
    "swim",
    "beach",
    "tram",
    "mountain",
    "market",
    "coffee",
]
NAMES = ("Anna de Vries", "Sanne Bakker", "Peter Jansen", "Fatima El Amrani", "Joris van Dijk")
DAY_SECONDS = 86_400
BUTTONS = [{"title": "Book a free video consultation", "payload": '/book_consultation{"appointment_type": "video"}'}]


@dataclass
class Said:
    """A conversation in the making: events in their order, with a clock of its own."""

    sender: str
    channel: str
    language: str
    clock: float
    rows: list[dict[str, Any]] = field(default_factory=list)

    def event(self, kind: str, **data: Any) -> None:
        """Adds an event."""
        self.clock += 0.004
        content = {"event": kind, "timestamp": self.clock, "metadata": {"model_id": "m"}, **data}
        intent = data.get("parse_data", {}).get("intent", {}).get("name")
        row = {"sender_id": self.sender, "type_name": kind, "timestamp": self.clock, "intent_name": intent, "action_name": data.get("name")}
        self.rows.append({**row, "data": json.dumps(content)})

    def start(self) -> None:
        """What a channel does first."""
        self.event("action", name="action_session_start")
        self.event("session_started")
        self.event("action", name="action_listen")
        self.user(f'/start{{"language":"{self.language}"}}', "start", 1.0, wait=0)
        self.event("slot", name="language", value=self.language)
        self.bot("utter_start", "Hello, I'm the automated assistant.", buttons=BUTTONS)

    def user(self, text: str, label: str, confidence: float, others: Iterable[str] = (), wait: float = 20, **entities: str) -> None:
        """A message of the visitor."""
        self.clock += wait
        intent = {"name": label.partition("/")[0], "confidence": confidence}
        if "/" in label:
            intent["full_retrieval_intent_name"] = label
        ranking = [{"name": label, "confidence": confidence}] + [{"name": each, "confidence": (1 - confidence) / 3} for each in others]
        parse = {"intent": intent, "intent_ranking": ranking, "language": self.language, "text": text}
        parse["entities"] = [{"entity": name, "value": value} for name, value in entities.items()]
        self.event("user", text=text, parse_data=parse, input_channel=self.channel)

    def bot(self, response: str, text: str, buttons: Any = None, custom: Any = None, listen: bool = True) -> None:
        """An answer."""
        self.event("bot", text=text, data={"buttons": buttons, "custom": custom}, metadata={"utter_action": response})
        if listen:
            self.event("action", name="action_listen")

    def slot(self, name: str, value: Any) -> None:
        """A fact."""
        self.event("slot", name=name, value=value)

    def form(self, name: str | None) -> None:
        """A form opens, or the open one ends."""
        self.event("active_loop", name=name)


def ask(said: Said, dice: random.Random) -> None:
    """A question about a topic."""
    topic = dice.choice(TOPICS)
    text = f"{dice.choice(QUESTIONS[said.language]).format(topic.replace('_', ' '))} {dice.choice(WORDS)}"
    said.user(text, f"faq/{topic}", round(dice.uniform(0.55, 0.999), 4), [f"faq/{other}" for other in dice.sample(TOPICS, 3)])
    said.event("action", name="utter_faq")
    said.bot(f"utter_faq/{topic}", f"What there is to know about {topic}.")


def price(said: Said, dice: random.Random) -> None:
    """A price, as cards."""
    said.user(f"how much is {dice.choice(TOPICS)}", "ask_price", 0.93, ["list_treatments", "faq/shop_costs"])
    said.event("action", name="action_tell_price")
    cards = [{"title": "Peel", "text": "Takes off the upper layer.", "price": "from € 75", "buttons": BUTTONS}]
    said.bot("utter_price_all", "These are the prices.", buttons=BUTTONS, custom={"cards": cards})


def lost(said: Said, dice: random.Random) -> None:
    """Something that is not understood."""
    said.user(
        f"{dice.choice(WORDS)} {dice.choice(WORDS)} {dice.choice(WORDS)}", "nlu_fallback", round(dice.uniform(0.05, 0.4), 4), ["help"]
    )
    said.event("action", name="action_offer_topics")
    said.bot("utter_not_understood", "I don't know that.")


def person(said: Said, _dice: random.Random) -> None:
    """The wish for a person."""
    said.user("can I talk to somebody", "talk_to_human", 0.97, ["help"])
    said.event("action", name="action_offer_person")
    said.bot("utter_person_phone", "You can call us.")


def red_flag(said: Said, _dice: random.Random) -> None:
    """Something alarming."""
    said.user("my mole is growing and bleeds", "red_flag", 1.0, red_flag_kind="spot")
    said.bot("utter_red_flag_spot", "Please have this looked at by a doctor.")


def book(said: Said, dice: random.Random) -> None:
    """A booking to its end."""
    begin_booking(said, dice)
    name = dice.choice(NAMES)
    said.user(name, "out_of_scope", 0.6)
    said.slot("name", name)
    said.bot("utter_booking_email", "Which e-mail address?")
    email = f"{name.split()[0].lower()}{dice.randrange(10_000)}@example.com"
    said.user(email, "nlu_fallback", 0.3)
    said.slot("email", email)
    said.form(None)
    reference = "MD-" + "".join(dice.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=4)) + "-TEST"
    said.slot("booked", reference)
    said.bot("utter_booked", "It is booked.", custom={"cards": [{"title": "Video consultation", "facts": [f"Reference {reference}"]}]})


def begin_booking(said: Said, _dice: random.Random) -> None:
    """A booking that stops at the first question."""
    said.user('/book_consultation{"appointment_type": "video"}', "book_consultation", 1.0)
    said.form("booking_form")
    times = [{"title": "09:00", "payload": '/choose{"start": "2026-12-01T08:00:00+00:00"}'}]
    said.bot("utter_booking_start", "Which time suits you?", custom={"slots": [{"day": "Tuesday 1 December", "times": times}]})


SCENES: tuple[tuple[Callable[[Said, random.Random], None], int], ...] = (
    (ask, 50),
    (price, 14),
    (lost, 10),
    (book, 8),
    (begin_booking, 8),
    (person, 5),
    (red_flag, 2),
)


def conversations(number: int, until: datetime, days: int = 365, seed: int = 1) -> Iterator[Said]:
    """So many conversations spread over the days before an instant, oldest first, 15 events each in the mean."""
    dice = random.Random(seed)
    first = until.timestamp() - days * DAY_SECONDS
    scenes, weights = zip(*SCENES, strict=True)
    for count in range(number):
        channel = dice.choices(("web", "whatsapp", "telegram"), (70, 20, 10))[0]
        language = dice.choices(("en", "nl"), (60, 40))[0]
        said = Said(f"{channel}-{count:08d}", channel, language, first + days * DAY_SECONDS * count / number)
        said.start()
        for scene in dice.choices(scenes, weights, k=dice.choices((1, 2, 3), (45, 35, 20))[0]):
            scene(said, dice)
        yield said


def fill(engine: Engine, number: int, until: datetime, **options: Any) -> int:
    """Writes so many conversations as the assistant's events; gives how many events that are."""
    events.metadata.create_all(engine)
    total, rows = 0, []
    for said in conversations(number, until, **options):
        rows += said.rows
        if len(rows) >= 5000:
            total += _write(engine, rows)
            rows = []
    return total + _write(engine, rows)


def keep_appointments(engine: Engine) -> None:
    """An appointment for every booking that the index knows, three days after its conversation; nobody came to each tenth."""
    c = conversation.c
    with writing(engine) as connection:
        booked = connection.execute(select(c.reference, c.last_at, c.language).where(c.reference.is_not(None)).order_by(c.id)).all()
        rows = []
        for count, (reference, booked_at, language) in enumerate({row.reference: row for row in booked}.values()):  # some made twice
            start = booked_at + timedelta(days=3)
            times = {"created_at": booked_at, "changed_at": booked_at, "starts_at": start, "ends_at": start + timedelta(minutes=20)}
            person = {"name": NAMES[count % len(NAMES)], "email": f"{count}@example.com", "language": language}
            kind = {"type": "video", "status": "booked", "no_show_at": start if count % 10 == 9 else None}
            rows.append({"reference": reference, "idempotency_key": reference, "request_digest": "", **times, **person, **kind})
        if rows:
            connection.execute(insert(appointment), rows)


def _write(engine: Engine, rows: list[dict[str, Any]]) -> int:
    if rows:
        with writing(engine) as connection:
            connection.execute(insert(events), rows)
    return len(rows)
