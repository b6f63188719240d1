"""The guided choice's questions: only what changes the advice, each with the answers it understands."""

import re

from actions.forms.step import Filled, Heard, Slots, Step
from actions.suitability.rules import ANSWERS
from actions.turn import Turn
from actions.words import alternatives, answer, plain, says

NOT = rf"\b(?:{alternatives('denied', 'says')})\b"


class Choice(Step):
    """A question with a few answers: tapped, or named in words that the entity finder knows or that answer just this question."""

    optional = True

    def __init__(
        self, slot: str, entities: dict[str, dict[str, str]] | None = None, essential: bool = False, unsure: str | None = None
    ) -> None:
        """Takes the entities that answer it besides its own, each with its values translated to answers, and the value for "I don't know"."""
        self.slot = slot
        self.entities = entities or {}
        self.essential = essential
        self.unsure = unsure

    @property
    def question(self) -> str:
        """Named after the slot."""
        return f"utter_guided_{self.slot}"

    def claim(self, turn: Turn, slots: Slots) -> Heard | None:
        """An "I don't know" where that is an answer of its own, which says more than leaving the question open."""
        return Filled({self.slot: self.unsure}) if self.unsure and says("unsure", turn.text) else None

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """An answer by its own entity."""
        value = turn.entities.get(self.slot)
        return Filled({self.slot: value}) if value in ANSWERS[self.slot] else None

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """Its own entity, another that answers it, or words that answer this question alone."""
        for entity, answers in self.entities.items():
            value = answers.get(turn.entities.get(entity, ""))
            if value:
                return Filled({self.slot: value})
        return self.overhear(turn, slots) or self.named(turn)

    def named(self, turn: Turn) -> Heard | None:
        """An answer by its own words, in a short message that denies nothing."""
        value = answer(self.slot, turn.text) if turn.brief and not re.search(NOT, plain(turn.text)) else None
        return Filled({self.slot: value}) if value else None


class Concern(Choice):
    """What it looks like: also told by describing it, which the topic classifier takes for a question about just that."""

    FEWEST_WORDS = 3
    """Fewer describe nothing: "hands" is a place."""
    OTHER_TOPICS = {"vitiligo_hypopigmentation": "hypopigmentation", "cause_sun": "sunspots"}
    """Topics that have not the name of the concern they are about."""

    def __init__(self) -> None:
        """The form waits for this answer; "I don't know" is one."""
        super().__init__("concern", essential=True, unsure="unknown")

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """As any choice, or by the topic of what was described; with the place where that was told as well."""
        heard = super().read(turn, slots) or self._described(turn)
        place = turn.entities.get("body_part")
        return Filled({**heard.slots, "body_part": place}) if heard and place in ANSWERS["body_part"] else heard

    def _described(self, turn: Turn) -> Heard | None:
        if turn.intent != "faq" or len(turn.words) < self.FEWEST_WORDS or not turn.ranking:
            return None
        topic = turn.ranking[0][0].removeprefix("faq/")
        concern = self.OTHER_TOPICS.get(topic, topic)
        return Filled({self.slot: concern}) if concern in ANSWERS[self.slot] else None


class YesNo(Choice):
    """A question answered by yes or no, in these or other words."""

    def __init__(self, slot: str, unsure: str | None = None, not_for: frozenset[str] = frozenset()) -> None:
        """Takes the value for "I don't know", and the concerns it is not asked for.

        The words that mean yes unless they are denied ("not pregnant") stand under the slot's name; under `<slot>_denied` those that mean
        yes when they are ("doesn't heal"), under `<slot>_no` those that mean no.
        """
        super().__init__(slot, unsure=unsure)
        yes, after = alternatives(slot, "stems"), alternatives("denied_after", "says")
        before = rf"{NOT} (?:\w+ ){{0,3}}?(?:{yes})\w*(?:,? (?:or|nor|of|noch) (?:\w+ )?(?:{yes})\w*)*"
        behind = rf"\b(?:(?:{yes})\w*(?:,| of|,? noch) )*(?:{yes})\w*(?: (?:{after}))* niet\b(?! meer| alleen)"
        self.denied = re.compile(rf"{before}|{behind}")
        denied = alternatives(f"{slot}_denied", "stems")
        always = alternatives(f"{slot}_denied_before", "stems")
        self.yes = re.compile(
            rf"\b(?:{yes})" + (rf"|{NOT} (?:\w+ )?(?:{denied})" if denied else "") + (rf"|\b(?:{always})" if always else "")
        )
        self.not_for = not_for

    def needed(self, slots: Slots) -> bool:
        """Unless the concern makes no difference to it."""
        return slots.get("concern") not in self.not_for

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """Yes or no by intent or by word; in doubt the careful answer."""
        if tapped := self.overhear(turn, slots):
            return tapped
        text = plain(turn.text)
        if says("unsure", text):
            if self.unsure:
                return Filled({self.slot: self.unsure})
            if self.yes.search(text):
                return Filled({self.slot: "yes"})
        if says(f"{self.slot}_no", text):
            return Filled({self.slot: "no"})
        refused = says("no", text)
        if (turn.intent == "affirm" and not refused) or says("yes", text) or self.yes.search(self.denied.sub("", text)):
            return Filled({self.slot: "yes"})
        denied = turn.intent == "deny" or refused or self.denied.search(text)
        return Filled({self.slot: "no"}) if denied else None


class Medicine(Choice):
    """Medicines that matter for light treatment and retinoids."""

    def __init__(self) -> None:
        """Asks for the class of medicine, never for a list of everything."""
        super().__init__("medicine", unsure="unsure")

    def needed(self, slots: Slots) -> bool:
        """Not for light spots: neither camouflage nor dermatography works with light."""
        return slots.get("concern") not in WITHOUT_LIGHT

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """A medicine by name or class; "no" is none, "yes" or "don't know" leaves the class open."""
        if named := self.overhear(turn, slots):
            return named
        if says("unsure", turn.text) or turn.intent == "affirm" or says("yes", turn.text):
            return Filled({self.slot: "unsure"})
        if turn.intent == "deny" or says("no", turn.text):
            return Filled({self.slot: "none"})
        value = answer(self.slot, turn.text)
        return Filled({self.slot: value}) if value and not turn.tapped else None


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
        if turn.intent == "deny" or says("no", turn.text):
            return Filled({self.slot: "nothing"})
        if value := None if turn.tapped else answer(self.slot, turn.text):
            return Filled({self.slot: value})
        return Filled({self.slot: "other"}) if turn.intent == "affirm" or says("yes", turn.text) else None


WITHOUT_LIGHT = frozenset({"hypopigmentation"})

STEPS: tuple[Step, ...] = (
    Concern(),
    Choice("body_part"),
    Choice("skin_tone"),
    YesNo("changes", unsure="unsure"),
    YesNo("pregnancy", not_for=WITHOUT_LIGHT | {"unknown"}),
    Medicine(),
    YesNo("sun", not_for=WITHOUT_LIGHT),
    Tried(),
)
