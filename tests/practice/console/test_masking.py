"""What is hidden in lists and exports, and what is not."""

import pytest

from bot.practice.console.masking import MASK, mask


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        # e-mail addresses, numbers, references
        ("mail anna@example.com please", f"mail {MASK} please"),
        ("call 06-12 34 56 78", f"call {MASK}"),
        ("bel me op +31 6 12345678 of 020 123 4567", f"bel me op {MASK} of {MASK}"),
        ("+31 (0)20 123 4567!", f"{MASK}!"),
        ("my reference is md-abcd-efgh", f"my reference is {MASK}"),
        ("mijn bsn is 123456782", f"mijn bsn is {MASK}"),
        ("BSN 1234.56.782.", f"BSN {MASK}."),
        ("refund to NL91 ABNA 0417 1643 00 please", f"refund to {MASK} please"),
        ("nl91abna0417164300", MASK),
        # addresses
        ("I live at Kerkstraat 12", f"I live at {MASK}"),
        ("ik woon op de kerkstraat 12a, 1234 AB Utrecht", f"ik woon op {MASK}, {MASK} Utrecht"),
        ("Prins van de Kerklaan 3", MASK),
        ("06-12-34-56-78", MASK),
        ("Oudegracht 112 B", MASK),
        ("postcode 3511ab", f"postcode {MASK}"),
        ("221b Baker Street, near the park", f"{MASK}, near the park"),
        # names
        ("my name is Anna de Vries and I have spots", f"my name is {MASK} and I have spots"),
        ("my name is anna, what helps", f"my name is {MASK}, what helps"),
        ("Ik heet Joris van den Berg. Wat kost een peeling?", f"Ik heet {MASK}. Wat kost een peeling?"),
        ("ik heet fatima el amrani en ik heb melasma", f"ik heet {MASK} en ik heb melasma"),
        ("mijn naam is Jan-Willem van 't Hoff", f"mijn naam is {MASK}"),
        ("naam: Sanne Bakker", f"naam: {MASK}"),
        ("U spreekt met P. de Boer", f"U spreekt met {MASK}"),
        ("Can I come? Regards, Peter Jansen", f"Can I come? Regards, {MASK}"),
        ("met vriendelijke groet, Els", f"met vriendelijke groet, {MASK}"),
        ("afspraak bij mevrouw Jansen", f"afspraak bij mevrouw {MASK}"),
        ("I'm Anna Bakker from Utrecht", f"I'm {MASK} from Utrecht"),
    ],
)
def test_masked(said: str, masked: str) -> None:
    assert mask(said) == masked


@pytest.mark.parametrize(
    "said",
    [
        "",
        "it costs 75 euros, on 12-11 at 14:30",
        "skin type 4",
        "huidtype 4 of 5",
        "from € 75,00 to € 1.250,00",
        "born 12-03-1985",
        "on 12-11-2026 14.30 or 2026-11-30",
        "op 3 april 2026 om 10.00 uur",
        "spf 50, 3 times a day, since 2019",
        "laser of 1064 nm",
        "1500 mg a day",
        "in 2024 en 2025",
        "sinds 2019 is het erger",
        "ik ben onderweg 10 minuten",
        "I'm pregnant and 32 years old",
        "I'm Dutch",
        "ik ben Nederlands",
        "is my name private",
        "mijn naam is niet belangrijk",
        "groetjes en bedankt",
        "hello, my name is not important",
        "kan ik na 2 weken weer zonnen",
        "microneedling 3 keer, 100 - 150 euro",
    ],
)
def test_left_alone(said: str) -> None:
    assert mask(said) == said


def test_what_is_known_of_a_person() -> None:
    assert mask("ANNA de vries and Annabel", ["Anna de Vries", "Anna", ""]) == f"{MASK} and Annabel"


def test_twice_is_the_same_as_once() -> None:
    once = mask("ik heet Anna de Vries, 06 12345678, Kerkstraat 12, anna@example.com")
    assert mask(once) == once and once.count(MASK) == 4
