"""Makes the toy models beside it (needs the package `onnx`, which only the train extra brings).

Each takes 1x3x64x64 and sees coloured squares of 8 px: red = class 0, green = class 3, blue = class 7; the score is how much
the colour exceeds the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
CLASSES = (
    "nameplate_hostile", "nameplate_neutral", "nameplate_friendly", "enemy", "corpse", "quest_mark", "resource_node",
    "bobber", "player",
)  # fmt: skip


def raw_nodes() -> tuple[list[Any], list[Any]]:
    """Mean of each 8 px cell, then a 1x1 convolution to 9 scores, under constant boxes."""
    weights = np.zeros((9, 3, 1, 1), np.float32)
    for channel, label in ((0, 0), (1, 3), (2, 7)):  # RGB
        weights[label, :, 0, 0] = -1.0
        weights[label, channel, 0, 0] = 1.0
    ys, xs = np.mgrid[0:8, 0:8]
    boxes = np.stack([xs * 8 + 4, ys * 8 + 4, np.full((8, 8), 8), np.full((8, 8), 8)]).reshape(1, 4, 64)
    consts = {"w": weights, "boxes": boxes.astype(np.float32), "flat": np.array([1, 9, 64], np.int64)}
    nodes = [
        helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Conv", ["cells", "w"], ["scores"]),
        helper.make_node("Relu", ["scores"], ["sure"]),
        helper.make_node("Reshape", ["sure", "flat"], ["rows"]),
        helper.make_node("Concat", ["boxes", "rows"], ["output0"], axis=1),
    ]
    return nodes, [numpy_helper.from_array(value, name) for name, value in consts.items()]


def save(name: str, nodes: list[Any], consts: list[Any], shapes: tuple[Any, Any], classes: tuple[str, ...]) -> None:
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, shapes[0])]
    outputs = [helper.make_tensor_value_info("output0", TensorProto.FLOAT, shapes[1])]
    graph = helper.make_graph(nodes, "toy", inputs, outputs, consts)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"names": str(dict(enumerate(classes)))} if classes else {})
    onnx.checker.check_model(model)
    onnx.save(model, str(HERE / f"{name}.onnx"))


def main() -> None:
    nodes, consts = raw_nodes()
    fixed = ([1, 3, 64, 64], [1, 13, 64])
    save("raw", nodes, consts, fixed, CLASSES)
    save("nameless", nodes, consts, fixed, ())
    save(
        "other_classes", nodes, consts, fixed, ("person", "bicycle", "car", "dog", "cat", "cow", "bus", "boat", "bird")
    )
    save("dynamic", nodes, consts, (["batch", 3, 64, 64], [1, 13, 64]), CLASSES)
    save("wrong_head", nodes, consts, fixed, CLASSES[:4])
    turn = [*nodes[:-1], helper.make_node("Concat", ["boxes", "rows"], ["all"], axis=1)]
    rows = np.array([[[8, 8, 24, 24, 0.9, 3], [40, 40, 56, 56, 0.2, 0], [0, 0, 8, 8, 0.8, 77]]], np.float32)
    zero = numpy_helper.from_array(np.zeros(1, np.float32), "zero")
    axes = numpy_helper.from_array(np.array([0, 1, 2], np.int64), "axes")
    end = [
        helper.make_node("ReduceSum", ["all", "axes"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["sum", "zero"], ["nothing"]),
        helper.make_node("Add", ["found", "nothing"], ["output0"]),
    ]
    consts_end = [*consts, zero, axes, numpy_helper.from_array(rows, "found")]
    save("end2end", [*turn, *end], consts_end, ([1, 3, 64, 64], [1, 3, 6]), CLASSES)


if __name__ == "__main__":
    main()
