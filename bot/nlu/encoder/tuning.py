"""Fine-tuning of the sentence encoder in TensorFlow, so that examples of one label come together and labels apart."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bot.nlu.encoder.weights import WORDS, Shape, Weights, layer_count

logger = logging.getLogger(__name__)

Tokens = Sequence[Sequence[int]]
"""Word-piece numbers, one list a sentence."""

HIDES = -1e9
"""Added to the attention score of a place that only fills up the row."""


@dataclass(frozen=True)
class TuningPlan:
    """How the encoder is tuned."""

    epochs: int = 4
    """Rounds; the first sees each example."""
    hardest: float = 0.25
    """Share of the examples that each later round sees: those with the greatest loss when last seen. All again would bring no more for twice the time."""
    batch: int = 32
    """Examples a step."""
    frozen_layers: int = 2
    """Lowest layers left as they are; what they make of the examples is computed once."""
    layer_rate: float = 4e-4
    """Highest learning rate of the encoder's layers."""
    head_rate: float = 2e-3
    """Highest learning rate of the labels' directions."""
    scale: float = 20.0
    """What cosines are multiplied by before the softmax."""
    smoothing: float = 0.05
    """Share of the certainty that is spread over all labels."""
    dropout: float = 0.1
    """Share of the hidden values left out after each sublayer while tuning."""
    warmup: float = 0.1
    """Share of the steps in which the rate rises; afterwards it falls to zero in a line."""
    examples_for_centre: int = 16
    """Examples of a label from which its direction starts; more cost time and change little."""
    seed: int = 7
    """Makes two runs alike."""


