"""A tiny random encoder and the data that fit it, so that tests need no trained model."""

import json
from collections.abc import Sequence

import numpy as np

from bot.nlu.encoder.runtime import Pieces
from bot.nlu.encoder.weights import Shape, Weights

WIDTH, INNER, LAYERS, PLACES = 16, 32, 2, 128
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "spot", "sun", "laser", "cost", "what", "is", "a", "the", "book", "brown"]
SHAPE = Shape(heads=4)


def weights(seed: int = 0) -> Weights:
    """Random weights under the public encoder's names."""
    random = np.random.default_rng(seed)
    sizes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        dense = {f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")}
        dense |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (INNER, WIDTH), "output.dense": (WIDTH, INNER)}
        for name, size in dense.items():
            sizes[f"{layer}{name}.weight"], sizes[f"{layer}{name}.bias"] = size, size[:1]
        norms += [layer + "attention.output.LayerNorm", layer + "output.LayerNorm"]
    made = {name: random.normal(0, 0.5, size).astype(np.float32) for name, size in sizes.items()}
    for name in norms:
        made[name + ".weight"] = random.uniform(0.5, 1.5, WIDTH).astype(np.float32)
        made[name + ".bias"] = random.normal(0, 0.1, WIDTH).astype(np.float32)
    return made


def spelling(letters: str) -> tuple[Pieces, Weights]:
    """Word pieces that can spell any word of these letters, and weights with as many embeddings."""
    words = [*WORDS, *letters, *(f"##{letter}" for letter in letters)]
    rows = np.random.default_rng(1).normal(0, 0.5, (len(words), WIDTH)).astype(np.float32)
    return pieces(words), weights() | {"embeddings.word_embeddings.weight": rows}


def pieces(words: Sequence[str] = WORDS) -> Pieces:
    """A word-piece tokenizer of a few words that, as the public one, fills up unless told not to."""
    kinds = ("single_word", "lstrip", "rstrip", "normalized")
    special = [{"id": n, "content": WORDS[n], "special": True} | dict.fromkeys(kinds, False) for n in range(4)]
    begin, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ("[CLS]", "[SEP]"))
    sentence = {"Sequence": {"id": "A", "type_id": 0}}
    filling = {"strategy": {"Fixed": 128}, "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
    lower = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
    definition = {
        "version": "1.0",
        "truncation": {"max_length": 128, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
        "padding": filling,
        "added_tokens": special,
        "normalizer": lower,
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, sentence, end],
            "pair": [begin, sentence, end, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {name: {"id": name, "ids": [n], "tokens": [name]} for n, name in ((2, "[CLS]"), (3, "[SEP]"))},
        },
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {word: n for n, word in enumerate(words)},
        },
    }
    return Pieces(json.dumps(definition))
