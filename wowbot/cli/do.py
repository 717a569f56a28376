"""Reach a goal given in words: it becomes tasks that end when the screen shows it, played one by one by the rules.

The plan is made by the model of the profile's [llm] block; without one the usual phrases are read
("kill five wolves, then rest until full and stop"), and the output says which of the two it was.

examples:
  wowbot do "kill five wolves, then rest until full and stop" --profile mage --world sim
  wowbot do "grind for 10 minutes" --profile warrior --plan-only
  wowbot do "kill 20 boars" --profile mage --world live --minutes 30 --yes
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from wowbot.core.errors import ConfigError, LLMError

if TYPE_CHECKING:
    from wowbot.build import Rig
    from wowbot.core.tick import Tick
    from wowbot.decision.llm.tasks import Task, TaskPolicy
    from wowbot.decision.profile import Profile

REPLANS = 2
Say = Callable[[str], None]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("goal", help="in words")
    parser.add_argument("--profile", default="mage", metavar="NAME|PATH", help="see `wowbot profile list`")
    parser.add_argument("--world", choices=("auto", "sim", "live"), default="auto", help="default: auto")
    parser.add_argument("--window", metavar="TITLE", help="exact title of the game window")
    parser.add_argument("--scenario", default="wolves", help="sim: what to play (default: wolves)")
    parser.add_argument("--seed", type=int, default=1, help="sim: the world's seed (default: 1)")
    parser.add_argument("--truth", action="store_true", help="sim: no pixels, perfect readings; for speed")
    parser.add_argument("--speed", default=None, metavar="1|N|max", help="sim: game seconds per second (default: max)")
    parser.add_argument("--minutes", type=float, default=30.0, help="end after so much game time (default: 30)")
    parser.add_argument("--max-tasks", type=int, default=12, help="at most so many tasks in all (default: 12)")
    parser.add_argument("--plan-only", action="store_true", help="show the plan and end")
    parser.add_argument("--yes", action="store_true", help="do not ask before playing in a live window")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON and nothing else")


def main(args: argparse.Namespace) -> int:
    from wowbot.build import build_rig
    from wowbot.cli.status import start_log
    from wowbot.decision.profile import load_profile

    start_log(False)
    say = silent if args.json else aloud
    planner = Planner(args.goal, load_profile(args.profile))
    tasks = planner.plan("")
    say(f"plan, made by {planner.who}:")
    for number, task in enumerate(tasks, 1):
        say(f"  {number}. {task.name}: until {task.until} ({task.how}, at most {task.limit_s:.0f} s)")
    if args.plan_only:
        if args.json:
            print(json.dumps({"planner": planner.who, "tasks": [_row(task) for task in tasks]}))
        return 0
    rig = build_rig(options_from(args))
    say(f"world: {rig.world}, {rig.why}")
    if rig.world == "live" and not args.yes and not agreed():
        return 0
    return Doing(rig, planner, tasks, args, say).run()


def silent(_text: str) -> None:
    """Prints nothing."""


def aloud(text: str) -> None:
    """Prints at once."""
    print(text, flush=True)


def options_from(args: argparse.Namespace) -> Any:
    """The command line as RunOptions."""
    from wowbot.build import RunOptions
    from wowbot.cli.run import speed_from

    args.watch = False
    return RunOptions(
        profile=args.profile, world=args.world, window=args.window, scenario=args.scenario, seed=args.seed,
        truth=args.truth, paced=speed_from(args) > 0,
    )  # fmt: skip


def agreed() -> bool:
    """Ask the person; without a terminal the answer is no."""
    if not sys.stdin.isatty():
        raise ConfigError("keys would go into a live window: add --yes, or run it from a terminal to be asked")
    return input("play this plan? [y/N] ").strip().lower() in ("y", "yes")


class Planner:
    """Makes plans, by model or by phrases.

    Args:
        goal: in words.
    """

    def __init__(self, goal: str, profile: Profile) -> None:
        from wowbot.decision.llm.bounds import Bounds
        from wowbot.decision.rules import RulesPolicy

        self.goal, self.profile = goal, profile
        self.bounds = Bounds(profile.facts.llm)
        facts = profile.facts.llm
        allowed = facts.allow or tuple(RulesPolicy(profile).abilities)
        self.abilities = sorted(name for name in allowed if name in profile.bindings.spells)
        self.who = (
            f"the model {facts.model} ({facts.backend})" if facts.backend else "reading the phrases, without a model"
        )

    def plan(self, report: str) -> list[Task]:
        """Tasks for the goal, given what was tried.

        Raises:
            LLMError: the model gave no valid plan in two tries.
            ConfigError: without a model, a phrase that is not understood.
        """
        from wowbot.decision.llm.goal import phrase_tasks

        if not self.profile.facts.llm.backend:
            return phrase_tasks(self.goal, self.profile)
        try:
            return self._by_model(report)
        except LLMError as error:
            return self._by_model(f"{report} Your last plan was refused: {error}".strip())

    def _by_model(self, report: str) -> list[Task]:
        from wowbot.build.model import backend_facts
        from wowbot.decision.llm.goal import plan_question, tasks_from
        from wowbot.decision.llm.once import ask_once

        now_ns = time.monotonic_ns()
        if refused := self.bounds.refuse("tasks", now_ns):
            raise LLMError(f"no more planning: {refused}")
        self.bounds.asked(now_ns)
        question = plan_question(self.goal, self.profile, report, self.abilities)
        reply = ask_once(backend_facts(self.profile), question)
        self.bounds.answered("tasks", reply, now_ns)
        return tasks_from(reply, self.abilities)


class Doing:
    """Plays the tasks one by one, plans anew when one fails, and knows when to stop.

    Args:
        say: prints a line.
    """

    def __init__(self, rig: Rig, planner: Planner, tasks: list[Task], args: argparse.Namespace, say: Say) -> None:
        from wowbot.cli.run import speed_from
        from wowbot.control import Control
        from wowbot.decision.llm.tasks import Ledger, TaskPolicy

        self.rig, self.planner, self.args, self.say = rig, planner, args, say
        self.ledger = Ledger()
        agent = rig.agent
        self.policy: TaskPolicy = TaskPolicy(
            agent.policies[-1], rig.profile.bindings.spells, rig.rules.keys.press, tasks
        )  # fmt: skip
        agent.policies = [*agent.policies[:-1], self.policy]
        agent.tracker.want(self.policy.terms | set(self._wanted(tasks)))
        self.control = Control(rig, seconds=args.minutes * 60.0, speed=speed_from(args))
        self.planning: threading.Thread | None = None
        self.seen = 0
        self.replans = 0
        self.reached = False

    def _wanted(self, tasks: list[Task]) -> set[str]:
        return set().union(*(task.terms() for task in tasks)) if tasks else set()

    def run(self) -> int:
        """Play; 0 when the goal was reached, 1 when not."""
        from wowbot.cli.signals import interrupted, signals_ask

        try:
            with signals_ask(self.control.stop) as asked:
                self.control.run(self.on_tick)
            code = 130 if asked.why else 0
        except KeyboardInterrupt as by:
            self.control.reason, code = self.control.reason or interrupted(*by.args), 130
        report = self.rig.report.as_dict()
        outcomes = [
            {
                **_row(o.task),
                "done": o.done,
                "why": o.why,
                "kills": o.progress.kills,
                "seconds": round(o.progress.seconds, 1),
            }
            for o in self.policy.outcomes
        ]
        told = {
            "goal": self.args.goal, "planner": self.planner.who, "planning": self.planner.bounds.line(),
            "reached": self.reached, "reason": self.control.reason, "seconds": report["seconds"],
            "kills": report["kills"], "deaths": report["deaths"], "tasks": outcomes,
        }  # fmt: skip
        if self.args.json:
            print(json.dumps(told))
        cost = self.rig.cost_line()
        self.say(f"{'reached' if self.reached else 'not reached'}: {self.control.reason} ({report['seconds']:.0f} s)")
        if cost:
            self.say(f"{cost}; planning: {self.planner.bounds.line()}")
        return code or int(not self.reached)

    def on_tick(self, tick: Tick) -> None:
        """Tell what is over, and go on, plan anew or stop."""
        while self.seen < len(self.policy.outcomes):
            outcome = self.policy.outcomes[self.seen]
            self.seen += 1
            what = "done" if outcome.done else "FAILED"
            told = f"{what}: {outcome.task.name} ({outcome.why}; {outcome.progress.told()})"
            self.say(f"  {tick.frame.t_ns / 1e9:7.1f} s  {told}")
            if not outcome.done:
                self.policy.tasks = []
                self.ledger.failed.append(outcome)
                self._again(told)
                return
        if self.planning is not None and self.planning.is_alive():
            return
        if self.policy.task is None and not self.control.reason:
            self.reached = True
            self.control.stop("the goal is reached")
        elif self.seen >= self.args.max_tasks:
            self.control.stop(f"{self.args.max_tasks} tasks were played, at most that many are allowed (--max-tasks)")

    def _again(self, told: str) -> None:
        """Another plan, or the end. The loop goes on meanwhile, only fighting back; the training ground waits."""
        self.replans += 1
        self.planning = threading.Thread(target=self._plan_anew, args=(told,), daemon=True)
        self.planning.start()
        if self.rig.world == "sim":
            self.planning.join()

    def _plan_anew(self, told: str) -> None:
        try:
            if self.replans > REPLANS:
                raise LLMError(f"planned anew {REPLANS} times already")
            tasks = self.planner.plan(told)
            refused = self.ledger.refuse(tasks)
            if refused:
                raise LLMError(refused)
        except (LLMError, ConfigError) as error:
            self.control.stop(str(error))
            return
        self.say(f"  planned anew: {', '.join(task.name for task in tasks)}")
        with self.control.exclusive() if self.rig.world != "sim" else nullcontext():
            self.rig.agent.tracker.want(set().union(*(task.terms() for task in tasks)))
            self.policy.tasks = tasks


def _row(task: Task) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(task)
