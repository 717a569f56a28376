"""Everything a HUD shows at one instant: what the renderer draws and what ground truth is read from.

Plain values only. A view is built from the world when pixels or truth are asked for and is never changed afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CastState = Literal["casting", "channel", "success", "failed", "interrupted"]
School = Literal["none", "magic", "curse", "disease", "poison"]
Classification = Literal["normal", "elite", "rare", "rareelite", "worldboss"]
PopupKind = Literal["release", "corpse", "resurrect", "unknown"]
RuneKind = Literal["blood", "frost", "unholy", "death"]
FloatKind = Literal["damage", "crit", "heal", "miss", "taken", "xp", "power"]


@dataclass(frozen=True, slots=True)
class CastView:
    """A cast bar.

    Args:
        token: icon token of the spell, e.g. "frostbolt".
        name: text on the bar, e.g. "Frostbolt".
        pct: fill 0..100; a channel drains from 100.
        state: what it shows; "success", "failed" and "interrupted" are the moments after the end.
        interruptible: False draws the shield where the era has one.
        remains_s, total_s: seconds.
        alpha: 0..1, falls while a finished bar fades out.
    """

    token: str
    name: str
    pct: float
    state: CastState = "casting"
    interruptible: bool = True
    remains_s: float = 0.0
    total_s: float = 0.0
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class AuraView:
    """One buff or debuff icon.

    Args:
        token: icon token.
        stacks: printed when greater than 1.
        remains_s: seconds left; 0 with duration_s 0 = does not run out.
        duration_s: full length, 0 = permanent.
        harmful: debuff.
        school: debuff border colour.
        own: put up by the player (drawn larger on a target from WotLK on).
    """

    token: str
    stacks: int = 1
    remains_s: float = 0.0
    duration_s: float = 0.0
    harmful: bool = False
    school: School = "none"
    own: bool = True


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit frame. `buffs` and `debuffs` are in display order.

    Args:
        kind: seeds the portrait's picture, e.g. "wolf" or "mage".
        reaction: 2 hostile, 4 neutral, 5 friendly.
        power_type: mana, rage, energy, focus, runic_power, or "" for no power bar.
        ghost: released spirit; then `dead` is False.
        tapped: grey name strip.
        is_player: player character (blue strip when friendly).
        skull: the level is shown as a skull.
    """

    name: str
    kind: str
    level: int
    health: float
    health_max: float
    power_type: str = ""
    power: float = 0.0
    power_max: float = 0.0
    reaction: int = 5
    classification: Classification = "normal"
    dead: bool = False
    ghost: bool = False
    in_combat: bool = False
    resting: bool = False
    tapped: bool = False
    is_player: bool = False
    skull: bool = False
    cast: CastView | None = None
    buffs: tuple[AuraView, ...] = ()
    debuffs: tuple[AuraView, ...] = ()

    @property
    def health_pct(self) -> float:
        return 100.0 * self.health / self.health_max if self.health_max > 0 else 0.0

    @property
    def power_pct(self) -> float:
        return 100.0 * self.power / self.power_max if self.power_max > 0 else 0.0


@dataclass(frozen=True, slots=True)
class RuneView:
    """One rune of a death knight, from the left.

    Args:
        kind: "blood", "frost", "unholy" or "death"; retail draws all alike.
        remains_pct: share of its recharging that is left; 0 = ready.
    """

    kind: RuneKind = "blood"
    remains_pct: float = 0.0


@dataclass(frozen=True, slots=True)
class SlotView:
    """One action button. `token` "" = empty slot.

    Args:
        cooldown_pct: share of the sweep that remains, 0 = no sweep (the global cooldown sweeps too).
        cooldown_s: seconds left of it; cooldown_total_s its full length.
        count: number printed at the bottom right (charges, items), None = none printed.
        usable: False = darkened (not usable for another reason than power).
        no_power: blue tint.
        in_range: False = hotkey red; None = the spell has no range or there is no target.
        active: checked border (cast under way, queued, auto attack or stance on).
        flash: red flashing (auto attack).
        glow: proc highlight round the slot.
        hotkey: text at the top right, e.g. "2", "s-3".
    """

    token: str
    cooldown_pct: float = 0.0
    cooldown_s: float = 0.0
    cooldown_total_s: float = 0.0
    count: int | None = None
    usable: bool = True
    no_power: bool = False
    in_range: bool | None = None
    active: bool = False
    flash: bool = False
    glow: bool = False
    hotkey: str = ""


