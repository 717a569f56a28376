"""The agent in the embedded training ground."""

from __future__ import annotations

from dataclasses import asdict

from wowbot.build.eyes import add_detector, hud_perception
from wowbot.build.mind import Parts, assemble, null_sink
from wowbot.build.rig import Rig, RunOptions
from wowbot.build.taps import add_taps
from wowbot.core.event import DelayedRunner, Mailbox
from wowbot.core.protocols import Perception
from wowbot.decision.profile import Profile

SIM_HZ = 20.0
WORKER_DELAY_S = 0.15
"""How long OCR and the like take in the training ground, in game time."""


def sim_rig(profile: Profile, options: RunOptions, why: str) -> Rig:
    """The agent in the training ground."""
    from wowbot.sim.session import SimSession
    from wowbot.sim.truth import TruthPerception

    scenario = options.scenario or profile.facts.scenario
    hz = options.hz or SIM_HZ
    session = SimSession(
        scenario, options.seed, profile.bindings,
        size_wh=options.size_wh, era=profile.facts.era, hz=hz, pixels=not options.truth, seconds=options.seconds or None,
    )  # fmt: skip
    mailbox = Mailbox()
    runner = DelayedRunner(mailbox, WORKER_DELAY_S)
    eyes = None if options.truth else hud_perception(profile, session.layout, runner, sim_icons=True)
    perception: Perception = TruthPerception(session) if eyes is None else eyes
    sink = null_sink(session.clock) if options.dry_run else session.sink
    lockstep = not options.paced or profile.facts.llm.backend == "scripted"
    parts = Parts(session, perception, sink, session.clock, mailbox, runner, lockstep=lockstep)
    rig = assemble(profile, options, parts, session.layout)
    if eyes is not None:
        add_detector(rig, eyes, options.detector)
    rig.world, rig.target, rig.session = "sim", scenario, session
    rig.why = f"scenario {scenario}, seed {options.seed}, {why}"
    rig.report.stats = lambda: asdict(session.stats)
    add_taps(rig, options)
    return rig
