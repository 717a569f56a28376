"""What `wowbot run` shows while it plays, and the summary after it."""

from __future__ import annotations

import logging
import logging.handlers
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wowbot.config import log_file

if TYPE_CHECKING:
    from rich.live import Live

    from wowbot.control import Control
    from wowbot.core.tick import Tick

REFRESH_S = 0.25


def start_log(verbose: bool) -> None:
    """Log into the user's log file, at most 1 MB and one older file; never onto the screen."""
    path = log_file()
    root = logging.getLogger("wowbot")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    if root.handlers:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=1, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)


class StatusLine:
    """The live line: health, power, target, last rule and its reason, rate and time of a tick."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._live: Live | None = None
        self._due = 0.0
        self._rule = ("", "")
        self._since, self._ticks, self._hz = time.monotonic(), 0, 0.0

    def __enter__(self) -> StatusLine:
        from rich.live import Live

        self._live = Live(auto_refresh=False, transient=True)
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)

    def on_tick(self, tick: Tick) -> None:
        """Called once a tick; draws four times a second."""
        self._ticks += 1
        if tick.decision.rule:
            self._rule = (tick.decision.rule, tick.decision.reason)
        now = time.monotonic()
        if now < self._due or self._live is None:
            return
        self._hz = self._ticks / max(1e-3, now - self._since)
        self._since, self._ticks, self._due = now, 0, now + REFRESH_S
        self._live.update(self._render(tick), refresh=True)

    def _render(self, tick: Tick) -> Any:
        from rich.table import Table
        from rich.text import Text

        state, power = tick.state, self._control.rig.profile.facts.power
        rows = Table.grid(padding=(0, 2))
        target = state.values.get("target.name") or ("target" if state.number("target.exists") else "no target")
        health = pct(state.number("target.health.pct")) if state.number("target.exists") else ""
        veto = ", ".join(v.cause for v in tick.verdict.vetoes)
        ms = sum(tick.stage_ms.values()) - tick.stage_ms.get("capture", 0.0)
        own = f"health {pct(state.number('health.pct'))}", f"{power} {pct(state.number(power + '.pct'))}"
        rate = f"{self._hz:.0f} Hz {ms:.1f} ms"
        rows.add_row(*own, f"{target} {health}", rate, self._control.rig.cost_line())
        rule, reason = self._rule
        outer = Table.grid()
        outer.add_row(rows)
        outer.add_row(
            Text(
                f"{rule}  {reason}" + (f"   held back: {veto}" if veto else ""),
                style="dim",
                overflow="ellipsis",
                no_wrap=True,
            )
        )
        return outer


def pct(value: float | None) -> str:
    """A percentage, or ? when it is unknown."""
    return "  ?" if value is None else f"{value:3.0f}%"


def summary(report: dict[str, Any]) -> None:
    """Print the end of a run as people read it."""
    from rich.console import Console

    console = Console(highlight=False)
    known = "unknown in a live window" if report["dps"] is None else f"{report['dps']:.0f}"
    dry = " (dry run: nothing was pressed)" if report["dry_run"] else ""
    console.print(f"\n{report['profile']} in the {report['world']} world: {report['reason'] or 'ended'}{dry}")
    told = f"{report['ticks']} ticks, kills {report['kills']}, deaths {report['deaths']}, damage/s {known}"
    console.print(f"  {report['seconds']:.1f} s, {told}")
    for name in ("tick_ms", "reaction_ms"):
        values = "  ".join(f"{p} {'-' if v is None else format(v, '.2f')}" for p, v in report[name].items())
        console.print(f"  {name:<12} {values}")
    if report.get("model"):
        console.print(f"  {report['model']}")
    if not report["abilities"]:
        console.print("  no ability was used")
    for title, counts, reasons in (
        ("ability", report["abilities"], {}),
        ("held back", report["vetoes"], report["veto_reasons"]),
    ):
        if counts:
            console.print(_counts(title, counts, reasons))


def _counts(title: str, counts: dict[str, int], reasons: dict[str, str]) -> Any:
    """The most frequent of them, with what was said about each."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column(title, min_width=16)
    table.add_column("times" if not reasons else "ticks", justify="right")
    table.add_column("last reason" if reasons else "")
    for name, count in list(counts.items())[:10]:
        table.add_row(name, str(count), reasons.get(name, ""))
    return table
