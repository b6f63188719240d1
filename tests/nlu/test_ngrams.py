import numpy as np

from bot.nlu.ngrams import Features, NgramModel, Said, letter_grams, meaning_grams, word_grams


def english(text: str) -> Said:
    return text, text


TEXTS = [
    english("brown spots on my face"),
    english("dark spots on cheeks"),
    english("what does laser cost"),
    english("price of the laser"),
    ("hallo goedemiddag", "hello good afternoon"),
    ("hallo daar", "hello there"),
]
LABELS = np.array([0, 0, 1, 1, 2, 2])


def test_grams_of_words_and_of_letters() -> None:
    assert word_grams(["brown", "spots"]) == ["= brown", "= spots", "= brown spots"]
    assert letter_grams(["ab"]) == ["_a", "ab", "b_", "_ab", "ab_", "_ab_"]
    assert meaning_grams(["brown", "spots"]) == ["~= brown", "~= spots", "~= brown spots"]
    assert word_grams([]) == letter_grams([]) == []


def test_grams_seen_once_are_left_out() -> None:
    features = Features.learn([english("laser cost"), english("laser price")])
    assert "= laser" in features.vocabulary
    assert "= cost" not in features.vocabulary


def test_a_meaning_in_one_language_serves_the_other() -> None:
    model = NgramModel.learn(TEXTS, LABELS, seed=1)
    assert model.margins(("bonjour", "hello")).argmax() == 2
    assert model.margins(("vlekken", "spots")).argmax() == 0


def test_a_typing_mistake_keeps_the_label() -> None:
    model = NgramModel.learn(TEXTS, LABELS, seed=1)
    assert model.margins(english("lazer csot of laserr")).argmax() == 1
    assert model.margins(english("SPOTS")).argmax() == 0


def test_unknown_words_give_no_margin_beyond_the_offsets() -> None:
    model = NgramModel.learn(TEXTS, LABELS, seed=1)
    np.testing.assert_array_equal(model.margins(english("zzz")), model.offsets)
    np.testing.assert_array_equal(model.margins(english("")), model.offsets)


def test_two_labels_get_opposite_margins() -> None:
    model = NgramModel.learn(TEXTS[:4], LABELS[:4], seed=1)
    margins = model.margins(english("spots"))
    assert margins.shape == (2,)
    assert margins[0] > margins[1]
