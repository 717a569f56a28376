"""Stop a running agent from another terminal: its keys go up at once, then it ends with its summary.

examples:
  wowbot stop              every agent of this user
  wowbot stop --pid 4711   that one
  wowbot stop --json

Exit code 1 when there was no agent to stop, or one had to be ended by force.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wowbot.action.control_socket import Running, running_agents

ANSWER_S = 1.0
FORCE = getattr(signal, "SIGKILL", signal.SIGTERM)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pid", type=int, help="only the agent with this process id")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    agents = [agent for agent in running_agents() if args.pid in (None, agent.pid)]
    outcomes = [outcome for agent in agents if (outcome := stop(agent)) is not None]
    if args.json:
        print(json.dumps({"stopped": outcomes}))
    elif not outcomes:
        print("no agent is running" + ("" if args.pid is None else f" with process id {args.pid}"))
    for outcome in () if args.json else outcomes:
        print(f"agent {outcome['pid']}: {outcome['how']}")
    return 0 if outcomes and all(outcome["answered"] for outcome in outcomes) else 1


def stop(agent: Running) -> Mapping[str, Any] | None:
    """Ask, and end the process when it does not answer. None: it was gone already, and its word is removed."""
    try:
        answer = agent.ask("stop", ANSWER_S)
        return {"pid": agent.pid, "answered": True, "how": "keys are up, it is ending", **answer}
    except ConnectionRefusedError:
        agent.path.unlink(missing_ok=True)
        return None
    except (OSError, ValueError) as error:
        if not is_agent(agent.pid):
            agent.path.unlink(missing_ok=True)
            return None
        os.kill(agent.pid, FORCE)
        how = f"did not answer ({error}) and was killed; its watchdog lifts the keys"
        return {"pid": agent.pid, "answered": False, "how": how}


def is_agent(pid: int) -> bool:
    """Whether that process is still one of ours: process ids are used again. Where that cannot be seen: no."""
    try:
        return b"wowbot" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
