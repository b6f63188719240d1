"""Rasa's action for the guided choice."""

from actions.forms.form import Form
from actions.forms.validate import ValidateForm
from actions.guided.form import GuidedForm
from actions.suitability.rules import load_rules


class ValidateGuidedForm(ValidateForm):
    """Runs the guided choice."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "validate_guided_form"

    def form(self, conversation: str) -> Form:
        """The form over the catalogue and the rules as they are now, so that a changed rule counts at once."""
        return GuidedForm(self.services, load_rules)
