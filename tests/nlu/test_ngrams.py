import numpy as np

from bot.nlu.ngrams import Features, NgramModel, letter_grams, word_grams

TEXTS = ["brown spots on my face", "dark spots on cheeks", "what does laser cost", "price of the laser", "hallo goedemiddag", "hallo daar"]
LABELS = np.array([0, 0, 1, 1, 2, 2])


def test_grams_of_words_and_of_letters() -> None:
    assert word_grams(["brown", "spots"]) == ["= brown", "= spots", "= brown spots"]
    assert letter_grams(["ab"]) == ["_a", "ab", "b_", "_ab", "ab_", "_ab_"]
    assert word_grams([]) == letter_grams([]) == []


def test_grams_seen_once_are_left_out() -> None:
    features = Features.learn(["laser cost", "laser price"])
    assert "= laser" in features.vocabulary
    assert "= cost" not in features.vocabulary


def test_a_typing_mistake_keeps_the_label() -> None:
    model = NgramModel.learn(TEXTS, LABELS, seed=1)
    assert model.margins("lazer csot of laserr").argmax() == 1
    assert model.margins("SPOTS").argmax() == 0


def test_unknown_words_give_no_margin_beyond_the_offsets() -> None:
    model = NgramModel.learn(TEXTS, LABELS, seed=1)
    np.testing.assert_array_equal(model.margins("zzz"), model.offsets)
    np.testing.assert_array_equal(model.margins(""), model.offsets)


def test_two_labels_get_opposite_margins() -> None:
    model = NgramModel.learn(TEXTS[:4], LABELS[:4], seed=1)
    margins = model.margins("spots")
    assert margins.shape == (2,)
    assert margins[0] > margins[1]
