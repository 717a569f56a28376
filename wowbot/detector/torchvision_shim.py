"""Makes `import torchvision` work where its compiled part does not match a CPU-only PyTorch.

PyPI's torchvision is built against CUDA's libraries; beside a CPU build of torch its operators are not registered and the
import fails with "operator torchvision::nms does not exist" (measured with 0.28.0 and torch 2.13.0). Training needs only
suppression, which is registered here in PyTorch itself. Nothing happens where torchvision is sound.
"""

from __future__ import annotations

import sys
from typing import Any

_KEPT: list[Any] = []
"""PyTorch forgets operators whose library object is gone."""


def ensure_torchvision() -> bool:
    """Import torchvision, mended where need be; returns whether it had to be mended."""
    import torch

    try:
        import torchvision
    except RuntimeError:
        for name in [m for m in sys.modules if m.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
    else:
        torchvision.ops.nms  # noqa: B018  (the attribute is what training asks for)
        return False
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", _nms, "CPU")
    _KEPT.append(library)
    import torchvision.ops.boxes

    torchvision.ops.boxes._assert_has_ops = lambda: None
    return True


def _nms(dets: Any, scores: Any, iou_threshold: float) -> Any:
    """Indices of the boxes that stay, best first."""
    import torch

    order, kept = scores.argsort(descending=True), []
    area = (dets[:, 2] - dets[:, 0]) * (dets[:, 3] - dets[:, 1])
    while order.numel():
        first, rest = order[0], order[1:]
        kept.append(first)
        low, high = torch.maximum(dets[rest, :2], dets[first, :2]), torch.minimum(dets[rest, 2:4], dets[first, 2:4])
        side = (high - low).clamp(min=0)
        shared = side[:, 0] * side[:, 1]
        order = rest[shared / (area[rest] + area[first] - shared) <= iou_threshold]
    return torch.stack(kept) if kept else torch.zeros(0, dtype=torch.long)
