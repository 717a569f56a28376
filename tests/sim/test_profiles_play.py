"""The shipped profiles in the training ground, without pixels: they win, stay alive, and repeat themselves to the byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from wowbot.build import Rig, RunOptions, build_rig
from wowbot.config import data_dir

PROFILES = ("mage", "warrior", "priest")


def rig(profile: str, scenario: str, seed: int = 1, seconds: float = 0.0) -> Rig:
    return build_rig(
        RunOptions(profile=profile, world="sim", scenario=scenario, seed=seed, seconds=seconds, truth=True)
    )


def play(made: Rig) -> str:
    """Play to the end; the hash of every decision and every accepted key."""
    digest = hashlib.sha256()
    made.open()
    try:
        while (tick := made.agent.tick()) is not None and not tick.verdict.stop:
            digest.update(repr((tick.frame.t_ns, tick.decision, tick.accepted, tick.keys)).encode())
    finally:
        made.close()
    return digest.hexdigest()


def at_level(profile: str, level: int, folder: Path) -> str:
    """The shipped profile for a character of another level."""
    source = data_dir("configs") / "profiles"
    text = (source / f"{profile}.toml").read_text(encoding="utf-8")
    assert "level = 80\n" in text
    path = folder / f"{profile}.toml"
    path.write_text(text.replace("level = 80\n", f"level = {level}\n"), encoding="utf-8")
    rules = f"{profile}.simc"
    (folder / rules).write_text((source / rules).read_text(encoding="utf-8"), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("scenario", ["single_target", "pack"])
def test_mage_wins_without_dying(scenario: str, seed: int) -> None:
    made = rig("mage", scenario, seed)
    play(made)
    stats = made.session.stats
    assert (stats.result, stats.deaths) == ("won", 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("scenario", ["single_target", "pack", "caster_interrupt"])
@pytest.mark.parametrize("profile", ["warrior", "priest"])
def test_warrior_and_priest_win_without_dying(profile: str, scenario: str, seed: int) -> None:
    made = rig(profile, scenario, seed)
    play(made)
    stats = made.session.stats
    assert (stats.result, stats.deaths) == ("won", 0)


@pytest.mark.parametrize("scenario", ["ambush_while_resting", "elite_flee", "death_run", "resurrection"])
@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_masters_the_scenario(profile: str, scenario: str) -> None:
    made = rig(profile, scenario)
    play(made)
    assert made.session.stats.result == "won"


@pytest.mark.parametrize("scenario", ["dialog", "door"])
def test_rules_alone_do_not_pass(scenario: str) -> None:
    made = rig("mage", scenario, seconds=60.0)
    play(made)
    stats = made.session.stats
    assert (stats.result, stats.kills, stats.deaths) == ("", 0, 0)


@pytest.mark.parametrize("profile", PROFILES)
def test_level_20_character_wins_with_what_it_knows(profile: str, tmp_path: Path) -> None:
    for scenario in ("single_target", "pack"):
        made = rig(at_level(profile, 20, tmp_path), scenario)
        play(made)
        stats = made.session.stats
        assert (stats.result, stats.deaths) == ("won", 0)


@pytest.mark.parametrize("profile", PROFILES)
def test_same_seed_gives_the_same_decisions_and_another_seed_others(profile: str) -> None:
    first, again, other = (play(rig(profile, "grind", seed, 45.0)) for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_caster_is_interrupted() -> None:
    made = rig("mage", "caster_interrupt", 2)
    play(made)
    assert made.session.stats.damage_taken < 0.5 * made.session.world.player.health_max


def test_mana_lasts_through_a_long_fight() -> None:
    made = rig("mage", "long_mana_fight")
    play(made)
    assert made.session.stats.result == "won"
    assert made.session.stats.seconds > 120