class Encoder(tf.Module):
    """A BERT encoder with mean pooling, as sentence-transformers' all-MiniLM-L6-v2."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        """Takes the weights over; nothing is trainable yet but everything can be."""
        super().__init__()
        self.shape = shape
        self.layers = layer_count(weights)
        self.values = {name: tf.Variable(value, trainable=False) for name, value in weights.items()}

    def weights(self) -> Weights:
        """The weights as they are now."""
        return {name: variable.numpy() for name, variable in self.values.items()}

    def layer_variables(self, first: int) -> list[tf.Variable]:
        """The variables of the layers from `first` on."""
        return [v for name, v in self.values.items() if name.startswith("encoder.layer.") and int(name.split(".")[2]) >= first]

    def embed(self, tokens: tf.Tensor) -> tf.Tensor:
        """Word, place and type embeddings: (sentences, places) -> (sentences, places, width)."""
        places = self.values["embeddings.position_embeddings.weight"][: tf.shape(tokens)[1]]
        kind = self.values["embeddings.token_type_embeddings.weight"][0]
        return self._norm(tf.gather(self.values[WORDS], tokens) + places + kind, "embeddings.LayerNorm")

    def layers_between(self, hidden: tf.Tensor, mask: tf.Tensor, first: int, last: int, dropout: float = 0.0) -> tf.Tensor:
        """Runs the layers from `first` up to but without `last`; `mask` is 1 at words and 0 at fillers."""
        bias = ((1.0 - mask) * HIDES)[:, None, None, :]
        for number in range(first, last):
            layer = f"encoder.layer.{number}."
            attended = _drop(self._attend(hidden, bias, layer + "attention."), dropout)
            hidden = self._norm(hidden + attended, layer + "attention.output.LayerNorm")
            inner = tf.nn.gelu(self._dense(hidden, layer + "intermediate.dense"), approximate=False)
            hidden = self._norm(hidden + _drop(self._dense(inner, layer + "output.dense"), dropout), layer + "output.LayerNorm")
        return hidden

    def pool(self, hidden: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """The mean over the words, of length one."""
        return tf.math.l2_normalize(tf.einsum("bth,bt->bh", hidden, mask), axis=-1)

    def __call__(self, tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Sentence embeddings of padded tokens."""
        return self.pool(self.layers_between(self.embed(tokens), mask, 0, self.layers), mask)

    def _dense(self, inputs: tf.Tensor, name: str) -> tf.Tensor:
        weight = self.values[name + ".weight"]
        flat = tf.matmul(tf.reshape(inputs, (-1, weight.shape[1])), weight, transpose_b=True) + self.values[name + ".bias"]
        return tf.reshape(flat, tf.concat([tf.shape(inputs)[:-1], weight.shape[:1]], axis=0))

    def _norm(self, inputs: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(inputs, axes=-1, keepdims=True)
        scale = tf.math.rsqrt(variance + self.shape.epsilon) * self.values[name + ".weight"]
        return (inputs - mean) * scale + self.values[name + ".bias"]

    def _attend(self, hidden: tf.Tensor, bias: tf.Tensor, name: str) -> tf.Tensor:
        query, key, value = (self._split(self._dense(hidden, f"{name}self.{part}")) for part in ("query", "key", "value"))
        scores = tf.matmul(query, key, transpose_b=True) / float(np.sqrt(query.shape[-1]))
        mixed = tf.transpose(tf.matmul(tf.nn.softmax(scores + bias), value), (0, 2, 1, 3))
        return self._dense(tf.reshape(mixed, tf.shape(hidden)), name + "output.dense")

    def _split(self, inputs: tf.Tensor) -> tf.Tensor:
        size = tf.shape(inputs)
        heads = self.shape.heads
        return tf.transpose(tf.reshape(inputs, (size[0], size[1], heads, inputs.shape[-1] // heads)), (0, 2, 1, 3))


def _drop(inputs: tf.Tensor, share: float) -> tf.Tensor:
    return tf.nn.dropout(inputs, share) if share else inputs


def batches(lengths: Sequence[int] | NDArray[Any], size: int, random: np.random.Generator) -> Iterator[NDArray[Any]]:
    """Rows in batches of similar length, in random order, so that hardly any row has to be filled up."""
    order = np.argsort(np.asarray(lengths) + random.uniform(0, 1.5, len(lengths)), kind="stable")
    starts = random.permutation(np.arange(0, len(order), size))
    for start in starts:
        yield order[start : start + size]


def padded(tokens: Tokens) -> tuple[NDArray[Any], NDArray[Any]]:
    """Tokens as one array filled up with zeros, and the mask that says which are words."""
    width = max(map(len, tokens))
    rows = np.zeros((len(tokens), width), np.int32)
    mask = np.zeros((len(tokens), width), np.float32)
    for number, row in enumerate(tokens):
        rows[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return rows, mask


@dataclass(frozen=True)
class Tuned:
    """What tuning brings."""

    weights: Weights
    """The encoder's weights afterwards."""
    directions: NDArray[Any]
    """One direction of length one for each label: (labels, width)."""


def tune(weights: Weights, shape: Shape, tokens: Tokens, labels: NDArray[Any], plan: TuningPlan) -> Tuned:
    """Tunes the encoder on tokens and their label numbers: cosine to each label's direction, then softmax."""
    tf.keras.utils.set_random_seed(plan.seed)
    random = np.random.default_rng(plan.seed)
    encoder = Encoder(weights, shape)
    below = _below(encoder, tokens, plan)
    lengths = np.array([len(row) for row in tokens])
    directions = tf.Variable(_centres(encoder, below, labels, plan))
    seen = [len(tokens), *[max(1, round(plan.hardest * len(tokens)))] * (plan.epochs - 1)]
    step = _make_step(encoder, directions, plan, steps=sum(-(-count // plan.batch) for count in seen))
    losses = np.zeros(len(tokens), np.float32)
    for epoch, count in enumerate(seen, start=1):
        begun = time.monotonic()
        hardest = np.argsort(-losses, kind="stable")[:count]
        for places in batches(lengths[hardest], plan.batch, random):
            rows = hardest[places]
            losses[rows] = step(*_stacked([below[row] for row in rows]), labels[rows])
        seconds = time.monotonic() - begun
        logger.info("Tuning the sentence encoder: round %d of %d, loss %.3f, %.0f s", epoch, plan.epochs, losses[hardest].mean(), seconds)
    return Tuned(encoder.weights(), tf.math.l2_normalize(directions, axis=-1).numpy())


def _stacked(hidden: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hidden states of several sentences as one array filled up with zeros, and its mask."""
    width = max(map(len, hidden))
    rows = np.zeros((len(hidden), width, hidden[0].shape[1]), np.float32)
    mask = np.zeros((len(hidden), width), np.float32)
    for number, row in enumerate(hidden):
        rows[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return rows, mask


def _below(encoder: Encoder, tokens: Tokens, plan: TuningPlan) -> list[NDArray[Any]]:
    """What the frozen layers make of each sentence: (places, width) each."""

    @tf.function(input_signature=[tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None), tf.float32)])
    def run(rows: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        return encoder.layers_between(encoder.embed(rows), mask, 0, plan.frozen_layers)

    below: list[NDArray[Any]] = [np.empty(0)] * len(tokens)
    for rows in batches([len(row) for row in tokens], 128, np.random.default_rng(plan.seed)):
        hidden = run(*padded([tokens[row] for row in rows])).numpy()
        for row, states in zip(rows, hidden, strict=True):
            below[row] = states[: len(tokens[row])].astype(np.float16)  # half the memory, as good
    return below


def _centres(encoder: Encoder, below: list[NDArray[Any]], labels: NDArray[Any], plan: TuningPlan) -> NDArray[Any]:
    """The mean embedding of some examples of each label before tuning: where its direction starts."""
    run = _embedder(encoder, plan.frozen_layers)
    sums = np.zeros((int(labels.max()) + 1, below[0].shape[1]), np.float32)
    some = np.concatenate([np.flatnonzero(labels == label)[: plan.examples_for_centre] for label in range(len(sums))])
    for places in batches([len(below[row]) for row in some], 128, np.random.default_rng(plan.seed)):
        rows = some[places]
        np.add.at(sums, labels[rows], run(*_stacked([below[row] for row in rows])).numpy())
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)


def _embedder(encoder: Encoder, first: int) -> tf.types.experimental.GenericFunction:
    """A compiled function from hidden states below layer `first` to sentence embeddings."""

    @tf.function(input_signature=[tf.TensorSpec((None, None, None)), tf.TensorSpec((None, None))])
    def run(hidden: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        return encoder.pool(encoder.layers_between(hidden, mask, first, encoder.layers), mask)

    return run


def _make_step(encoder: Encoder, directions: tf.Variable, plan: TuningPlan, steps: int) -> tf.types.experimental.GenericFunction:
    """A compiled function that learns from one batch and gives each example's loss."""
    layers = encoder.layer_variables(plan.frozen_layers)
    for_layers = tf.keras.optimizers.Adam(_Triangle(plan.layer_rate, plan.warmup, steps), jit_compile=False)
    for_directions = tf.keras.optimizers.Adam(_Triangle(plan.head_rate, plan.warmup, steps), jit_compile=False)
    for_layers.build(layers)
    for_directions.build([directions])
    loss_of = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=plan.smoothing, reduction="none")

    @tf.function(input_signature=[tf.TensorSpec((None, None, None)), tf.TensorSpec((None, None)), tf.TensorSpec((None,), tf.int64)])
    def step(hidden: tf.Tensor, mask: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([*layers, directions])
            embedded = encoder.pool(encoder.layers_between(hidden, mask, plan.frozen_layers, encoder.layers, plan.dropout), mask)
            cosines = tf.matmul(embedded, tf.math.l2_normalize(directions, axis=-1), transpose_b=True)
            losses = loss_of(tf.one_hot(labels, tf.shape(directions)[0]), plan.scale * cosines)
            loss = tf.reduce_mean(losses)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, [*layers, directions]), 1.0)
        for_layers.apply_gradients(zip(gradients[:-1], layers))  # noqa: B905 - traced code knows no strict=
        for_directions.apply_gradients([(gradients[-1], directions)])
        return losses

    return step


class _Triangle(tf.keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises to its highest and then falls to zero, both in a line."""

    def __init__(self, highest: float, warmup: float, steps: int) -> None:
        self.highest, self.top, self.end = highest, max(1, int(warmup * steps)), steps

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        now = tf.cast(step, tf.float32)
        return self.highest * tf.minimum((now + 1) / self.top, tf.maximum(0.0, (self.end - now) / max(1, self.end - self.top)))
