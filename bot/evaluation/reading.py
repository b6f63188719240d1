"""Having the model read phrases, by the clock."""

import time
from collections.abc import Sequence
from typing import Any

from bot.channels.incoming import Said
from bot.evaluation.metrics import Outcome
from bot.evaluation.phrases import Phrase
from bot.evaluation.understanding import from_parse

WARM_UP = 20
"""Messages read before the clock counts: the first ones fill caches."""


async def read(agent: Any, phrases: Sequence[Phrase]) -> list[Outcome]:
    """Reads each phrase as a message of its own, as the web channel hands it on, and takes the time of each."""
    typed = [Said("", text=phrase.text).for_dialogue for phrase in phrases]
    for text in typed[:WARM_UP]:
        await agent.parse_message(text)
    outcomes = []
    for phrase, text in zip(phrases, typed, strict=True):
        start = time.perf_counter()
        parse = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - start)
        outcomes.append(Outcome(phrase, from_parse(parse), milliseconds))
    return outcomes
