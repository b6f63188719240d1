"""Outcomes made up by hand."""

from bot.evaluation.outcomes import AlarmOutcome, Outcome
from bot.evaluation.phrases import AlarmPhrase, Phrase
from bot.evaluation.understanding import from_parse


def outcome(
    accept: str,
    intent: str,
    ranking: str = "",
    *,
    text: str = "x",
    kind: str | None = None,
    style: str | None = None,
    language: str = "en",
    understood_as: str = "en",
    near_red_flag: bool = False,
    flag: bool = False,
    confidence: float = 0.9,
    ms: float = 1.0,
) -> Outcome:
    """Labels in `accept` and `ranking` stand with spaces between them; the ranking begins with the intent unless given."""
    labels = accept.split()
    phrase = Phrase(text, frozenset(labels), labels[0], kind, style, 1, language, near_red_flag)
    names = (ranking or intent).split()
    parse = {
        "intent": {"name": "faq" if intent.startswith("faq/") else intent, "confidence": confidence, "full_retrieval_intent_name": intent},
        "intent_ranking": [{"name": name, "confidence": confidence} for name in names],
        "language": understood_as,
        "red_flag": {"kind": "mole"} if flag else None,
    }
    return Outcome(phrase, from_parse(parse), ms)


def alarm(*, red_flag: bool, flagged: bool, language: str = "en") -> AlarmOutcome:
    """Whether a phrase is a red flag, and whether it was taken for one."""
    return AlarmOutcome(AlarmPhrase("x", red_flag, language), flagged)
