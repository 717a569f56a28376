"""From a chosen line to a key: which of the profile's spells it is, and what is pressed or clicked for it."""

from __future__ import annotations

from collections.abc import Iterator

from wowbot.action.keys import parse_chord
from wowbot.apl.entries import Entry
from wowbot.apl.pick import Pick
from wowbot.apl.program import Line, token_of
from wowbot.core.action import Action
from wowbot.core.bindings import Spell
from wowbot.core.layout import Layout
from wowbot.decision.profile import Profile

NEXT_TARGET = "target_nearest"
"""The spell whose key brings another enemy into the target frame."""

STOP_CASTING = "stop_casting"
"""The spell whose key ends the running cast or channel."""


class Keys:
    """The profile's spells as keys.

    Args:
        keyless: actions of the list that no spell with a key answers to, in the order they were met.
    """

    def __init__(self, profile: Profile) -> None:
        self._spells = profile.bindings.spells
        self._aliases = profile.facts.aliases
        self._layout: Layout | None = None
        self._tokens: dict[tuple[str, str], str] = {}
        self.keyless: list[str] = []

    def set_layout(self, layout: Layout) -> None:
        self._layout = layout

    def spell(self, line: Line) -> Spell | None:
        """The spell of a plain line."""
        return self._spells.get(line.token)

    def token(self, entry: Entry) -> str:
        """The name of the profile's spell that an entry stands for; its own token when there is none."""
        key = (entry.action, token_of(entry))
        found = self._tokens.get(key)
        if found is None:
            found = self._tokens[key] = next((name for name in self._candidates(entry) if name in self._spells), key[1])
        return found

    def has(self, entry: Entry) -> bool:
        """Whether a key or click is bound for an entry; remembers it where none is."""
        spell = self._spells.get(self.token(entry))
        if spell is not None and (spell.key or spell.click):
            return True
        if self.token(entry) not in self.keyless:
            self.keyless.append(self.token(entry))
        return False

    def shown(self, entry: Entry) -> str:
        """What is pressed for an entry, for people; "" when nothing is."""
        spell = self._spells.get(self.token(entry))
        return "" if spell is None else f"click {spell.click}" if spell.click else spell.key

    @property
    def can_stop(self) -> bool:
        """Whether a key is bound that ends the running cast."""
        return STOP_CASTING in self._spells

    def actions(self, pick: Pick) -> tuple[str, tuple[Action, ...]]:
        """The ability and what is sent for it. Another enemy than the current one is first brought into the target."""
        assert pick.line is not None
        line = pick.line.steps[pick.step] if pick.step >= 0 else pick.line
        spell = self._spells[STOP_CASTING if pick.stop else line.token]
        if pick.target and NEXT_TARGET in self._spells:
            spell = self._spells[NEXT_TARGET]
        action = self._action(spell)
        return spell.name, () if action is None else (action,)

    def press(self, name: str) -> Action | None:
        """What is sent for a spell of the profile; None where its place is not in the layout."""
        return self._action(self._spells[name])

    def _action(self, spell: Spell) -> Action | None:
        if spell.click:
            region = None if self._layout is None else self._layout.regions.get(spell.click)
            if region is None:
                return None
            return Action("click", "left", at=region.rect.center, hold_ms=spell.hold_ms, ability=spell.name)
        chord = parse_chord(spell.key)
        return Action("key", chord.key, chord.mods, hold_ms=spell.hold_ms, ability=spell.name)

    def _candidates(self, entry: Entry) -> Iterator[str]:
        """Names under which the profile may know an entry's ability, best first."""
        options = entry.options
        base = [token_of(entry)]
        if entry.action == "use_item":
            base += [options.get("slot", ""), f"use_{base[0]}", entry.action]
        elif entry.action == "use_items":
            base += ["trinket1", "trinket2"]
        elif entry.action == "cancel_buff":
            base = [f"cancel_{options.get('name', '')}"]
        elif entry.action in ("potion", "flask", "food", "elixir", "stance"):
            base = [options.get("type") or options.get("name") or options.get("choose") or "", entry.action]
        if ":" in entry.action:
            base.append(entry.action.partition(":")[2])
        for name in base:
            yield self._aliases.get(name, name)
            yield name
