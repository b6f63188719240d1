"""What a booking has to know: kind of consultation, time, name, e-mail, phone if wanted, and a yes."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from actions.booking_client import BookingClient
from actions.cards import slot_days
from actions.forms.step import SKIPPED, Filled, Heard, Refused, Slots, Step
from actions.say import Say, payload
from actions.services import Services
from actions.spoken import HERE
from actions.texts import text
from actions.turn import Turn
from actions.when import NoSuchDate, When, read_when
from actions.words import answer, pattern, plain, says
from bot.practice.catalog.queries import Catalogue

MOST_NAME = 100


class AppointmentKind(Step):
    """Video, in the practice, or what else the practice offers now."""

    slot = "appointment_type"

    def __init__(self, catalogue: Catalogue) -> None:
        """Takes the catalogue, which knows the kinds."""
        self.catalogue = catalogue

    @property
    def question(self) -> str:
        """Offers them."""
        return "utter_booking_appointment_type"

    def ask(self, slots: Slots, turn: Turn) -> Say:
        """A button for each kind, under the name that the practice gives it."""
        kinds = [kind for kind in self.catalogue.consultations().values() if kind.active]
        if not kinds:
            return Say("utter_booking_nothing_free")
        named = ((kind.name.get(turn.language) or kind.name["en"], kind.id) for kind in kinds)
        return Say(
            self.question, buttons=tuple({"title": name, "payload": payload("choose", appointment_type=kind)} for name, kind in named)
        )

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """By its entity; another kind has other times."""
        value = turn.entities.get(self.slot)
        return self._chosen(value, slots) if value else None

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """The same, or words that name one of them only here."""
        if heard := self.overhear(turn, slots):
            return heard
        value = answer(self.slot, turn.text) if turn.brief else None
        return self._chosen(value, slots) if value else None

    def _chosen(self, value: str, slots: Slots) -> Heard | None:
        """A kind that can be booked now."""
        kind = self.catalogue.consultations().get(value)
        if kind is None or not kind.active:
            return None
        another = slots.get(self.slot) not in (None, value)
        return Filled({self.slot: value, "start": None} if another else {self.slot: value})


class Start(Step):
    """A free time, tapped or typed; what was typed narrows what is offered."""

    eager = True

    def __init__(self, services: Services, slot: str, kind: Callable[[Slots], str], needed: Callable[[Slots], bool] = bool) -> None:
        """Takes the slot it fills, how the kind of appointment is known and when a time is needed."""
        self.booking: BookingClient = services.booking
        self.now = services.now
        self.horizon = timedelta(days=services.settings.booking_horizon_days)
        self.slot = slot
        self.kind = kind
        self._needed = needed

    def needed(self, slots: Slots) -> bool:
        """As given."""
        return self._needed(slots)

    @property
    def question(self) -> str:
        """Asked with the first free times; other words where a wish was told."""
        return "utter_booking_start"

    def ask(self, slots: Slots, turn: Turn) -> Say:
        """Free times that fit the wish, else those nearest after it, else the first ones."""
        wish = When.from_slot(slots.get("wish"))
        if wish is None:
            free = self._free(slots)
            return self._offer(self.question if free else "utter_booking_nothing_free", free, turn)
        if fitting := self._fitting(wish, slots):
            return self._offer("utter_booking_start_fitting", fitting, turn)
        if near := self._free(slots, wish.first) or self._free(slots):
            return self._offer("utter_booking_start_nearest", near, turn)
        return Say("utter_booking_nothing_free")

    def _offer(self, response: str, starts: list[datetime], turn: Turn) -> Say:
        days = slot_days(starts, self.slot, turn.language)
        shown = len({start.astimezone(HERE).date() for start in starts})
        if shown <= len(days):
            return Say(response, custom={"slots": days})
        last_shown = sorted({start.astimezone(HERE).date() for start in starts})[len(days) - 1]
        later = {"title": text("later", turn.language), "payload": payload("choose", more_after=last_shown.isoformat())}
        return Say(response, buttons=(later,), custom={"slots": days})

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A tapped time, a later page, or a wish in words."""
        if start := turn.entities.get(self.slot):
            return Filled({self.slot: start, "wish": None})
        if day := turn.entities.get("more_after"):
            following = datetime.fromisoformat(day).date() + timedelta(days=1)
            return Filled({"wish": When(first=following, last=following + self.horizon).as_slot()})
        if turn.tapped:
            return None
        local_now = self.now().astimezone(HERE)
        try:
            wish = read_when(turn.text, local_now)
        except NoSuchDate:
            return Refused(Say("utter_booking_no_such_date"))
        if wish is None:
            return None
        return self._for_wish(wish, slots, local_now)

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """The same as an answer; a day without a time keeps the time chosen before."""
        return self.read(turn, slots)

    def _for_wish(self, wish: When, slots: Slots, now: datetime) -> Heard:
        if wish.last and wish.last < now.date():
            return Refused(Say("utter_booking_past"))
        if wish.first and wish.first > (now + self.horizon).date():
            return Refused(Say("utter_booking_too_far"))
        before = slots.get(self.slot)
        if before:
            wish = wish.joined(When.at(datetime.fromisoformat(before).astimezone(HERE)))
        elif earlier := When.from_slot(slots.get("wish")):
            wish = wish.joined(earlier)
        if not self.kind(slots):
            return Filled({"wish": wish.as_slot()})
        fitting = self._fitting(wish, slots)
        if fitting and (wish.soonest or (wish.exact and wish.first is not None and wish.first == wish.last)):
            return Filled({self.slot: fitting[0].isoformat(), "wish": None})
        return Filled({self.slot: None, "wish": wish.as_slot()})

    def _fitting(self, wish: When, slots: Slots) -> list[datetime]:
        return [start for start in self._free(slots, wish.first, wish.last) if wish.fits(start.astimezone(HERE))]

    def _free(self, slots: Slots, first: date | None = None, last: date | None = None) -> list[datetime]:
        """Free starts from now or the first day on, to the last day or as far as can be booked."""
        now = self.now()
        start = max(now, datetime.combine(first, time(), HERE)) if first else now
        until = min(last, (now + self.horizon).date()) if last else None
        end = datetime.combine(until + timedelta(days=1), time(), HERE) if until else now + self.horizon
        return list(self.booking.free_slots(self.kind(slots), start, end)) if start < end else []


