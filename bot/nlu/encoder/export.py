"""The encoder's weights written as an ONNX graph by hand, so that neither torch nor transformers is needed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.quant_utils import add_pre_process_metadata

from bot.nlu.encoder.weights import WORDS, Shape, Weights, layer_count

OPSET = 17
"""The first operator set with LayerNormalization."""
IR_VERSION = 8
RUNTIME = "com.microsoft"
"""Domain of onnxruntime's own operators."""


class _Graph:
    """Collects nodes and constants; every method gives the name of what it makes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, domain=domain, **attributes))
        return output

    def fused(self, operator: str, *inputs: str, **attributes: object) -> str:
        """An operator of onnxruntime's own, which does the work of several."""
        return self.add(operator, *inputs, domain=RUNTIME, **attributes)


class _Bert:
    """The encoder for one sentence without fillers, node by node."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        self.graph = _Graph()
        self.weights, self.shape = weights, shape
        self.width: int = weights["embeddings.LayerNorm.weight"].shape[0]

    def sentence(self, tokens: str) -> str:
        """From tokens (1, places) to an embedding (1, width) of length one."""
        graph = self.graph
        hidden = self._embed(tokens)
        for number in range(layer_count(self.weights)):
            hidden = self._layer(hidden, f"encoder.layer.{number}.")
        mean = graph.add("ReduceMean", hidden, axes=[1], keepdims=0)
        return graph.add("LpNormalization", mean, axis=1, p=2)

    def _embed(self, tokens: str) -> str:
        graph = self.graph
        words = graph.add("Gather", self._weight(WORDS), tokens)
        # every sentence has type 0, so its embedding is part of the place's
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        places = graph.constant("places", self.weights["embeddings.position_embeddings.weight"] + kind)
        count = graph.add("Slice", graph.add("Shape", tokens), self._numbers(1), self._numbers(2))
        place = graph.add("Slice", places, self._numbers(0), count, self._numbers(0))
        return self._norm(graph.add("Add", words, place), "embeddings.LayerNorm")

    def _layer(self, hidden: str, name: str) -> str:
        hidden = self._add_norm(hidden, self._attend(hidden, name + "attention.self."), name + "attention.output.")
        inner = self._times(hidden, name + "intermediate.dense")
        inner = self.graph.fused("BiasGelu", inner, self._weight(name + "intermediate.dense.bias"))
        return self._add_norm(hidden, inner, name + "output.")

    def _attend(self, hidden: str, name: str) -> str:
        parts = [f"{name}{part}" for part in ("query", "key", "value")]
        weight = self.graph.constant(name + "weight", np.concatenate([self.weights[part + ".weight"].T for part in parts], axis=1))
        bias = self.graph.constant(name + "bias", np.concatenate([self.weights[part + ".bias"] for part in parts]))
        return self.graph.fused("Attention", hidden, weight, bias, num_heads=self.shape.heads)

    def _add_norm(self, hidden: str, inner: str, name: str) -> str:
        """What a sublayer makes of its input, added to the input and normalised."""
        made, bias = self._times(inner, name + "dense"), self._weight(name + "dense.bias")
        scale, offset = self._weight(name + "LayerNorm.weight"), self._weight(name + "LayerNorm.bias")
        return self.graph.fused("SkipLayerNormalization", hidden, made, scale, offset, bias, epsilon=self.shape.epsilon)

    def _times(self, inputs: str, name: str) -> str:
        return self.graph.add("MatMul", inputs, self.graph.constant(name + ".weight", self.weights[name + ".weight"].T))

    def _norm(self, inputs: str, name: str) -> str:
        scale, offset = self._weight(name + ".weight"), self._weight(name + ".bias")
        return self.graph.add("LayerNormalization", inputs, scale, offset, axis=-1, epsilon=self.shape.epsilon)

    def _weight(self, name: str) -> str:
        return self.graph.constant(name, self.weights[name])

    def _numbers(self, *values: int) -> str:
        return self.graph.constant("numbers_" + "_".join(map(str, values)), np.array(values, np.int64))


def to_onnx(weights: Weights, shape: Shape) -> onnx.ModelProto:
    """The encoder in 32 bits: input `tokens` (1, places), output `embedding` (1, width)."""
    bert = _Bert(weights, shape)
    result = bert.sentence("tokens")
    bert.graph.nodes.append(helper.make_node("Identity", [result], ["embedding"]))
    graph = helper.make_graph(
        bert.graph.nodes,
        "sentence_encoder",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "places"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, bert.width])],
        list(bert.graph.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    return model


def to_int8(model: onnx.ModelProto) -> bytes:
    """The graph with weights of 8 bits: a quarter of the size, four times as fast."""
    add_pre_process_metadata(model)  # nothing to prepare in a graph made for this; else it warns
    with TemporaryDirectory() as folder:
        target = Path(folder, "int8.onnx")
        # the type of what a fused operator gives can't be inferred
        quantize_dynamic(
            model, target, weight_type=QuantType.QInt8, per_channel=True, extra_options={"DefaultTensorType": TensorProto.FLOAT}
        )
        return target.read_bytes()
