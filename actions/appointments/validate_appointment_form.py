"""Rasa's action for an existing appointment."""

from actions.appointments.form import AppointmentForm
from actions.forms.form import Form
from actions.forms.validate import ValidateForm


class ValidateAppointmentForm(ValidateForm):
    """Runs look-up, move and cancel."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "validate_appointment_form"

    def form(self, conversation: str) -> Form:
        """The form over the booking backend."""
        return AppointmentForm(self.services)
