"""What a visitor typed, brought into one form before anything tries to understand it."""

import unicodedata

LONGEST = 2000
"""Characters that understanding looks at; what stands further back hardly ever changes the topic."""

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Unicode categories of control, zero-width, private and unassigned characters."""


def normalise(text: str) -> str:
    """The text composed (NFC), without invisible characters, with single blanks, at most `LONGEST` long."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])
    blanked = "".join(" " if letter.isspace() else letter for letter in composed)
    return " ".join("".join(letter for letter in blanked if unicodedata.category(letter) not in INVISIBLE).split())


def is_command(text: str) -> bool:
    """Whether the text is one of Rasa's own messages such as /greet, which are not for understanding."""
    return text.startswith("/")


def has_words(text: str) -> bool:
    """Whether at least half of the letters, and at least one, belong to the Latin script that the assistant reads."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return latin > 0 and 2 * latin >= len(letters)
