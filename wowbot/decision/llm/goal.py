"""From a goal in words to tasks: by a model where the profile has one, else by reading the usual phrases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from wowbot.config import bind
from wowbot.core.errors import ConfigError, LLMError
from wowbot.decision.llm.answer import condition_problem
from wowbot.decision.llm.talk import Question, Reply
from wowbot.decision.llm.tasks import OWN, Task, Use
from wowbot.decision.profile import Profile

FULL_PCT = 95
"""Full, as far as a bar can be read."""
MAX_TASKS = 12
MAX_LIMIT_S = 3600.0
_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: n for n, word in enumerate(_WORDS.split(), 1)} | {
    "a": 1,
    "an": 1,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
}
_COUNT = rf"(?P<n>\d+|{'|'.join(_NUMBERS)})"
_SPLIT = re.compile(r"\s*(?:,|;|\.|\band then\b|\bthen\b|\band\b)\s*", re.IGNORECASE)
PHRASES = (
    "kill N [things]", "rest [until full]", "fight|play|grind for N minutes|seconds", "wait N seconds|minutes",
    "reach level N", "stop",
)  # fmt: skip
SYSTEM = (
    "You turn a player's goal into a few tasks for a rule-driven program that plays a role-playing game by looking at the "
    "screen. Call `tasks` once. Each task has a condition `until` that shows on the screen that it is done, in this "
    "language: terms such as health.pct, mana.pct, in_combat, level, target.exists, dead and task.kills, task.deaths, "
    "task.seconds (counted since the task began), numbers, & | ! = != < <= > >= and parentheses. how = play: the rules "
    "fight, loot and rest by themselves; how = rest: begin no fight, press the abilities of `use` when their `when` holds."
)


def phrase_tasks(goal: str, profile: Profile) -> list[Task]:
    """Read the usual phrases.

    Raises:
        ConfigError: a part that is not understood.
    """
    tasks: list[Task] = []
    for part in (part for part in _SPLIT.split(goal.strip()) if part):
        if re.fullmatch(r"(and )?(stop|end|quit|done)", part, re.IGNORECASE):
            break
        tasks.append(_phrase(part, profile))
    if not tasks:
        raise ConfigError(f"the goal {goal!r} names nothing to do; understood are: {', '.join(PHRASES)}")
    return tasks


def _phrase(part: str, profile: Profile) -> Task:
    if found := re.fullmatch(rf"(?:kill|slay|defeat) {_COUNT}(?: (?P<what>.+))?", part, re.IGNORECASE):
        count, what = _number(found["n"]), _singular((found["what"] or "").strip())
        return Task(part, f"task.kills>={count}", limit_s=min(MAX_LIMIT_S, 120.0 + 90.0 * count), of=what)
    if re.fullmatch(r"(?:rest|recover|eat|drink|sit)(?: (?:until|till|to) .*full.*| up)?", part, re.IGNORECASE):
        return Task(part, _full(profile), "rest", 180.0, _resting(profile))
    if found := re.fullmatch(rf"(?:fight|play|grind)(?: on)? for {_COUNT} (?P<unit>sec|min)\w*", part, re.IGNORECASE):
        seconds = _number(found["n"]) * (60 if found["unit"].lower() == "min" else 1)
        return Task(part, f"task.seconds>={seconds}", limit_s=min(MAX_LIMIT_S, seconds + 60.0))
    if found := re.fullmatch(rf"wait (?:for )?{_COUNT} (?P<unit>sec|min)\w*", part, re.IGNORECASE):
        seconds = _number(found["n"]) * (60 if found["unit"].lower() == "min" else 1)
        return Task(part, f"task.seconds>={seconds}", "rest", min(MAX_LIMIT_S, seconds + 60.0))
    if found := re.fullmatch(r"reach level (?P<n>\d+)", part, re.IGNORECASE):
        return Task(part, f"level>={found['n']}", limit_s=MAX_LIMIT_S)
    raise ConfigError(
        f"{part!r} is not understood; understood without a model are: {', '.join(PHRASES)}. "
        "Say it so, or name a model in the profile's [llm]"
    )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def _singular(word: str) -> str:
    """ "wolves" -> "wol": what singular and plural have in common; "" for words that mean any enemy."""
    word = re.sub(r"^(?:of )?(?:the |those )?", "", word.lower())
    if word in ("", "enemies", "enemy", "mobs", "mob", "creatures", "things", "monsters"):
        return ""
    for ending in ("ves", "ies", "s"):
        if word.endswith(ending):
            return word.removesuffix(ending)
    return word


def _full(profile: Profile) -> str:
    power = profile.facts.power
    more = f"&{power}.pct>={FULL_PCT}" if power == "mana" else ""
    return f"health.pct>={FULL_PCT}{more}&!in_combat"


def _resting(profile: Profile) -> tuple[Use, ...]:
    """Drink and eat, as far as the profile has them; the aura's name is the profile's."""
    return tuple(_consumables(profile))


def _consumables(profile: Profile) -> Iterator[Use]:
    auras, spells = profile.bindings.auras, profile.bindings.spells
    for aura, term in (("drink", f"{profile.facts.power}.pct"), ("food", "health.pct")):
        if aura in auras and (term == "health.pct" or profile.facts.power == "mana"):
            for ability in auras[aura].spells:
                if ability in spells:
                    yield Use(ability, f"{term}<{FULL_PCT}&buff.{aura}.down&!moving")


def plan_question(goal: str, profile: Profile, report: str, abilities: list[str]) -> Question:
    """The question that asks a model for tasks.

    Args:
        report: what has been tried and how it ended; "" at the start.
        abilities: that a resting task may use.
    """
    facts = profile.facts
    said = {
        "goal": goal, "class": facts.wow_class, "power": facts.power, "abilities": abilities,
        "a resting task usually uses": [[use.ability, use.when] for use in _consumables(profile)],
    }  # fmt: skip
    if report:
        said["tried so far"] = report
    messages = ({"role": "system", "content": SYSTEM}, {"role": "user", "content": json.dumps(said)})
    return Question(1, "tasks", messages, (_TOOL,), facts.llm.model, max(10.0, facts.llm.timeout_s))


def tasks_from(reply: Reply, abilities: list[str]) -> list[Task]:
    """The tasks of a model's reply.

    Raises:
        LLMError: it is no valid plan; says precisely why.
    """
    if reply.error_class:
        raise LLMError(f"the model gave no plan ({reply.error_class}): {reply.error}")
    if len(reply.calls) != 1 or reply.calls[0].name != "tasks":
        raise LLMError(f"the model gave no plan: expected one call of `tasks`, found {[c.name for c in reply.calls]}")
    try:
        given = json.loads(reply.calls[0].arguments)
        rows = given["tasks"]
        tasks = [bind(Task, row, f"task {n}") for n, row in enumerate(rows, 1)]
    except (ValueError, KeyError, TypeError, AttributeError, ConfigError) as error:
        raise LLMError(f"the model's plan has another form than asked for: {error}") from error
    if not 1 <= len(tasks) <= MAX_TASKS:
        raise LLMError(f"the model's plan has {len(tasks)} tasks, expected 1 to {MAX_TASKS}")
    for task in tasks:
        _check(task, abilities)
    return tasks


def _check(task: Task, abilities: list[str]) -> None:
    if not task.until.strip() or not 1.0 <= task.limit_s <= MAX_LIMIT_S:
        raise LLMError(f"task {task.name!r}: needs `until`, and limit_s from 1 to {MAX_LIMIT_S:g}")
    for text in (task.until, *(use.when for use in task.use)):
        if why := condition_problem(text, OWN):
            raise LLMError(f"task {task.name!r}: {why}")
    for use in task.use:
        if use.ability not in abilities:
            raise LLMError(f"task {task.name!r}: {use.ability!r} is not an allowed ability")


def _tool() -> Mapping[str, Any]:
    text = {"type": "string"}
    use = {"type": "object", "properties": {"ability": text, "when": text}, "required": ["ability"]}
    task = {
        "type": "object",
        "properties": {
            "name": text, "until": text, "how": {"type": "string", "enum": ["play", "rest"]},
            "limit_s": {"type": "number", "minimum": 1, "maximum": MAX_LIMIT_S}, "use": {"type": "array", "items": use},
            "of": text,
        },
        "required": ["name", "until"],
    }  # fmt: skip
    tasks = {"type": "array", "items": task, "minItems": 1, "maxItems": MAX_TASKS}
    parameters = {"type": "object", "properties": {"tasks": tasks}, "required": ["tasks"]}
    return {"type": "function", "function": {"name": "tasks", "description": "The plan.", "parameters": parameters}}


_TOOL = _tool()
