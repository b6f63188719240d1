"""The overlap rule: two appointments overlap exactly when they share a unit of ten minutes.

Availability asks this rule, and the database holds it: a unit can be claimed once.
"""

from datetime import datetime, timedelta

UNIT_MINUTES = 10


def units(start: datetime, minutes: int) -> tuple[datetime, ...]:
    """The starts of the units that an appointment takes; its own start and length are whole units."""
    return tuple(start + timedelta(minutes=offset) for offset in range(0, minutes, UNIT_MINUTES))
