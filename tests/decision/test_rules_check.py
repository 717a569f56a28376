"""What `wowbot profile check` finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_profile import make_profile

from wowbot.decision.rules_check import Finding, ProfileCheck


def findings(folder: Path, rules: str, extra: str = "", icons: set[str] | None = None) -> list[Finding]:
    return ProfileCheck(make_profile(folder, rules, extra), icons).findings()


@pytest.mark.parametrize(
    ("rules", "kind", "words", "mend"),
    [
        ("actions=bolt,if=!!x", "list", "two prefix", "parentheses"),
        ("actions=wait,sec=1/bolt", "unreachable", "default.1 above always ends the scan", ""),
        ("actions=run_action_list,name=x/bolt\nactions.x=kick", "unreachable", "above always ends", ""),
        ("actions=bolt/bolt,if=rage>5", "unreachable", "does the same without a condition", ""),
        ("actions=bolt,if=talent.storm&rage>5", "unreachable", "false for this character", ""),
        ("actions=bolt\nactions.x=kick", "unreachable", "no line calls this list", ""),
        ("actions=bolt,if=buff.shel.up", "unknown name", "no aura 'shel'", "shell"),
        ("actions=bolt,if=cooldown.blats.ready", "unknown name", "no spell 'blats'", "blast"),
        ("actions=bolt,if=cooldown.bolt.remain>2", "unknown name", "no term is called so", "cooldown.bolt.remains"),
        ("actions=bolt,if=heatlh.pct<5", "unknown name", "no term is called so", "health.pct"),
        ("actions=bolt,if=variable.v", "unknown name", "no line sets it", ""),
        ("actions=bolt,if=raid_event.adds.in>5", "unknown name", "not on the screen", ""),
        ("actions=bolt,if=target.name=5", "unknown name", "it is text", ""),
        ("actions=bolt,if=buff.shell.remains<5", "permanent aura", "hugely negative", "buff.shell.up"),
        ("actions=bolt,if=talent.other", "not stated", "does not state", "talent.other"),
        ("actions=flask/bolt", "no key", "has no key for it", "spells.flask"),
        ("actions=bolt", "no key", "neither key nor slot", "key ="),
    ],
)
def test_check_finds_and_says_the_mend(tmp_path: Path, rules: str, kind: str, words: str, mend: str) -> None:
    found = [f for f in findings(tmp_path, rules) if f.kind == kind and words in f.message]
    assert found
    assert mend in found[0].mend


def test_sound_list_finds_nothing_about_itself(tmp_path: Path) -> None:
    rules = (
        "actions=call_action_list,name=x,if=rage>5/bolt,if=debuff.sting.remains<3\nactions.x=kick,if=prev_gcd.1.bolt"
    )
    assert [f.kind for f in findings(tmp_path, rules) if f.where != "spells.mirror"] == []


def test_slot_key_bound_twice_is_a_warning_and_a_shared_key_a_note(tmp_path: Path) -> None:
    extra = ""
    profile = make_profile(tmp_path, "actions=bolt", extra)
    text = profile.path.read_text() + '\n[spells.clash]\nkey = "1"\n[spells.run]\nkey = "w"\ngcd_s = 0.0\n'
    profile.path.write_text(text)
    from wowbot.decision.profile import load_profile

    twice = [f for f in ProfileCheck(load_profile(str(profile.path))).findings() if f.kind == "key bound twice"]
    assert [(f.severity, f.where) for f in twice] == [("warning", "1"), ("note", "w")]


def test_aura_without_a_learned_icon_is_named(tmp_path: Path) -> None:
    found = [f for f in findings(tmp_path, "actions=bolt", icons={"sting", "shells"}) if f.kind == "no icon"]
    assert [(f.where, "shells" in f.mend) for f in found] == [("auras.shell", True)]


def test_term_that_the_layout_cannot_see_is_named_with_its_lines(tmp_path: Path) -> None:
    check = ProfileCheck(make_profile(tmp_path, "actions=bolt,if=rage>5/kick,if=rage<2"))
    (found,) = check.unseen({"rage": "no reader provides it", "energy": "not asked for"})
    assert "default.1, default.2" in found.message
    assert "no reader provides it" in found.message