class Name(Step):
    """The name to book under."""

    slot = "name"

    @property
    def question(self) -> str:
        """Asks for it."""
        return "utter_booking_name"

    def recognise(self, turn: Turn, slots: Slots) -> Heard | None:
        """Words that say that a name follows."""
        return self.read(turn, slots) if says("name_follows", turn.text) else None

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A few words without digits that are no sentence about something else."""
        name = " ".join(_without_introduction(turn.text).strip(" .,!").split())
        if len(turn.text) > 2 * MOST_NAME or len(name) > MOST_NAME:
            return Refused(Say("utter_booking_name_too_long"))
        if turn.tapped or says("no", name) or says("yes", name) or set(turn.entities) & TELLING:
            return None
        if not _is_name(name):
            return Refused(Say("utter_booking_name_unclear")) if len(name.split()) <= 3 and "@" not in name else None
        if len(name.split()) > 6 or (turn.intent == "faq" and len(name.split()) > 3):
            return None
        return Filled({self.slot: name})


def _without_introduction(text: str) -> str:
    """The text after "my name is" and the like, if anything follows; counted in words, since the plain text may have fewer letters."""
    found = pattern("introduction").match(plain(text))
    return (" ".join(text.split()[len(found[0].split()) :]) if found else "") or text


def _is_name(text: str) -> bool:
    """Letters of any script with their marks, and what stands between the parts of a name."""
    return text[:1].isalpha() and all(unicodedata.category(sign)[0] in "LM" or sign in "'’.- " for sign in text)


TELLING = frozenset({"treatment", "treatment_asked", "concern", "command", "red_flag_kind", "appointment_type"})
"""Entities that no name has."""


class Email(Step):
    """The e-mail address of the booking."""

    slot = "email"

    def __init__(self, question: str) -> None:
        """Takes its question, since booking and looking up ask it differently."""
        self._question = question

    @property
    def question(self) -> str:
        """As given."""
        return self._question

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """Whatever has an @ in it, in any message."""
        found = re.search(r"[^\s<>,;]*@[^\s<>,;]*", turn.text) if not turn.tapped else None
        if not found:
            return None
        try:
            return Filled({self.slot: validate_email(found[0].strip(".:()!?\"'"), check_deliverability=False).normalized})
        except EmailNotValidError:
            return Refused(Say("utter_booking_email_invalid"))

    def recognise(self, turn: Turn, slots: Slots) -> Heard | None:
        """The same: an address may have words in it that speak of something else."""
        return self.overhear(turn, slots)

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """An address, or what was meant as one."""
        if heard := self.overhear(turn, slots):
            return heard
        return Refused(Say("utter_booking_email_invalid")) if re.fullmatch(r"\S+\.\S{2,}", turn.text.strip()) else None


class Phone(Step):
    """A telephone number, only if the visitor wants to give one."""

    slot = "phone"
    optional = True

    @property
    def question(self) -> str:
        """Says that it may be left out."""
        return "utter_booking_phone"

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A number that exists, Dutch unless it names its country; "no" leaves it out."""
        if not turn.tapped and len(re.findall(r"\d", turn.text)) >= 6:
            try:
                number = phonenumbers.parse(turn.text, "NL")
            except phonenumbers.NumberParseException:
                return Refused(Say("utter_booking_phone_invalid"))
            if not phonenumbers.is_valid_number(number):
                return Refused(Say("utter_booking_phone_invalid"))
            return Filled({self.slot: phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)})
        if turn.intent == "deny" or says("no", turn.text):
            return Filled({self.slot: SKIPPED})
        return None


