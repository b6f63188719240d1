"""What is hidden in lists."""

import pytest

from bot.practice.console.masking import MASK, mask


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("mail anna@example.com please", f"mail {MASK} please"),
        ("call 06-12 34 56 78", f"call {MASK}"),
        ("+31 (0)20 123 4567!", f"{MASK}!"),
        ("my reference is md-abcd-efgh", f"my reference is {MASK}"),
        ("it costs 75 euros, on 12-11 at 14:30", "it costs 75 euros, on 12-11 at 14:30"),
        ("", ""),
    ],
)
def test_masked(said: str, masked: str) -> None:
    assert mask(said) == masked


def test_what_is_known_of_a_person() -> None:
    assert mask("ANNA de vries and Annabel", ["Anna de Vries", "Anna", ""]) == f"{MASK} and Annabel"
