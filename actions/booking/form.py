"""Booking a consultation: asks what is missing, reads everything back, and books after a yes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.booking.steps import AppointmentKind, Email, Name, Phone, Start, YesOrNo
from actions.booking_client import BookingError
from actions.cards import appointment_card, consultation_name
from actions.forms.form import Form, Progress
from actions.forms.step import SKIPPED, Slots
from actions.say import Say
from actions.services import Services
from actions.spoken import spoken_moment
from actions.texts import text
from actions.turn import Turn


class BookingForm(Form):
    """From the wish for a consultation to a reference."""

    paused = "utter_booking_paused"
    stopped = "utter_booking_stopped"

    def __init__(self, services: Services, conversation: str) -> None:
        """Takes the conversation's id, which makes a repeated booking the same booking."""
        self.services = services
        self.conversation = conversation
        self.start = Start(services, "start", kind=lambda slots: slots.get("appointment_type") or "")
        self.steps = (
            AppointmentKind(services.catalogue),
            self.start,
            Name(),
            Email("utter_booking_email"),
            Phone(),
            YesOrNo("share_findings", "utter_booking_share_findings", needed=lambda slots: bool(slots.get("findings")), optional=True),
            YesOrNo("confirm", "utter_booking_summary", needed=lambda slots: True, ask=self._read_back),
        )

    def reset(self) -> dict[str, Any]:
        """Also forgets the wish."""
        return super().reset() | {"wish": None}

    def finished(self, slots: Slots, turn: Turn) -> Progress:
        """Books; a time that has just been taken leads back to the choice of times, a failure to another try."""
        if slots["confirm"] == "no":
            return Progress({"confirm": None}, (Say("utter_booking_what_to_change"),), "confirm")
        name = consultation_name(
            self.services.catalogue, slots["appointment_type"], turn.language
        )  # what may fail comes before the booking
        try:
            appointment = self.services.booking.book(**_request(slots, turn.language), idempotency_key=self._key(slots))
        except BookingError as error:
            return self._not_booked(error, slots, turn)
        said = Say(
            "utter_booked", {"reference": appointment.reference}, custom={"cards": [appointment_card(appointment, name, turn.language)]}
        )
        # reference and e-mail are kept: the appointment can be looked up or cancelled in the same conversation without asking
        return Progress(
            self.reset() | {"email": slots["email"], "reference": appointment.reference, "booked": appointment.reference, "findings": None},
            (said,),
        )

    def _not_booked(self, error: BookingError, slots: Slots, turn: Turn) -> Progress:
        if error.code in ("slot_taken", "slot_not_offered"):
            emptied = {"start": None, "confirm": None, "wish": None}
            return Progress(emptied, (Say("utter_booking_slot_taken"), self.start.ask({**slots, **emptied}, turn)), "start")
        if error.code == "invalid":
            return Progress(
                {"confirm": None, "name": None, "email": None, "phone": None},
                (Say("utter_booking_refused"), Say("utter_booking_name")),
                "name",
            )
        return Progress({"confirm": None}, (Say("utter_booking_not_booked_now"),), "confirm")

    def _read_back(self, slots: Slots, turn: Turn) -> Say:
        """Everything that will be booked, as one card."""
        moment = spoken_moment(datetime.fromisoformat(slots["start"]), turn.language)
        facts = [text("moment", turn.language, **moment), slots["name"], slots["email"]]
        if slots.get("phone") not in (None, SKIPPED):
            facts.append(slots["phone"])
        if slots.get("findings"):
            facts.append(text("shared_yes" if slots.get("share_findings") == "yes" else "shared_no", turn.language))
        name = consultation_name(self.services.catalogue, slots["appointment_type"], turn.language)
        return Say("utter_booking_summary", custom={"cards": [{"title": name, "facts": facts}]})

    def _key(self, slots: Slots) -> str:
        """The same for the same booking in the same conversation, another after a booking has been made."""
        content = [self.conversation, slots.get("booked"), *(slots.get(step.slot) for step in self.steps)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _request(slots: Slots, language: str) -> dict[str, Any]:
    """What the backend is asked to book; findings only after the visitor's yes."""
    findings: Mapping[str, str] | None = slots.get("findings") if slots.get("share_findings") == "yes" else None
    return {
        "kind": slots["appointment_type"],
        "start": datetime.fromisoformat(slots["start"]),
        "name": slots["name"],
        "email": slots["email"],
        "phone": None if slots.get("phone") == SKIPPED else slots.get("phone"),
        "findings": findings,
        "language": language,
    }
