"""A conversation in memory."""

import copy

from rasa.shared.core.trackers import DialogueStateTracker


class Conversation(DialogueStateTracker):
    """Rasa's tracker, copied as it stands: Rasa says everything again in a second one, for each action."""

    def copy(self) -> "Conversation":
        """One that goes its own way from here; what was said and done is shared, since it doesn't change."""
        twin = copy.copy(self)
        twin.events = copy.copy(self.events)
        twin.slots = copy.copy(self.slots)
        twin.slots.update({name: copy.copy(slot) for name, slot in self.slots.items()})
        twin.active_loop = copy.copy(self.active_loop)
        return twin
