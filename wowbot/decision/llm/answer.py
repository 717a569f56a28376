"""What came back is checked against the tools, the allow-list and the state; what fails says precisely why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from wowbot.apl.expression import parse
from wowbot.apl.problem import ExpressionError
from wowbot.apl.syntax import names
from wowbot.core.errors import nearest
from wowbot.core.state import GameState
from wowbot.core.terms import find
from wowbot.decision.llm.talk import Reply
from wowbot.decision.llm.tools import MAX_STEPS, MAX_WAIT_S, Toolbox

MAX_CONDITION = 200


class Step(NamedTuple):
    """One ability of a plan.

    Args:
        until: condition that shows that it worked; "" = any visible effect.
    """

    ability: str
    until: str = ""


class Checked(NamedTuple):
    """The outcome: steps to take, or seconds to wait, or why the answer is refused."""

    steps: tuple[Step, ...] = ()
    wait_s: float = 0.0
    refused: str = ""


def check(reply: Reply, tools: Toolbox, state: GameState) -> Checked:
    """Check a reply.

    Args:
        state: the present one: the first step must be possible in it.
    """
    if not reply.calls:
        return Checked(refused="no function was called; call exactly one of use, plan, wait; text is not carried out")
    if len(reply.calls) > 1:
        return Checked(
            refused=f"{len(reply.calls)} functions were called at once; call one, or `plan` for several steps"
        )
    call = reply.calls[0]
    if call.name not in _CHECKS:
        return Checked(refused=f"there is no function {call.name!r}; there are use, plan, wait")
    try:
        arguments = json.loads(call.arguments)
    except (ValueError, RecursionError) as error:
        return Checked(refused=f"the arguments are no JSON ({type(error).__name__}): {call.arguments[:60]!r}")
    if not isinstance(arguments, dict):
        return Checked(refused=f"the arguments must be an object, found {type(arguments).__name__}")
    found = _CHECKS[call.name](arguments, tools)
    if found.refused or not found.steps:
        return found
    hindrance = tools.hindrance(found.steps[0].ability, state)
    return Checked(refused=hindrance) if hindrance else found


def _use(arguments: Mapping[str, Any], tools: Toolbox) -> Checked:
    step, why = _step(arguments, tools, "use")
    return Checked(refused=why) if step is None else Checked((step,))


def _plan(arguments: Mapping[str, Any], tools: Toolbox) -> Checked:
    if extra := _unknown(arguments, ("steps",)):
        return Checked(refused=f"plan: {extra}")
    steps = arguments.get("steps")
    if not isinstance(steps, list) or not 1 <= len(steps) <= MAX_STEPS:
        return Checked(refused=f"plan: steps must be a list of 1 to {MAX_STEPS} steps")
    checked = []
    for number, raw in enumerate(steps, 1):
        if not isinstance(raw, dict):
            return Checked(refused=f"plan: step {number} must be an object, found {type(raw).__name__}")
        step, why = _step(raw, tools, f"plan: step {number}")
        if step is None:
            return Checked(refused=why)
        checked.append(step)
    return Checked(tuple(checked))


def _wait(arguments: Mapping[str, Any], _tools: Toolbox) -> Checked:
    if extra := _unknown(arguments, ("seconds",)):
        return Checked(refused=f"wait: {extra}")
    seconds = arguments.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0.5 <= seconds <= MAX_WAIT_S:
        return Checked(refused=f"wait: seconds must be a number from 0.5 to {MAX_WAIT_S:g}, found {str(seconds)[:40]}")
    return Checked(wait_s=float(seconds))


_CHECKS = {"use": _use, "plan": _plan, "wait": _wait}


def _step(raw: Mapping[str, Any], tools: Toolbox, where: str) -> tuple[Step | None, str]:
    if extra := _unknown(raw, ("ability", "until")):
        return None, f"{where}: {extra}"
    ability, until = raw.get("ability"), raw.get("until", "")
    if not isinstance(ability, str):
        return None, f"{where}: ability must be text, found {type(ability).__name__}"
    if ability not in tools.spells:
        near = nearest(ability[:60], tools.spells)
        return None, f"{where}: {ability[:60]!r} is not an allowed ability.{near}"
    if not isinstance(until, str):
        return None, f"{where}: until must be text, found {type(until).__name__}"
    why = condition_problem(until)
    return (None, f"{where}: until: {why}") if why else (Step(ability, until.strip()), "")


def condition_problem(text: str, own: frozenset[str] = frozenset()) -> str:
    """What is wrong with a condition; "" when it can be evaluated.

    Args:
        own: names known besides the game terms.
    """
    if not text.strip():
        return ""
    if len(text) > MAX_CONDITION:
        return f"longer than {MAX_CONDITION} characters"
    try:
        node = parse(text.strip()).node
    except ExpressionError as error:
        return f"{text[:60]!r} is no condition: {error}"
    for name in names(node):
        term = find(name)
        if name not in own and (term is None or term.kind == "text" or term.known == "unseen"):
            return f"{name!r} is no term that the screen shows"
    return ""


def _unknown(given: Mapping[str, Any], known: tuple[str, ...]) -> str:
    extra = [str(name)[:40] for name in given if name not in known]
    return f"unknown argument {extra[0]!r}; known: {', '.join(known)}" if extra else ""
