"""Rasa's action for booking."""

from actions.booking.form import BookingForm
from actions.forms.form import Form
from actions.forms.validate import ValidateForm


class ValidateBookingForm(ValidateForm):
    """Runs the booking."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "validate_booking_form"

    def form(self, conversation: str) -> Form:
        """The form of this conversation."""
        return BookingForm(self.services, conversation)
