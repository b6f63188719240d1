import inspect

from actions.booking_client import BookingClient
from tests.actions.fake_booking import FakeBooking


def test_the_fake_takes_the_calls_of_the_real_client() -> None:
    calls = {name for name, member in vars(BookingClient).items() if inspect.isfunction(member) and not name.startswith("_")}
    assert calls
    for call in calls:
        assert inspect.signature(getattr(FakeBooking, call)) == inspect.signature(getattr(BookingClient, call)), call
