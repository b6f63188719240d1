"""An appointment that exists: shown, moved or cancelled, after reference and e-mail have found it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.booking.steps import Email, Start, YesOrNo
from actions.booking_client import Appointment, BookingError
from actions.cards import appointment_card, consultation_name
from actions.forms.form import Form, Progress
from actions.forms.step import Filled, Heard, Refused, Slots, Step
from actions.say import Say
from actions.services import Services
from actions.spoken import spoken_moment
from actions.turn import Turn

TASKS = {"my_appointment": "show", "cancel_appointment": "cancel", "reschedule_appointment": "move"}


class Reference(Step):
    """The reference that the booking ended with."""

    slot = "reference"
    REFERENCE = re.compile(r"\bmd[\s\u2010-\u2015-]*([a-z0-9]{4})[\s\u2010-\u2015-]*([a-z0-9]{4})\b", re.IGNORECASE)

    @property
    def question(self) -> str:
        """Says what it looks like."""
        return "utter_appointment_reference"

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """In any message."""
        found = self.REFERENCE.search(turn.text) if not turn.tapped else None
        return Filled({self.slot: f"MD-{found[1]}-{found[2]}".upper()}) if found else None

    def recognise(self, turn: Turn, slots: Slots) -> Heard | None:
        """The same."""
        return self.overhear(turn, slots)

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A reference, or what was meant as one."""
        if heard := self.overhear(turn, slots):
            return heard
        return Refused(Say("utter_appointment_reference_unclear")) if re.search(r"\d", turn.text) and len(turn.words) <= 3 else None


class AppointmentForm(Form):
    """Finds an appointment and does with it what was asked."""

    paused = "utter_appointment_paused"
    stopped = "utter_appointment_stopped"

    def __init__(self, services: Services) -> None:
        """Takes the booking backend from the services."""
        self.booking = services.booking
        self.catalogue = services.catalogue
        self.start = Start(services, "new_start", kind=self._kind, needed=lambda slots: slots.get("appointment_task") == "move")
        self.steps = (
            Reference(),
            Email("utter_appointment_email"),
            self.start,
            YesOrNo(
                "confirm",
                "utter_appointment_confirm_cancel",
                needed=lambda slots: slots.get("appointment_task") != "show",
                ask=self._ask_to_confirm,
                means_yes=lambda slots: slots.get("appointment_task"),
            ),
        )
        self._appointment: Appointment | None = None

    def opened(self, turn: Turn, slots: Slots) -> Mapping[str, Any]:
        """What to do follows from what was asked for; asking for the appointment alone goes on with what was begun."""
        task = TASKS.get(turn.intent, "show")
        if task == "show" and slots.get("appointment_task"):
            return {}
        return {"appointment_task": task, "new_start": None, "confirm": None, "wish": None}

    def reset(self) -> dict[str, Any]:
        """Reference and e-mail are kept for the next question about the same appointment."""
        return {"appointment_task": None, "new_start": None, "confirm": None, "wish": None}

    def interrupted(self, slots: Slots) -> Progress | None:
        """An appointment that isn't found, or is cancelled already, ends it."""
        if not (slots.get("reference") and slots.get("email")):
            return None
        try:
            appointment = self._found(slots)
        except BookingError as error:
            if error.code != "not_found":
                raise
            return Progress(self.reset() | {"reference": None, "email": None}, (Say("utter_appointment_not_found"),))
        if appointment.status == "cancelled" and slots.get("appointment_task") != "show":
            return Progress(self.reset(), (Say("utter_appointment_already_cancelled"),))
        return None

    def finished(self, slots: Slots, turn: Turn) -> Progress:
        """Shows, cancels or moves."""
        task = slots.get("appointment_task")
        if task == "show":
            appointment = self._found(slots)
            response = "utter_appointment_shown" if appointment.status == "booked" else "utter_appointment_already_cancelled"
            return self._done(response, appointment, turn)
        if slots["confirm"] == "no":
            return self._done("utter_appointment_kept", self._found(slots), turn)
        try:
            return self._changed(slots, turn)
        except BookingError as error:
            if error.code == "too_late":
                return self._done("utter_appointment_too_late", self._found(slots), turn)
            if error.code not in ("slot_taken", "slot_not_offered"):
                raise
            emptied = {"new_start": None, "confirm": None, "wish": None}
            return Progress(emptied, (Say("utter_booking_slot_taken"), self.start.ask({**slots, **emptied}, turn)), "new_start")

    def _changed(self, slots: Slots, turn: Turn) -> Progress:
        reference, email = slots["reference"], slots["email"]
        if slots.get("appointment_task") == "cancel":
            return self._done("utter_appointment_cancelled", self.booking.cancel(reference, email), turn)
        return self._done("utter_appointment_moved", self.booking.move(reference, email, datetime.fromisoformat(slots["new_start"])), turn)

    def _done(self, response: str, appointment: Appointment, turn: Turn) -> Progress:
        return Progress(self.reset(), (Say(response, custom=self._card(appointment, turn)),))

    def _ask_to_confirm(self, slots: Slots, turn: Turn) -> Say:
        appointment = self._found(slots)
        card = self._card(appointment, turn)
        if slots.get("appointment_task") == "cancel":
            return Say("utter_appointment_confirm_cancel", custom=card)
        return Say("utter_appointment_confirm_move", spoken_moment(datetime.fromisoformat(slots["new_start"]), turn.language), custom=card)

    def _card(self, appointment: Appointment, turn: Turn) -> dict[str, Any]:
        name = consultation_name(self.catalogue, appointment.type, turn.language)
        return {"cards": [appointment_card(appointment, name, turn.language)]}

    def _kind(self, slots: Slots) -> str:
        """The kind of the appointment; empty as long as it isn't known which one."""
        if not (slots.get("reference") and slots.get("email")):
            return ""
        try:
            return self._found(slots).type
        except BookingError as error:
            if error.code != "not_found":
                raise
            return ""  # `interrupted` tells it

    def _found(self, slots: Slots) -> Appointment:
        """Looked up once a turn."""
        if self._appointment is None:
            self._appointment = self.booking.look_up(slots["reference"], slots["email"])
        return self._appointment
