"""Conditions in plain English."""

from __future__ import annotations

import pytest

from wowbot.apl.expression import parse
from wowbot.apl.lists import read_apl
from wowbot.decision.rules_english import condition_text, english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("health.pct<40", "your health in percent is below 40"),
        ("!buff.shield.up&target.health.pct>=20",
         "you do not have shield and the target's health in percent is at least 20"),
        ("a.b|(in_combat&!moving)", "a's b is not 0 or (you are in combat and you stand still)"),
        ("!(in_combat|dead)", "you are not in combat and you are alive"),
        ("debuff.frost_nova.remains<gcd*2",
         "the time left on the target's frost nova is below (the global cooldown times 2)"),
        ("prev_gcd.1.frostbolt", "the last spell was frostbolt"),
        ("!cooldown.icy_veins.ready", "icy veins is not ready"),
        ("!(rage>5)", "your rage is at most 5"),
        ("1", "always"),
    ],
)  # fmt: skip
def test_condition_reads_as_a_sentence(text: str, expected: str) -> None:
    assert condition_text(parse(text).node) == expected


def test_every_kind_of_entry_is_said() -> None:
    text = (
        "actions=call_action_list,name=a_b,if=x/run_action_list,name=a_b/swap_action_list,name=a_b/pool_resource,for_next=1/"
        "wait,sec=2/consult,topic=door/sequence,name=s:a:b/restart_sequence,name=s/variable,name=v,value=1/"
        "variable,name=v,op=add,value=rage/variable,name=v,op=setif,condition=x,value=1,value_else=2/"
        "bolt,target_if=min:d,line_cd=3,moving=1,use_off_gcd=1/bolt,cycle_targets=1,if=x/zap\nactions.a_b=bolt"
    )
    lines = list(english(read_apl(text).actors[0], lambda entry: "1" if entry.action == "bolt" else ""))
    assert lines[1] == "   1. Go through list a b, then go on here when x is not 0."
    assert (
        lines[12]
        .strip()
        .startswith("12. Bolt (1); on the enemy with the least d; at most every 3 s; only while moving")
    )
    assert lines[14] == "  14. Zap (no key: never)."
    assert "List a b:" in lines
