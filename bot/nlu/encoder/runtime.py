"""The tuned encoder as it runs: text in, embedding out, one sentence at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

LONGEST = 96
"""Word pieces that the encoder looks at."""


class Pieces:
    """Cuts texts into the encoder's word pieces, without fillers."""

    def __init__(self, definition: str) -> None:
        """Takes the content of a `tokenizer.json`."""
        self.definition = definition
        self._tokenizer = Tokenizer.from_str(definition)
        self._tokenizer.no_padding()  # the public file fills every text up to 128 pieces
        self._tokenizer.enable_truncation(LONGEST)

    def __call__(self, text: str) -> list[int]:
        """The text's pieces as numbers."""
        numbers: list[int] = self._tokenizer.encode(text).ids
        return numbers

    def __contains__(self, word: str) -> bool:
        """Whether a word in small letters is one piece."""
        return self._tokenizer.token_to_id(word) is not None

    def inside(self, text: str) -> list[int]:
        """The same without the marks at both ends."""
        numbers: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return numbers

    def words(self, text: str) -> list[str]:
        """The words that are cut into pieces, in small letters without accents."""
        normal = self._tokenizer.normalizer.normalize_str(text)
        return [word for word, _ in self._tokenizer.pre_tokenizer.pre_tokenize_str(normal)]


class SentenceEncoder:
    """Runs an exported encoder on one thread, since one message is too small to share."""

    def __init__(self, graph: bytes) -> None:
        """Takes the ONNX graph."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.graph = graph
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def __call__(self, pieces: Sequence[int]) -> NDArray[Any]:
        """The embedding of length one: (width,)."""
        embedding: NDArray[Any] = self._session.run(["embedding"], {"tokens": np.array([pieces], np.int64)})[0][0]
        return embedding
