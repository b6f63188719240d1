import doctest

import pytest

from bot.practice import money
from bot.practice.money import NoPrice, read_price, spoken_price


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("50", 5000),
        ("50.00", 5000),
        ("50,00", 5000),
        ("50,5", 5050),
        ("€ 50", 5000),
        ("€\u00a050,-", 5000),
        ("50,--", 5000),
        ("50 euro", 5000),
        ("EUR 1234,56", 123456),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1.234", 123400),
        ("1 234,50", 123450),
        ("0", 0),
        ("25000", 2_500_000),
        ("", None),
        ("  ", None),
    ],
)
def test_prices_as_people_write_them(text: str, cents: int | None) -> None:
    assert read_price(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-5", "negative"),
        ("€ -5,00", "negative"),
        ("\u22125", "negative"),
        ("25000,01", "too_high"),
        ("9" * 500, "too_high"),
        ("fifty", "unreadable"),
        ("50,000,0", "unreadable"),
        ("1.23.456", "unreadable"),
        ("1.234.50", "unreadable"),
        ("50,123,45", "unreadable"),
        ("5e3", "unreadable"),
        ("٥٠", "unreadable"),
        ("50 60", "unreadable"),
        ("€", "unreadable"),
        ("50 $", "unreadable"),
    ],
)
def test_what_is_no_price_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(NoPrice) as caught:
        read_price(text)
    assert caught.value.code == code


def test_a_lowest_price_can_be_asked_for() -> None:
    with pytest.raises(NoPrice, match="too_low"):
        read_price("0,00", least=1)


@pytest.mark.parametrize(
    ("cents", "english", "dutch"), [(0, "€ 0.00", "€ 0,00"), (5, "€ 0.05", "€ 0,05"), (123456, "€ 1234.56", "€ 1234,56")]
)
def test_cents_become_euros(cents: int, english: str, dutch: str) -> None:
    assert (spoken_price(cents, "en"), spoken_price(cents, "nl")) == (english, dutch)


def test_the_examples_in_the_code_are_true() -> None:
    failed, tried = doctest.testmod(money)
    assert tried
    assert not failed
