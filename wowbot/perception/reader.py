"""What every reader is: made once for one region, then asked once a frame.

Hot path: a reader works on small crops of the frame (views, never copies of the whole), keeps its scratch buffers, and
writes its readings straight into the frame's dictionary. It may raise; the pipeline turns that into unknowns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from wowbot.core.bindings import Bindings
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading

TextKind = Literal["number", "name", "level", "zone", "cast", "count", "time", "hotkey", "error", "plate"]
TextMode = Literal["gray", "min", "max", "red"]


class TextSpot(NamedTuple):
    """A place whose text shall be read, off the loop, when its pixels have changed.

    Args:
        key: unique name of the text, by which it comes back in `Hints.texts`; usually its term, e.g. "target.name".
        rect: frame pixels; NOWHERE for a text that moves, whose place its reader puts into `Hints.places`.
        kind: what may stand there; decides grammar and alphabet.
        mode: "gray" for coloured text (names, zones, levels), "min" (least channel) for white text on a colour, "max" for
            text of any bright colour over the world, "red" for red text.
        gate: a term that must not read 0 for the text to be there at all, e.g. "target.exists"; "" for none.
    """

    key: str
    rect: Rect
    kind: TextKind
    mode: TextMode = "gray"
    gate: str = ""


NOWHERE = Rect(0, 0, 0, 0)


class Text(NamedTuple):
    """The newest answer for a spot.

    Args:
        text: as recognised, stripped; "" when there was none.
        confidence: 0..1, that of the weakest character.
        fresh: the pixels still look as they did when it was read.
    """

    text: str
    confidence: float
    fresh: bool


@dataclass(slots=True)
class Hints:
    """What is known besides the pixels of this region; one object, filled anew for each frame.

    Args:
        index, t_ns: the frame's.
        last: all readings of the frame before (empty at the start and after a change of layout).
        texts: newest recognised text by spot key; a spot never read is absent.
        places: where the moving texts are on this frame, by spot key, frame pixels; NOWHERE makes its answer forgotten.
        still: one picture is looked at, and no other will follow it: what is else read in turns is read at once.
        recognise: reads a line of text at once, its text and least probability; None in the loop, where that takes too long.
    """

    index: int = 0
    t_ns: int = 0
    still: bool = False
    recognise: Callable[[Image, TextKind, TextMode], tuple[str, float]] | None = None
    last: Mapping[str, Reading] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    places: dict[str, Rect] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may ask for when it is made, besides its own region.

    Args:
        layout: the whole layout: era, ui_scale, frame size, neighbouring regions.
        bindings: spells by slot, auras by icon; empty without a profile.
        icons: the learned icon library, or None.
        shared: what readers of one layout tell each other about a frame, by a name of their choice: `UNIT.cast` is the
            box of the icon beside a unit's cast bar, None without one, `UNIT.auras` the bottom of its aura rows, 0 without.
    """

    layout: Layout
    bindings: Bindings = field(default_factory=Bindings)
    icons: Any = None
    shared: dict[str, Any] = field(default_factory=dict, repr=False)


class Reader(Protocol):
    """Reads one region.

    `provides` names every term it writes on each frame, whatever it saw (families of unknown size name their count), and
    `spots` the texts it wants. `period` n > 1: it is asked on every n-th frame only and its last readings are kept between.

    `watches` is all that it looks at, frame px, where it stands so that reading the same pixels there once more would say
    the same and leave it as it is: then it is not asked again before something changes there. () when it must be asked,
    because it goes by time, by texts, by other readings or by what was before. It may differ from frame to frame.

    Readers run in the order of the registry, so that a unit frame's `target.exists` is in `out` before bars ask.
    """

    period: ClassVar[int]
    provides: tuple[str, ...]
    spots: tuple[TextSpot, ...]
    watches: tuple[Rect, ...]

    def __init__(self, name: str, region: Region, context: Context) -> None: ...

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        """Write the readings of this region.

        Args:
            image: the whole frame, BGR uint8 (H, W, 3), read-only, of the layout's size.
            out: this frame's readings so far; write here.
            hints: see Hints.
        """


def unit_prefix(unit: str) -> str:
    """The prefix of a unit's terms: "" for the player, "target." for the target."""
    return "" if unit in ("", "player") else f"{unit}."


def region_unit(name: str, region: Region) -> str:
    """The unit a region belongs to: its option `unit`, else the first part of its name ("target.health" -> "target")."""
    return str(region.options.get("unit") or name.partition(".")[0])