class YesOrNo(Step):
    """A plain yes or no."""

    own_turn = True

    def __init__(
        self,
        slot: str,
        question: str,
        needed: Callable[[Slots], bool],
        ask: Callable[[Slots, Turn], Say] | None = None,
        optional: bool = False,
        means_yes: Callable[[Slots], str | None] = lambda slots: None,
    ) -> None:
        """Takes when it is needed, how it is asked where the question carries facts, and the kind of words that mean a yes to it only."""
        self.slot = slot
        self._question = question
        self._needed = needed
        self._ask = ask
        self.optional = optional
        self._means_yes = means_yes

    @property
    def question(self) -> str:
        """As given."""
        return self._question

    def needed(self, slots: Slots) -> bool:
        """As given."""
        return self._needed(slots)

    def ask(self, slots: Slots, turn: Turn) -> Say:
        """With its facts, where it has any."""
        return self._ask(slots, turn) if self._ask else Say(self.question)

    def claim(self, turn: Turn, slots: Slots) -> Heard | None:
        """A yes in the words of what was asked."""
        kind = self._means_yes(slots)
        return Filled({self.slot: "yes"}) if kind and says(kind, turn.text) else None

    def recognise(self, turn: Turn, slots: Slots) -> Heard | None:
        """The same, which the topic classifier takes for the wish to do it."""
        return self.claim(turn, slots)

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """A tapped button only."""
        value: Any = turn.entities.get(self.slot)
        return Filled({self.slot: value}) if turn.tapped and value in ("yes", "no") else None

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """By intent or by word."""
        if turn.intent == "deny" or says("no", turn.text):
            return Filled({self.slot: "no"})
        if turn.intent == "affirm" or says("yes", turn.text):
            return Filled({self.slot: "yes"})
        return None
