"""Why something can't be booked, found, moved or cancelled."""

from datetime import datetime


class BookingRefused(Exception):
    """A request that can't be fulfilled; `code` is its name in the API."""

    code = "refused"


class SlotTaken(BookingRefused):
    """Somebody else has this time."""

    code = "slot_taken"

    def __init__(self, alternatives: tuple[datetime, ...] = ()) -> None:
        super().__init__("the time is taken")
        self.alternatives = alternatives
        """The nearest free starts, in order of time."""


class SlotNotOffered(BookingRefused):
    """No start that the practice offers: past, too soon, too far ahead, outside hours, a holiday or between two starts."""

    code = "slot_not_offered"

    def __init__(self, alternatives: tuple[datetime, ...] = ()) -> None:
        super().__init__("the time is not offered")
        self.alternatives = alternatives
        """The nearest free starts, in order of time."""


class IdempotencyConflict(BookingRefused):
    """The idempotency key was used before, for another booking."""

    code = "idempotency_conflict"

    def __init__(self) -> None:
        super().__init__("the idempotency key was used for another booking")


class NotFound(BookingRefused):
    """No appointment of this reference and e-mail address; which of the two is wrong stays untold."""

    code = "not_found"

    def __init__(self) -> None:
        super().__init__("no appointment of this reference and e-mail address")


class TooLate(BookingRefused):
    """The appointment has begun or is over."""

    code = "too_late"

    def __init__(self) -> None:
        super().__init__("the appointment has begun or is over")


class UnknownType(BookingRefused):
    """There is no such kind of consultation."""

    code = "invalid"

    def __init__(self) -> None:
        super().__init__("type: there is no such kind of consultation")
