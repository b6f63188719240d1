"""The guided choice's questions: only what changes the advice, each with the answers it understands."""

import re

from actions.forms.step import Filled, Heard, Slots, Step
from actions.suitability.rules import ANSWERS
from actions.turn import Turn

NO_WORDS = re.compile(r"^\W*(no|nope|none|nothing|never|not|nee|nooit|niets|geen|niks)\b", re.IGNORECASE)
YES_WORDS = re.compile(r"^\W*(yes|yeah|yep|yup|sure|ja|jazeker|zeker|klopt|i (do|am|have|did)(?! not\b| never\b))\b", re.IGNORECASE)
UNSURE_WORDS = re.compile(
    r"\b(not sure|unsure|no idea|i think|maybe|perhaps|don'?t know|dunno|weet (ik )?(het )?niet|geen idee|misschien)\b", re.IGNORECASE
)
NOT = r"(?:\b(?:not|never|no|nothing|none|niet|geen|nooit|niets)|n['’]?t)"


class Choice(Step):
    """A question with a few answers: tapped, or named in words that the entity finder knows."""

    optional = True

    def __init__(self, slot: str, entities: dict[str, dict[str, str]] | None = None, essential: bool = False) -> None:
        """Takes the entities that answer it besides its own, each with its values translated to answers."""
        self.slot = slot
        self.entities = entities or {}
        self.essential = essential

    @property
    def question(self) -> str:
        """Named after the slot."""
        return f"utter_guided_{self.slot}"

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """An answer by its own entity."""
        value = turn.entities.get(self.slot)
        return Filled({self.slot: value}) if value in ANSWERS[self.slot] else None

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """Its own entity, or another that answers it."""
        for entity, answers in self.entities.items():
            value = answers.get(turn.entities.get(entity, ""))
            if value:
                return Filled({self.slot: value})
        return self.overhear(turn, slots)


class YesNo(Choice):
    """A question answered by yes or no, in these or other words."""

    def __init__(self, slot: str, yes: str, yes_denied: str = "", unsure: str | None = None, not_for: frozenset[str] = frozenset()) -> None:
        """Takes a pattern of words that mean yes unless they are denied ("not pregnant"), one of words that mean yes when they are
        ("doesn't heal"), the value for "I don't know", and the concerns it is not asked for."""
        super().__init__(slot)
        self.denied = re.compile(rf"{NOT} (?:\w+ ){{0,3}}?(?:{yes})\w*(?:,? (?:or|nor|of|noch) (?:\w+ )?(?:{yes})\w*)*", re.IGNORECASE)
        self.yes = re.compile(rf"\b(?:{yes})" + (rf"|{NOT} (?:\w+ )?(?:{yes_denied})" if yes_denied else ""), re.IGNORECASE)
        self.unsure = unsure
        self.not_for = not_for

    def needed(self, slots: Slots) -> bool:
        """Unless the concern makes no difference to it."""
        return slots.get("concern") not in self.not_for

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """Yes or no by intent or by word; in doubt the careful answer."""
        if tapped := self.overhear(turn, slots):
            return tapped
        if self.unsure and UNSURE_WORDS.search(turn.text):
            return Filled({self.slot: self.unsure})
        if turn.intent == "affirm" or YES_WORDS.search(turn.text) or self.yes.search(self.denied.sub("", turn.text)):
            return Filled({self.slot: "yes"})
        denied = turn.intent == "deny" or NO_WORDS.search(turn.text) or self.denied.search(turn.text)
        return Filled({self.slot: "no"}) if denied else None


class Medicine(Choice):
    """Medicines that matter for light treatment and retinoids."""

    def __init__(self) -> None:
        """Asks for the class of medicine, never for a list of everything."""
        super().__init__("medicine")

    def needed(self, slots: Slots) -> bool:
        """Not for light spots: neither camouflage nor dermatography works with light."""
        return slots.get("concern") not in WITHOUT_LIGHT

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A medicine by name or class; "no" is none, "yes" or "don't know" leaves the class open."""
        if named := self.overhear(turn, slots):
            return named
        if UNSURE_WORDS.search(turn.text) or turn.intent == "affirm" or YES_WORDS.search(turn.text):
            return Filled({self.slot: "unsure"})
        if turn.intent == "deny" or NO_WORDS.search(turn.text):
            return Filled({self.slot: "none"})
        return None


class Tried(Choice):
    """What has been tried before."""

    KINDS = {
        "laser_pigment": "laser", "laser_tattoo": "laser", "ipl_pigment": "laser", "tca_peel": "peel", "retinol": "creams",
        "exfoliating_acids": "creams", "sunscreen": "creams", "microneedling": "other", "camouflage": "other", "dermatography": "other",
    }  # fmt: skip

    def __init__(self) -> None:
        """Knows treatments by name."""
        super().__init__("tried", {"treatment": self.KINDS})

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A treatment by name, a cream in general, or nothing."""
        if heard := super().read(turn, slots):
            return heard
        if turn.intent == "deny" or NO_WORDS.search(turn.text):
            return Filled({self.slot: "nothing"})
        if re.search(r"\b(cream|creme|crème|serum|zalf|ointment|lotion|gel|product)", turn.text, re.IGNORECASE):
            return Filled({self.slot: "creams"})
        return Filled({self.slot: "other"}) if turn.intent == "affirm" or YES_WORDS.search(turn.text) else None


WITHOUT_LIGHT = frozenset({"hypopigmentation"})

STEPS: tuple[Step, ...] = (
    Choice("concern", essential=True),
    Choice("body_part"),
    Choice("skin_tone"),
    YesNo(
        "changes",
        yes="chang|grow|grew|bigger|bleed|itch|crust|verander|groei|groter|bloed|jeuk|korst|geneest (?:nog )?niet",
        yes_denied="heal|genees",
        unsure="unsure",
    ),
    YesNo("pregnancy", yes="pregnan|breast ?feed|nursing|expecting|trying for|zwanger|borstvoeding", not_for=WITHOUT_LIGHT | {"unknown"}),
    Medicine(),
    YesNo("sun", yes=r"tan(?:ned)?\b|holiday|beach|sun ?bed|sunny|gebruind|vakantie|strand|zonnebank|bruin", not_for=WITHOUT_LIGHT),
    Tried(),
)
