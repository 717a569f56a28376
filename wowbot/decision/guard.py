"""The last gate before a key: what it holds back, and why, stands in every tick.

Only the guard sees the live clock. All it knows comes from the frame, the state, the decision and `now_ns`, so its
verdicts can be checked again from a recording.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from wowbot.core.action import Action, Decision, Verdict, Veto
from wowbot.core.bindings import Spell
from wowbot.core.frame import Frame
from wowbot.core.state import GameState
from wowbot.decision.profile import GuardLimits
from wowbot.decision.stop import StopWatch

TERMS = frozenset({"layout.fits", "chat.open", "popup.open", "in_combat", "gcd.remains", "cast.active", "cast.remains"})
"""What the guard asks of the state; pass them to the tracker with the rules' own terms."""
GONE_S = 3.0
"""A window that has been gone for so long ends the run."""
SECOND_NS = 1_000_000_000
MENDS = {
    "black": "run the client windowed instead of exclusive full screen",
    "frozen": "its picture has stood still for seconds: restore it, or see whether the client hangs",
    "covered": "bring it to the front and wholly onto the screen",
    "minimised": "restore it",
    "moving": "let it come to rest",
    "gone": "start the client again",
}
"""What to do about each trouble of a frame (core Frame.status)."""


class SafetyGuard:
    """Implements core Guard.

    Wiring: `SafetyGuard(profile.facts.guard, profile.bindings.spells, StopWatch(profile.facts.stop, ...))`.
    `request_stop` is the one door for the stop hotkey, `wowbot stop` and the sink's corner fail-safe; `pause`
    is for the cockpit. Both may be called from any thread.

    Args:
        limits: the profile's [guard].
        spells: for the global cooldown and the casts; an action that serves none of them is not held back by these.
        stop: the profile's [stop]; None = the run ends by request only.
    """

    def __init__(
        self, limits: GuardLimits, spells: Mapping[str, Spell] | None = None, stop: StopWatch | None = None
    ) -> None:
        self._limits = limits
        self._spells = spells or {}
        self._stop = stop
        self._requested = ""
        self._paused = ""
        self._sent: deque[int] = deque()
        self._last_key: dict[str, int] = {}
        self._held_until: dict[str, int] = {}
        self._gone_since: int | None = None

    @property
    def paused(self) -> bool:
        return bool(self._paused)

    def pause(self, on: bool, why: str = "paused by the user") -> None:
        """Hold everything back until told otherwise."""
        self._paused = why if on else ""

    def request_stop(self, why: str) -> None:
        """The next check ends the run; the first reason stands."""
        self._requested = self._requested or why

    def check(self, frame: Frame, state: GameState, decision: Decision, now_ns: int) -> Verdict:
        """What of the decision may go out now. Whatever holds everything back also lifts the keys that are held."""
        stop = self._requested or self._window_gone(frame, now_ns)
        if not stop and self._stop is not None:
            stop = self._stop.check(state, now_ns)
        if stop:
            return Verdict(vetoes=(Veto("stop", stop),), release=True, stop=stop)
        whole = self._whole_tick(frame, state, now_ns)
        if whole is not None:
            self._held_until.clear()
            return Verdict(vetoes=(whole,), release=True)
        return self._one_by_one(state, decision, now_ns)

    def _window_gone(self, frame: Frame, now_ns: int) -> str:
        if frame.status != "gone":
            self._gone_since = None
            return ""
        self._gone_since = now_ns if self._gone_since is None else self._gone_since
        gone_s = (now_ns - self._gone_since) / 1e9
        return f"the game window has been gone for {gone_s:.0f} s" if gone_s >= GONE_S else ""

    def _whole_tick(self, frame: Frame, state: GameState, now_ns: int) -> Veto | None:
        """What is wrong with everything at this moment."""
        age_ms = (now_ns - frame.t_ns) / 1e6
        if self._paused:
            return Veto("paused", self._paused)
        if frame.status:
            return Veto(frame.status, f"the game window is {frame.status}: {MENDS[frame.status]}")
        if frame.focused is False:
            return Veto("focus", "the game window is not in front: click into it")
        if age_ms > self._limits.max_frame_age_ms:
            return Veto(
                "stale", f"the frame is {age_ms:.0f} ms old, at most {self._limits.max_frame_age_ms:.0f} allowed"
            )
        if state.number("layout.fits") == 0:
            return Veto("layout", "the layout no longer fits what is on the screen: run `wowbot calibrate`")
        if state.number("chat.open") == 1:
            return Veto("chat", "the chat box has the keyboard")
        return None

    def _one_by_one(self, state: GameState, decision: Decision, now_ns: int) -> Verdict:
        passed, vetoes = [], []
        for action in decision.actions:
            veto = self._veto(action, state, now_ns)
            if veto is None:
                passed.append(action)
            else:
                vetoes.append(veto)
        return Verdict(tuple(passed), tuple(vetoes))

    def _veto(self, action: Action, state: GameState, now_ns: int) -> Veto | None:
        if action.kind == "release":
            self._held_until.pop(_name(action), None)
            return None
        if action.kind == "key" and state.number("popup.open") == 1 and state.number("in_combat") != 1:
            return Veto("dialog", f"a dialog is open: {_name(action)!r} might answer it")
        if action.hold_ms and now_ns < self._held_until.get(_name(action), 0):  # no new press: it stays down longer
            self._held_until[_name(action)] = now_ns + action.hold_ms * 1_000_000
            return None
        veto = self._busy(action, state) or self._too_often(action, now_ns)
        if veto is None:
            self._count(action, now_ns)
        return veto

    def _busy(self, action: Action, state: GameState) -> Veto | None:
        spell = self._spells.get(action.ability)
        if spell is None or spell.gcd_s <= 0:
            return None
        lead_s = self._limits.cast_lead_ms / 1000.0
        gcd = state.number("gcd.remains")
        if gcd is not None and gcd > lead_s:
            return Veto("gcd", f"{action.ability}: the global cooldown runs for {gcd:.2f} s more")
        if state.number("cast.active") != 1 or spell.queue:
            return None
        left = state.number("cast.remains")
        if left is None:
            return Veto("cast", f"{action.ability}: a cast is running")
        return Veto("cast", f"{action.ability}: a cast runs for {left:.2f} s more") if left > lead_s else None

    def _too_often(self, action: Action, now_ns: int) -> Veto | None:
        gap_ns = SECOND_NS / self._limits.same_key_per_s
        since = now_ns - self._last_key.get(_name(action), -SECOND_NS * 3600)
        if since < gap_ns:
            return Veto(
                "same key", f"{_name(action)!r} went out {since / 1e6:.0f} ms ago, {gap_ns / 1e6:.0f} ms is the least"
            )
        while self._sent and now_ns - self._sent[0] >= SECOND_NS:
            self._sent.popleft()
        if len(self._sent) >= self._limits.actions_per_s:
            return Veto("budget", f"{len(self._sent)} actions within a second are the most")
        return None

    def _count(self, action: Action, now_ns: int) -> None:
        self._last_key[_name(action)] = now_ns
        self._sent.append(now_ns)
        if action.hold_ms:
            self._held_until[_name(action)] = now_ns + action.hold_ms * 1_000_000


def _name(action: Action) -> str:
    """What "the same key" means: the chord, or the button and where."""
    spot = "" if action.at is None else f"@{action.at[0]},{action.at[1]}"
    return "-".join((*action.mods, action.key or action.kind)) + spot
