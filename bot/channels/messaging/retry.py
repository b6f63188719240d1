"""When to try again."""

import random

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 600.0
MOST_ATTEMPTS = 12
"""About half an hour in all."""
GIVE_UP_SECONDS = 24 * 3600.0
"""Older than this nothing is tried again, however often it was put off."""


def back_off(attempts: int) -> float:
    """Seconds to wait after so many failed attempts: twice as long each time, and never for all at the same moment."""
    return min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** max(0, attempts - 1)) * random.uniform(0.5, 1.5)
