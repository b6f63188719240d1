"""One sentence, three ways to embed it: TensorFlow, ONNX and plain numpy must agree."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from scipy.special import erf

from bot.nlu.encoder.export import to_int8, to_onnx
from bot.nlu.encoder.runtime import LONGEST, SentenceEncoder
from bot.nlu.encoder.tuning import Encoder, TuningPlan, batches, padded, tune
from bot.nlu.encoder.weights import SHA256, PublicEncoder, Shape, Weights, WeightsError, public_encoder
from tests.nlu import tiny

SENTENCES = [[2, 4, 3], [2, 8, 9, 10, 13, 4, 3], [2, *[5, 6, 7] * 12, 3]]


def in_numpy(weights: Weights, shape: Shape, tokens: list[int]) -> np.ndarray:
    def norm(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt(x.var(-1, keepdims=True) + shape.epsilon) * weights[name + ".weight"] + weights[name + ".bias"]

    def dense(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weights[name + ".weight"].T + weights[name + ".bias"]

    x = weights["embeddings.word_embeddings.weight"][tokens] + weights["embeddings.position_embeddings.weight"][: len(tokens)]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    width = x.shape[1] // shape.heads
    for number in range(tiny.LAYERS):
        layer = f"encoder.layer.{number}."
        query, key, value = (dense(x, f"{layer}attention.self.{part}") for part in ("query", "key", "value"))
        mixed = np.empty_like(x)
        for head in range(shape.heads):
            part = slice(head * width, (head + 1) * width)
            scores = np.exp(query[:, part] @ key[:, part].T / np.sqrt(width))
            mixed[:, part] = scores / scores.sum(1, keepdims=True) @ value[:, part]
        x = norm(x + dense(mixed, layer + "attention.output.dense"), layer + "attention.output.LayerNorm")
        inner = dense(x, layer + "intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
        x = norm(x + dense(inner, layer + "output.dense"), layer + "output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_tensorflow_onnx_and_numpy_agree() -> None:
    weights = tiny.weights()
    onnx = SentenceEncoder(to_onnx(weights, tiny.SHAPE).SerializeToString())
    expected = np.array([in_numpy(weights, tiny.SHAPE, tokens) for tokens in SENTENCES])
    np.testing.assert_allclose([onnx(tokens) for tokens in SENTENCES], expected, atol=1e-5)
    np.testing.assert_allclose(Encoder(weights, tiny.SHAPE)(*padded(SENTENCES)), expected, atol=1e-5)


def test_eight_bits_stay_close() -> None:
    graph = to_onnx(tiny.weights(), tiny.SHAPE)
    full, small = SentenceEncoder(graph.SerializeToString()), SentenceEncoder(to_int8(graph))
    assert min(float(full(tokens) @ small(tokens)) for tokens in SENTENCES) > 0.9  # so few dimensions round worse than the real encoder's


@pytest.mark.slow
def test_tuning_brings_labels_apart_leaves_frozen_layers_and_repeats() -> None:
    weights = tiny.weights()
    tokens = [[2, word, 3] for word in (4, 5, 6, 7)] * 6
    labels = np.array([0, 0, 1, 1] * 6)
    plan = TuningPlan(epochs=8, batch=6, frozen_layers=1, layer_rate=3e-3, dropout=0.0)
    tuned, again = (tune(weights, tiny.SHAPE, tokens, labels, plan) for _ in range(2))

    embedded = Encoder(tuned.weights, tiny.SHAPE)(*padded(tokens[:4])).numpy()
    assert ((embedded @ tuned.directions.T).argmax(1) == labels[:4]).all()
    np.testing.assert_allclose(np.linalg.norm(tuned.directions, axis=1), 1, atol=1e-5)
    for name, value in weights.items():
        assert np.array_equal(value, tuned.weights[name]) == ("layer.1." not in name), name
    np.testing.assert_array_equal(tuned.directions, again.directions)


def test_later_rounds_see_a_part_of_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[list[int]] = []

    def recorded(lengths: Sequence[int], size: int, random: np.random.Generator) -> Iterator[NDArray[Any]]:
        rounds.append(list(lengths))
        return batches(lengths, size, random)

    monkeypatch.setattr("bot.nlu.encoder.tuning.batches", recorded)
    tokens = [*[[2, 4, 3]] * 40, *[[2, 5, 3]] * 40]
    plan = TuningPlan(epochs=3, hardest=0.25, batch=4, frozen_layers=1, layer_rate=3e-3, dropout=0.0)
    tune(tiny.weights(), tiny.SHAPE, tokens, np.array([0] * 40 + [1] * 40), plan)
    assert [len(lengths) for lengths in rounds[-3:]] == [80, 20, 20]


def test_batches_hold_each_row_once_and_similar_lengths() -> None:
    lengths = [3, 30, 4, 29, 5, 31, 3]
    found = list(batches(lengths, 4, np.random.default_rng(0)))
    assert sorted(np.concatenate(found)) == list(range(7))
    assert sorted(max(lengths[row] for row in rows) for rows in found) == [5, 31]


def test_pieces_are_not_filled_up_and_are_cut() -> None:
    pieces = tiny.pieces()
    assert pieces("what is") == [2, 8, 9, 3]
    assert len(pieces("spot " * 500)) == LONGEST


def test_weights_that_are_not_the_public_release_are_refused(tmp_path: pytest.TempPathFactory) -> None:
    encoder = PublicEncoder(tmp_path)
    encoder.weights_file.write_bytes(b"something else")
    with pytest.raises(WeightsError, match="not the public release"):
        encoder.load()


def test_the_installed_weights_are_the_public_release() -> None:
    assert public_encoder().weights_hash == SHA256


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.nlu.encoder.weights.PACKAGE", "no_such_package")
    with pytest.raises(WeightsError, match="no_such_package"):
        public_encoder()


def test_tensorflow_gives_embeddings_of_length_one() -> None:
    embedded = Encoder(tiny.weights(), tiny.SHAPE)(*padded(SENTENCES))
    np.testing.assert_allclose(tf.norm(embedded, axis=-1), 1, atol=1e-5)
