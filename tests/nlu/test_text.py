import pytest

from bot.nlu.text import LONGEST, has_words, is_command, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  what \n is\tmelasma ", "what is melasma"),
        ("cafe\u0301 au lait", "caf\u00e9 au lait"),
        ("mel\u200basma\ufeff", "melasma"),
        ("spot\x00s", "spots"),
        ("\x07\u202e", ""),
        ("a\u00a0b", "a b"),
    ],
)
def test_normalised(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_long_texts_are_cut() -> None:
    assert len(normalise("a" * 10_000)) == LONGEST


@pytest.mark.parametrize("text", ["", "🙂🙂", "12345", "?!", "Что такое мелазма", "色素沉着是什么", "ما هو الكلف", "a 色素沉着是什么"])
def test_nothing_to_read(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["ok", "één", "melasma 🙂", "50 euro", "<b>spots</b>", "Ağrı", "is it laser или"])
def test_something_to_read(text: str) -> None:
    assert has_words(text)


def test_commands_are_told_from_texts() -> None:
    assert is_command("/greet")
    assert not is_command("yes/no")
