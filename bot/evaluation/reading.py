"""Having the model read phrases, by the clock."""

import time
from collections.abc import Sequence
from typing import Any

from bot.channels.incoming import Said
from bot.evaluation.outcomes import AlarmOutcome, Outcome
from bot.evaluation.phrases import AlarmPhrase, Phrase
from bot.evaluation.understanding import from_parse

WARM_UP = 20
"""Messages read before the clock counts: the first ones fill caches."""


async def read(agent: Any, phrases: Sequence[Phrase]) -> list[Outcome]:
    """Reads each phrase as a message of its own, as the web channel hands it on, and takes the time of each."""
    typed = [_typed(phrase.text) for phrase in phrases]
    for text in typed[:WARM_UP]:
        await agent.parse_message(text)
    outcomes = []
    for phrase, text in zip(phrases, typed, strict=True):
        start = time.perf_counter()
        parse = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - start)
        outcomes.append(Outcome(phrase, from_parse(parse), milliseconds))
    return outcomes


async def read_alarms(agent: Any, phrases: Sequence[AlarmPhrase]) -> list[AlarmOutcome]:
    """Reads each phrase as `read` does, for its red flag alone."""
    return [AlarmOutcome(phrase, from_parse(await agent.parse_message(_typed(phrase.text))).flagged) for phrase in phrases]


def _typed(text: str) -> str:
    return Said("", text=text).for_dialogue
