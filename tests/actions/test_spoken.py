import doctest

import pytest

import actions.say
import actions.spoken
from actions.spoken import spoken_price


def test_the_examples_in_the_code_are_true() -> None:
    for module in (actions.spoken, actions.say):
        failed, tried = doctest.testmod(module)
        assert tried
        assert not failed


@pytest.mark.parametrize(
    ("cents", "english", "dutch"), [(0, "€ 0.00", "€ 0,00"), (5, "€ 0.05", "€ 0,05"), (123456, "€ 1234.56", "€ 1234,56")]
)
def test_cents_become_euros(cents: int, english: str, dutch: str) -> None:
    assert (spoken_price(cents, "en"), spoken_price(cents, "nl")) == (english, dutch)
