"""The questions of a message that asks several."""

import re
from collections.abc import Sequence

from bot.nlu.decision import Ranked

QUESTIONS = "questions"
"""Where a message's parse carries the labels of several questions, in the order in which they were asked."""

FORMS = frozenset({"find_treatment", "book_consultation", "my_appointment", "cancel_appointment", "reschedule_appointment"})
"""Tasks that open a form: only one of them can be begun, after the questions beside it are answered."""
ANSWERED = frozenset({"ask_price", "list_treatments", "practice_info", "privacy", "talk_to_human"})
"""Tasks that are done with one answer, as every topic is."""

MOST = 3
"""Questions of one message that are answered."""

ASKING = {
    "en": "what|whats|what's|why|how|hows|how's|when|where|wheres|where's|which|who|is|are|am|does|do|did|can|could|will|would|should|may|shall|has|have",
    "nl": "wat|waarom|hoe|hoeveel|hoelang|wanneer|waar|welke|welk|wie|is|zijn|ben|doet|doen|doe|kan|kunnen|kunt|kun|zal|zullen|zou|zouden|moet|moeten|mag|mogen|"
    "heeft|hebben|hebt|heb|helpt|werkt|krijg|krijgt|wordt",
}
"""Words with which a question begins."""

_ASKING = "|".join(ASKING.values())
_ENDS = re.compile(r"(?<=[.!?…])\s+|\s*[\n;]+\s*")
_GOES_ON = re.compile(rf"[,\s]+(?:and|en|also|ook|plus|&)\s+(?:(?:also|ook|dan|then)\s+)?(?=(?:{_ASKING})\b)", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:and|en|but|maar|so|dus|also|ook|oh|ow|ps|hi|hello|hallo|hoi|goedemorgen|goedemiddag)\b[\s,!.:]*)+", re.IGNORECASE
)
_QUESTION = re.compile(rf"^(?:{_ASKING})\b|\?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


def questions(text: str) -> list[str]:
    """The parts of a message that are questions of two words or more, in order; at most `MOST`.

    A part ends with its sentence, or where "and" goes on with another question: "what is a peel and what does it cost".
    """
    parts = [_LEAD.sub("", part).strip() for sentence in _ENDS.split(text) for part in _GOES_ON.split(sentence)]
    return [part for part in parts if _QUESTION.search(part) and not part.endswith(".") and len(_WORD.findall(part)) >= 2][:MOST]


def is_answered(label: str) -> bool:
    """Whether a label can be one of several questions; small talk beside a question is not."""
    return label.startswith("faq/") or label in ANSWERED | FORMS


def main_question(asked: Sequence[Ranked]) -> Ranked:
    """The question that gives a message its intent: the first that opens a form, else the first."""
    return next((ranked for ranked in asked if ranked.label in FORMS), asked[0])
