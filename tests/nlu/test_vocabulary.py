"""Words of the examples that become word pieces of their own."""

import numpy as np

from bot.nlu.encoder.vocabulary import LEAST, MOST, new_words, widen
from bot.nlu.encoder.weights import WORDS
from tests.nlu import tiny


def test_a_frequent_new_word_becomes_one_piece_that_starts_as_the_mean_of_its_old_ones() -> None:
    pieces, weights = with_letters()
    old = pieces.inside("vlek")
    wider, wide = widen(pieces, weights, ["a vlek", "the Vlék", "vlek"])
    (number,) = wider.inside("vlek")
    assert number == len(weights[WORDS]) and len(old) == 4
    np.testing.assert_allclose(wide[WORDS][number], weights[WORDS][old].mean(axis=0), rtol=1e-6)


def test_what_was_known_stays_as_it_was() -> None:
    pieces, weights = with_letters()
    wider, wide = widen(pieces, weights, ["vlek"] * LEAST)
    assert wider("the spot is a sun") == pieces("the spot is a sun")
    np.testing.assert_array_equal(wide[WORDS][: len(weights[WORDS])], weights[WORDS])


def test_known_rare_and_numbered_words_are_left_alone() -> None:
    pieces, weights = with_letters()
    texts = ["spot"] * LEAST + ["vlek"] * (LEAST - 1) + ["vlek50"] * LEAST
    assert new_words(pieces, texts) == []
    assert widen(pieces, weights, texts) == (pieces, weights)


def test_the_most_frequent_words_come_first_and_not_too_many() -> None:
    pieces, _ = with_letters()
    many = [f"{first}{second}{third}{fourth}" for first in LETTERS for second in LETTERS for third in LETTERS for fourth in LETTERS]
    words = new_words(pieces, many * LEAST + ["zzzz"])
    assert len(words) == MOST and words[0] == "zzzz"


LETTERS = "vlekzonm"


def with_letters() -> tuple[tiny.Pieces, tiny.Weights]:
    """The tiny encoder, which knows single letters as well."""
    return tiny.spelling(LETTERS)