@dataclass(frozen=True, slots=True)
class BodyView:
    """A creature in the world, with its nameplate where one is shown.

    Screen places do not depend on the aspect ratio: `x` is screen heights right of the centre line, `y` screen heights
    below the top edge. px = W / 2 + x * H, py = y * H.

    Args:
        x, y: the feet.
        plate_y: centre of the health bar of the nameplate (same x).
        height: apparent height, screen heights.
        distance_yd: from the camera's subject.
        plate: whether a nameplate is shown (enemies in combat range and alive).
        selected: it is the target.
        lootable: corpse sparkles.
    """

    x: float
    y: float
    plate_y: float
    height: float
    distance_yd: float
    name: str
    kind: str
    level: int
    health_pct: float
    reaction: int = 2
    classification: Classification = "normal"
    dead: bool = False
    lootable: bool = False
    plate: bool = True
    selected: bool = False
    cast: CastView | None = None
    facing_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class BlipView:
    """A dot on the minimap.

    Args:
        dx, dy: -1..1 of its radius, right and down positive.
        kind: "corpse" | "party" | "npc".
    """

    dx: float
    dy: float
    kind: str


@dataclass(frozen=True, slots=True)
class PopupView:
    """A dialog box: text and one or two buttons, left to right."""

    kind: PopupKind
    text: str
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LootItemView:
    """One line of the loot window; quality 0 grey, 1 white, 2 green."""

    token: str
    name: str
    count: int = 1
    quality: int = 1


@dataclass(frozen=True, slots=True)
class FloatView:
    """Floating combat text; it rises and fades within 1.5 s.

    Args:
        x, y: as in BodyView, where it began.
        age_s: since then.
    """

    text: str
    kind: FloatKind
    x: float
    y: float
    age_s: float


@dataclass(frozen=True, slots=True)
class CameraView:
    """Where the camera looks from: world yards, facing counter-clockwise from east in radians."""

    x: float
    y: float
    facing_rad: float


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A line of the chat window. kind: "system", "combat", "say", "whisper"."""

    text: str
    kind: str = "system"


@dataclass(frozen=True, slots=True)
class WorldView:
    """One instant.

    Args:
        t_s: game time since the start, seconds.
        time_of_day_h: 0..24, sets the light.
        slots: bar name ("main", "bottom_left", "bottom_right", "right", "left", "stance", "pet") -> its buttons.
            A bar that is absent is not shown.
        bodies: creatures in view, far to near.
        error_text: newest red error line, "" = none; error_age_s since it appeared (5 s, then fading).
        popup: dialog box in front.
        loot: loot window lines; None = closed.
        chat_edit: text in the chat edit box; None = closed.
        ghost_world: the world is drawn grey and bluish.
        xp_pct: experience bar; None at the top level.
        combo_points: 0..5 on the target.
        runes: a death knight's; empty = none are drawn.
        moving: the player is walking.
        combat_flash: 0..1 pulse of the player frame's combat or rest glow.
    """

    t_s: float
    player: UnitView
    camera: CameraView
    target: UnitView | None = None
    targettarget: UnitView | None = None
    pet: UnitView | None = None
    focus_unit: UnitView | None = None
    party: tuple[UnitView, ...] = ()
    slots: dict[str, tuple[SlotView, ...]] = field(default_factory=dict)
    bodies: tuple[BodyView, ...] = ()
    blips: tuple[BlipView, ...] = ()
    zone: str = ""
    popup: PopupView | None = None
    loot: tuple[LootItemView, ...] | None = None
    error_text: str = ""
    error_age_s: float = 0.0
    floats: tuple[FloatView, ...] = ()
    chat: tuple[ChatLine, ...] = ()
    chat_edit: str | None = None
    ghost_world: bool = False
    combo_points: int = 0
    runes: tuple[RuneView, ...] = ()
    xp_pct: float | None = None
    time_of_day_h: float = 12.0
    moving: bool = False
    combat_flash: float = 0.0
