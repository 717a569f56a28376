"""The model round the rules, and its way out of the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.core.event import Mailbox
from wowbot.core.layout import Layout
from wowbot.core.protocols import Policy
from wowbot.decision.profile import Profile

if TYPE_CHECKING:
    from wowbot.build.rig import Rig
    from wowbot.decision.llm.policy import LlmPolicy
    from wowbot.decision.llm.talk import BackendFacts
    from wowbot.decision.rules import RulesPolicy
    from wowbot.decision.stuck import StuckWatch

MODEL_DELAY_S = 0.5
"""How long a model takes in the training ground at full speed, in game time."""


def make_model(
    profile: Profile, rules: RulesPolicy, inner: Policy, stuck: StuckWatch, layout: Layout | None
) -> LlmPolicy | None:
    """The model round the rules, connected to nobody yet; None where the profile names no back-end."""
    facts = profile.facts.llm
    if not facts.backend:
        return None
    from wowbot.decision.llm.asker import NullAsker
    from wowbot.decision.llm.policy import LlmPolicy
    from wowbot.decision.llm.tools import Toolbox

    tools = Toolbox(profile.bindings.spells, facts.allow, rules.abilities)
    model = LlmPolicy(inner, rules, tools, rules.keys.press, facts)
    model.connect(NullAsker(), stuck)
    if layout is not None:
        model.set_layout(layout)
    return model


def backend_facts(profile: Profile) -> BackendFacts:
    """The back-end a profile names, with its script's place."""
    from wowbot.decision.llm.talk import BackendFacts

    facts = profile.facts.llm
    return BackendFacts(facts.backend, facts.base_url, str(profile.path.parent / facts.script) if facts.script else "")


def connect_model(rig: Rig, model: LlmPolicy, stuck: StuckWatch, mailbox: Mailbox, *, lockstep: bool) -> None:
    """Give the model its way out: in lockstep with game time, or through a process of its own.

    Raises:
        WowbotError: in lockstep, a back-end that cannot be made.
    """
    from wowbot.decision.llm.asker import Asker, ChildAsker, LockstepAsker
    from wowbot.decision.llm.backends import make_backend

    facts, share = backend_facts(rig.profile), rig.profile.facts.llm.share_names
    asker: Asker
    if lockstep:
        asker = steady = LockstepAsker(mailbox, make_backend(facts), MODEL_DELAY_S, share)
        rig.services.append(steady)
    else:
        asker = child = ChildAsker(mailbox, facts, share)
        rig.services.append(child)
    model.connect(asker, stuck)
    rig.cost = model.bounds.line
    given = rig.profile.facts.llm
    rig.notes.append(
        f"a model may be asked ({facts.name}, {given.model}) on: {', '.join(given.triggers) or 'consult lines'}"
    )
    rig.on_layout.append(model.set_layout)
