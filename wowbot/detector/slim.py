"""The network of the shipped model: YOLO's blocks and head, in sizes for small objects and for processors.

A nameplate is 3 to 8 px high in an input of 320, and FLARE's goblins 20, so that the finest of the three outputs has a
stride of 4 and the coarsest one of 16, where YOLO's own have 8 to 32. What would be dear so near the input is left out: one
convolution of 8 px goes straight to stride 4, boxes are told by four numbers and not by four histograms (as in YOLO26),
there is no second way down, and the activation is a plain one. 0.76 million parameters. Measured on the validation split
while the rate of learning was still high: mAP50 0.56 after 18000 pictures, 0.65 after 27000, 0.70 after 36000; YOLO11 at
half the width of its nano had 0.73 after 99000.
"""

from __future__ import annotations

from typing import Any

from wowbot.core.detection import CLASSES

FINE, MIDDLE, COARSE, DEEP = 32, 64, 96, 128
"""Channels at strides 4, 8, 16 and 32."""
Layer = list[Any]


def slim_table() -> dict[str, Any]:
    """The network as Ultralytics' model files tell it: [from, repeats, module, arguments] a layer."""
    backbone: list[Layer] = [
        [-1, 1, "Conv", [FINE, 8, 4, 2]], _block(FINE, 1, shortcut=True),  # 0, 1: stride 4
        _down(MIDDLE), _block(MIDDLE, 2, shortcut=True),  # 2, 3: stride 8
        _down(COARSE), _block(COARSE, 2, shortcut=True),  # 4, 5: stride 16
        _down(DEEP), _block(DEEP, 1, shortcut=True), [-1, 1, "SPPF", [DEEP, 5]],  # 6-8: stride 32
    ]  # fmt: skip
    head: list[Layer] = [
        *_up(5), _block(COARSE, 1),  # 9-11
        *_up(3), _block(MIDDLE, 1),  # 12-14
        [-1, 1, "Conv", [FINE, 1, 1]], *_up(1), _block(FINE, 1),  # 15-18
        [[18, 14, 11], 1, "Detect", ["nc"]],
    ]  # fmt: skip
    return {
        "nc": len(CLASSES),
        "reg_max": 1,
        "end2end": False,
        "activation": "nn.ReLU(inplace=True)",
        "backbone": backbone,
        "head": head,
    }


def _block(channels: int, repeats: int, *, shortcut: bool = False) -> Layer:
    return [-1, repeats, "C2f", [channels, shortcut]]


def _down(channels: int) -> Layer:
    return [-1, 1, "Conv", [channels, 3, 2]]


def _up(beside: int) -> list[Layer]:
    """Twice the size, and the backbone's layer of that size beside it."""
    return [[-1, 1, "nn.Upsample", [None, 2, "nearest"]], [[-1, beside], 1, "Concat", [1]]]
