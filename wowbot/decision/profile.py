"""A profile: one TOML beside one action priority list. The schema is the dataclasses below.

`configs/profiles/mage.toml` names `mage.simc`; together they are everything the agent knows about a class or a game.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from wowbot.config import bind, find, read_toml
from wowbot.core.bindings import Aura, Bindings, Spell
from wowbot.core.errors import ProfileError
from wowbot.core.layout import Era

Dialect = Literal["modern", "pre2015", "wotlk", "hekili"]


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """Which window is the game: exact title plus WM_CLASS (X11) or executable (Windows, macOS)."""

    title: str = "World of Warcraft"
    wm_class: str = ""
    executable: str = ""


@dataclass(frozen=True, slots=True)
class SpellFacts:
    """`[spells.NAME]`: see wowbot.core.bindings.Spell for the meaning and units."""

    key: str = ""
    slot: str = ""
    cast_s: float = 0.0
    cooldown_s: float = 0.0
    gcd_s: float = 1.5
    channel_s: float = 0.0
    cost: float = 0.0
    cost_pct: float = 0.0
    power: str = ""
    range_yd: float = 0.0
    charges: int = 1
    click: str = ""
    hold_ms: int = 0
    confirm: Literal["", "cast", "cooldown", "gcd"] = ""
    queue: bool = False


@dataclass(frozen=True, slots=True)
class AuraFacts:
    """`[auras.NAME]`: see wowbot.core.bindings.Aura for the meaning and units."""

    icon: str = ""
    unit: Literal["player", "target"] = "player"
    harmful: bool = False
    duration_s: float = 0.0
    max_stack: int = 1
    spells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """`[guard]`: what the last gate lets through."""

    max_frame_age_ms: float = 250.0
    actions_per_s: float = 8.0
    same_key_per_s: float = 5.0
    cast_lead_ms: float = 150.0
    """A key may go out this long before the global cooldown or the cast ends."""


@dataclass(frozen=True, slots=True)
class StopFacts:
    """`[stop]`: when the run ends by itself; 0 or false = never."""

    minutes: float = 0.0
    deaths: int = 0
    level: int = 0
    bags_full: bool = False
    stuck: bool = True
    whisper: bool = False
    player_nearby: bool = False
    pet_health_below_pct: float = 0.0
    disconnect: bool = True


@dataclass(frozen=True, slots=True)
class RemedyFacts:
    """`[remedies]`: abilities tried in order when an event says the agent is stuck or idle."""

    idle_s: float = 20.0
    repeats: int = 12
    still_s: float = 4.0
    hung_s: float = 2.0
    stuck: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """`[llm]`: the model that is asked when no rule knows; backend "" = none. Keys never stand here."""

    backend: Literal["", "dashscope", "openai-compatible", "scripted"] = ""
    model: str = "qwen-plus"
    vision_model: str = ""
    base_url: str = ""
    timeout_s: float = 2.0
    requests_per_minute: int = 6
    requests_per_session: int = 200
    tokens_per_minute: int = 20_000
    tokens_per_session: int = 200_000
    price_in: float = 0.0
    """Money for a million tokens sent, by the provider's list; 0 = not known, so no cost is shown."""
    price_out: float = 0.0
    currency: str = "USD"
    max_cost: float = 0.0
    """Money after which nothing more is asked; 0 = no limit. Needs the prices."""
    allow: tuple[str, ...] = ()
    """Abilities the model may ask for; empty = those the list itself uses."""
    share_names: bool = False
    """Whether names of people and pictures (in which names may stand) may be sent; a vision model needs it."""
    triggers: tuple[Literal["idle_in_combat", "stuck", "unknown_dialog", "dead"], ...] = ()
    idle_in_combat_s: float = 6.0
    script: str = ""
    """File of answers for the scripted back-end, beside the profile."""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """The TOML file, key by key."""

    name: str
    rules: str
    era: Era = "wotlk"
    wow_class: str = ""
    spec: str = ""
    power: str = "mana"
    level: int = 80
    dialect: Dialect = "modern"
    description: str = ""
    layout: str = "auto"
    scenario: str = "single_target"
    window: WindowFacts = field(default_factory=WindowFacts)
    bars: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`[bars.main]` "1" = "1": the key of each slot, for spells that name a slot and no key."""
    spells: Mapping[str, SpellFacts] = field(default_factory=dict)
    auras: Mapping[str, AuraFacts] = field(default_factory=dict)
    statics: Mapping[str, float] = field(default_factory=dict)
    """`talent.x = 1` and the like."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """other spelling -> our token, for lists written elsewhere."""
    guard: GuardLimits = field(default_factory=GuardLimits)
    stop: StopFacts = field(default_factory=StopFacts)
    remedies: RemedyFacts = field(default_factory=RemedyFacts)
    llm: ModelFacts = field(default_factory=ModelFacts)


@dataclass(frozen=True, slots=True)
class Profile:
    """A loaded profile: the file's facts, the list's text and what perception and state need of it.

    Args:
        id: content hash of TOML and list; stands in every Tick.
        path: the TOML.
        rules_path: the list beside it.
        rules_text: its text as read.
    """

    id: str
    path: Path
    facts: ProfileFile
    rules_path: Path
    rules_text: str
    bindings: Bindings


def load_profile(name: str) -> Profile:
    """Load a profile by name or path.

    Raises:
        ConfigError: not found or broken, with the nearest names, file and line.
        ProfileError: its list is missing, or a binding makes no sense.
    """
    path = find("profiles", name)
    facts = bind(ProfileFile, read_toml(path), str(path))
    rules_path = path.parent / facts.rules
    try:
        rules_text = rules_path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProfileError(
            f"{path}: rules = {facts.rules!r}: {rules_path} cannot be read ({error.strerror})"
        ) from error
    return make_profile(path, facts, rules_path, rules_text)


def make_profile(path: Path, facts: ProfileFile, rules_path: Path, rules_text: str) -> Profile:
    """Join facts and list; computes the id from both."""
    import hashlib

    digest = hashlib.sha256(repr(facts).encode() + rules_text.encode()).hexdigest()[:12]
    return Profile(f"{facts.name}-{digest}", path, facts, rules_path, rules_text, bindings_of(facts, str(path)))


def bindings_of(facts: ProfileFile, where: str) -> Bindings:
    """Spells with their keys resolved through the bars, auras, statics."""
    spells = {name: _spell(name, spell, facts, where) for name, spell in facts.spells.items()}
    auras = {
        name: Aura(name, a.icon or name, a.unit, a.harmful, a.duration_s, max(1, a.max_stack), a.spells)
        for name, a in facts.auras.items()
    }
    statics: dict[str, float] = {"level": float(facts.level), **facts.statics}
    if facts.spec:
        statics[f"spec.{facts.spec}"] = 1.0
    return Bindings(spells, auras, statics, facts.power)


def _spell(name: str, s: SpellFacts, facts: ProfileFile, where: str) -> Spell:
    key = s.key
    if s.slot:
        bar, _, number = s.slot.rpartition(".")
        if not bar or not number.isdigit() or not 1 <= int(number) <= 12:
            raise ProfileError(
                f"{where}: spells.{name}.slot: found {s.slot!r}, expected BAR.N with N 1..12, e.g. 'main.2'"
            )
        key = key or facts.bars.get(bar, {}).get(number, "")
    values: dict[str, Any] = {f: getattr(s, f) for f in SpellFacts.__slots__}
    return Spell(name=name, **(values | {"key": key, "power": s.power or facts.power}))
