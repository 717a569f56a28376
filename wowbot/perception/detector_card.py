"""What is known about a detector model: its card in MODELS.toml, and where models are looked up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wowbot.config import bind, data_dir, read_toml, user_dir
from wowbot.core.errors import ConfigError, DetectorError, nearest

CARDS = "MODELS.toml"


@dataclass(frozen=True, slots=True)
class Card:
    """One table of MODELS.toml.

    Args:
        file: name of the .onnx file beside the card.
        sha256: of that file, 64 hexadecimal digits.
        classes: names in the model's order.
        input_wh: size of the network's input, px.
        tile_px: side of the square of the frame that the network is shown at once; it is scaled to the input. 0 = all.
        architecture, licence, trained: for people: what it is, under which terms, on what and how long it was trained.
        scores: measured figures by name, for people; "evaluation" is the folder that holds the whole evaluation.
        confidence: below this a detection is not told.
    """

    file: str
    sha256: str
    classes: tuple[str, ...]
    input_wh: tuple[int, int]
    tile_px: int = 0
    architecture: str = ""
    licence: str = ""
    trained: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.35

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256.lower()) - set("0123456789abcdef"):
            raise ValueError(f"sha256: found {self.sha256!r}, expected 64 hexadecimal digits")
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError("classes: found none or one twice, expected the model's class names in its order")
        if Path(self.file).name != self.file:
            raise ValueError(f"file: found {self.file!r}, expected the name of a file beside {CARDS}")


def read_cards(path: Path) -> dict[str, Card]:
    """The cards of one MODELS.toml by name.

    Raises:
        DetectorError: broken, or a card that lacks something.
    """
    try:
        table = read_toml(path)
        loose = [name for name, card in table.items() if not isinstance(card, dict)]
        if loose:
            raise ConfigError(f"{path}: found the value {loose[0]!r}, expected a table a model, such as [world]")
        return {name: bind(Card, card, f"{path}: {name}") for name, card in table.items()}
    except ConfigError as error:
        raise DetectorError(str(error)) from error


def known_models() -> dict[str, tuple[Path, Card]]:
    """Every model by name: those of the package, then the user's own, which win.

    Raises:
        DetectorError: a MODELS.toml is broken.
    """
    found: dict[str, tuple[Path, Card]] = {}
    for folder in (data_dir("models"), user_dir() / "models"):
        if (folder / CARDS).is_file():
            found |= {name: (folder / card.file, card) for name, card in read_cards(folder / CARDS).items()}
    return found


def find_model(name: str) -> tuple[Path, Card | None]:
    """A model by name or by path; a file beside a MODELS.toml that names it comes with its card.

    Raises:
        DetectorError: there is none.
    """
    path = Path(name)
    if path.suffix.lower() in (".onnx", ".pt", ".xml") or path.parent != Path():
        if not path.is_file():
            raise DetectorError(f"{path}: no such model file. Give an .onnx file, or a name: {_listing()}")
        return path, _card_of(path)
    models = known_models()
    if name not in models:
        raise DetectorError(f"no detector {name!r}; there are: {_listing()}.{nearest(name, models)}")
    path, card = models[name]
    if not path.is_file():
        raise DetectorError(f"{path}: the file of detector {name!r} is missing. Install wowbot again, or train one")
    return path, card


def check_sum(path: Path, card: Card) -> None:
    """Compare a model file with its card.

    Raises:
        DetectorError: another file than the card speaks of.
    """
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != card.sha256.lower():
        raise DetectorError(
            f"{path}: its sha256 is {found[:16]}..., its card says {card.sha256[:16]}...: the file is damaged or another "
            f"one. Fetch it again, or write its own card with `wowbot train --export-only`"
        )


def write_card(folder: Path, name: str, card: Card) -> None:
    """Put a card into the folder's MODELS.toml, in place of an older one of that name."""
    path = folder / CARDS
    cards = read_cards(path) if path.is_file() else {}
    cards[name] = card
    path.write_text("\n".join(_toml(n, c) for n, c in sorted(cards.items())), encoding="utf-8")


def _toml(name: str, card: Card) -> str:
    import json

    quoted = {key: json.dumps(getattr(card, key), ensure_ascii=False) for key in _TEXTS}
    lines = [f"[{json.dumps(name)}]", *(f"{key} = {text}" for key, text in quoted.items() if text != '""')]
    lines.append(f"classes = {json.dumps(list(card.classes))}")
    lines.append(f"input_wh = {list(card.input_wh)}\ntile_px = {card.tile_px}\nconfidence = {card.confidence}")
    if card.scores:
        scores = (f"{json.dumps(key)} = {value:.4g}" for key, value in card.scores.items())
        lines.append("scores = { " + ", ".join(scores) + " }")
    return "\n".join(lines) + "\n"


_TEXTS = ("file", "sha256", "architecture", "licence", "trained")


def _card_of(path: Path) -> Card | None:
    beside = path.parent / CARDS
    if not beside.is_file():
        return None
    return next((card for card in read_cards(beside).values() if card.file == path.name), None)


def _listing() -> str:
    return ", ".join(sorted(known_models())) or "none"
