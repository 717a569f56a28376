"""Files: tokens, templates, includes, actors, `+=`, and where problems are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wowbot.apl.dialect import DIALECTS
from wowbot.apl.lists import Apl, read_apl, read_apl_file
from wowbot.apl.syntax import to_text
from wowbot.core.errors import ProfileError


def read(text: str, dialect: str = "modern") -> Apl:
    return read_apl(text, "list.simc", DIALECTS[dialect])


def heads(text: str, dialect: str = "modern", name: str = "default") -> list[str]:
    return [entry.action for entry in read(text, dialect).actors[0].lists[name]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("actions=a/b\nactions+=/c", ["a", "b", "c"]),
        ("actions=a\nactions=b", ["b"]),
        ("actions+=/a", ["a"]),
        ("actions+=a", ["a"]),
        ("  # comment\n\tactions=a\r\n\r\nactions+=/b\r", ["a", "b"]),
        ("actions=a//b/,,if=x", ["a", "b", ""]),
        ('actions="a,if=x&y"/b', ["a", "b"]),
        ('act"ions"=a', ["a"]),
        ("actions=a actions+=/b", ["a", "b"]),
        ("$(v)=frost\nactions=$(v)bolt", ["frostbolt"]),
        ("$(l)=aoe\nactions.$(l)=a\nactions=b", ["b"]),
        ("mage=me level=80\nactions=a", ["a"]),
        ("actions=Heart_of_the_Wild", ["heart_of_the_wild"]),
        ("actions=water_elemental:freeze", ["water_elemental:freeze"]),
        ("﻿actions=a", []),
    ],
)
def test_lists_are_put_together_as_simulationcraft_does(text: str, expected: list[str]) -> None:
    if not expected:
        assert read(text).actors == ()
    else:
        assert heads(text) == expected


def test_precombat_and_named_lists_are_kept_apart() -> None:
    apl = read("actions.precombat=a/b\nactions=call_action_list,name=x\nactions.x=c")
    assert apl.list_sizes() == {"precombat": 2, "default": 1, "x": 1}
    assert apl.errors == ()


def test_several_actors_are_kept_apart() -> None:
    apl = read("mage=one\nactions=a/b\nmage=two\nactions=c\npriest=three")
    assert apl.list_sizes() == {"one:default": 2, "two:default": 1}
    with pytest.raises(ProfileError, match="lists of one actor"):
        apl.runnable()


def test_copy_takes_the_lists_along_and_changes_its_own() -> None:
    apl = read("mage=one\nactions=a\ncopy=two\nactions+=/b")
    assert apl.list_sizes() == {"one:default": 1, "two:default": 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("actions=a\nactions+=b", 2, 10, "glues"),
        ("actions=a,if=b c", 1, 16, "left over"),
        ("actions=a,if=rage>20 # note", 1, 22, "left over"),
        ("actions=a,if=time >= 5", 1, 19, "left over"),
        ("actions=a,if=!!b", 1, 14, "two prefix"),
        ("actions=z\nactions+=/a,if=(b", 2, 18, "not closed"),
        ("actions=a,moving", 1, 11, "no value"),
        ("actions=a,if=(b/c)", 1, 16, "not closed"),
        ("actions=$(x)", 1, 1, "not defined"),
        ("actions.a.b=c", 1, 1, "name of a list"),
        ("actions=call_action_list,name=nope", 1, 9, "no list 'nope'"),
        ("actions=call_action_list,if=x", 1, 9, "which list"),
        ("actions=variable,value=1", 1, 9, "no name"),
        ("actions=variable,name=a,op=sett,value=1", 1, 9, "not an operation"),
        ("actions=variable,name=a,op=setif,value=1", 1, 9, "condition"),
        ("actions=a,health.pct<=30,if=b", 1, 11, "condition stands"),
        ("actions=a,line_cd=soon", 1, 19, "expected a number"),
        ("actions=call_action_list,name=x\nactions.x=a/call_action_list,name=default", 2, 13, "circle"),
    ],
)
def test_error_names_line_and_column_and_mend(text: str, line: int, column: int, words: str) -> None:
    errors = read(text).errors
    assert errors
    assert words in errors[0].message
    assert (errors[0].line, errors[0].column) == (line, column)
    assert errors[0].mend
    assert f"list.simc:{line}:{column}" in str(errors[0])
    caret = str(errors[0]).splitlines()[2]
    assert caret.index("^") == column + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("actions=a,iff=b", "unknown option 'iff'"),
        ("actions=a,if=b,if=c", "given twice"),
        ("actions=a,if=buff.cat_form.remains<5", "hugely negative"),
        ("actions=a,if=!x=3", "binds tighter"),
        ("nowhere.simc\nactions=a", "was not found"),
    ],
)
def test_warning_does_not_stop_the_list(text: str, words: str) -> None:
    apl = read(text)
    assert apl.errors == ()
    assert any(words in w.message for w in apl.warnings)


@pytest.mark.parametrize("order", [1, -1])
def test_lists_that_call_each_other_too_deep_are_an_error(order: int) -> None:
    lines = [f"actions.l{i}=call_action_list,name=l{i + 1}" for i in range(2000)] + ["actions.l2000=a"]
    errors = read("\n".join(["actions=call_action_list,name=l0", *lines[::order]])).errors
    assert errors
    assert all("deep" in e.message for e in errors)


def test_the_last_of_two_options_counts() -> None:
    (entry,) = read("actions=a,if=b,if=c").actors[0].lists["default"]
    assert to_text(entry.exprs["if"]) == "c"


def test_missing_include_is_a_warning_when_read_and_an_error_when_run() -> None:
    apl = read("globals.simc\nactions=a")
    assert [w.message for w in apl.warnings] == ["include 'globals.simc' was not found in this file's folder"]
    with pytest.raises(ProfileError, match=r"globals\.simc"):
        apl.runnable()


def test_include_is_read_within_the_folder_only(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.simc").write_text("actions+=/secret")
    (inside / "part.simc").write_text("actions+=/part")
    (inside / "main.simc").write_text("actions=a\ninput=part.simc\n../secret.simc\npart.simc")
    apl = read_apl_file(inside / "main.simc")
    assert apl.list_sizes() == {"default": 3}
    assert apl.missing == ("../secret.simc",)


def test_file_that_includes_itself_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.simc").write_text("actions=x\na.simc")
    assert "includes itself" in read_apl_file(tmp_path / "a.simc").errors[0].message


def test_latin_1_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.simc").write_bytes(b"\xef\xbb\xbfactions=a")
    (tmp_path / "b.simc").write_bytes(b"mage=Z\xfcg\nactions=b")
    assert read_apl_file(tmp_path / "a.simc").list_sizes() == {"default": 1}
    assert read_apl_file(tmp_path / "b.simc").actors[0].name == "Züg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("actions=heroic_strike,rage>=25", "rage>=25"),
        ("actions=heroic_strike,rage>=25,if=a|b", "(a|b)&(rage>=25)"),
        ("actions=execute,health_percentage<=20", "health_percentage<=20"),
        ("actions=slam,bloodsurge=1", "buff.bloodsurge.up!=0"),
        ("actions=a,if=b/2>c", "(b%2)>c"),
        ("actions=a,if=(b/c)>2/d", "(b%c)>2"),
    ],
)
def test_wotlk_lists_keep_their_old_conditions(text: str, expected: str) -> None:
    apl = read(text, "wotlk")
    assert apl.errors == ()
    assert to_text(apl.actors[0].lists["default"][0].exprs["if"]) == expected


def test_hekili_has_one_entry_a_line_and_divides_by_slash() -> None:
    text = "actions+=/a,if=b / 2 > c\n# Caption\nactions+=/d,if=e&f\n  actions.aoe+=/g,target_if=min:h,if=i"
    apl = read(text, "hekili")
    assert apl.errors == ()
    first, second = apl.actors[0].lists["default"]
    assert (to_text(first.exprs["if"]), to_text(second.exprs["if"])) == ("(b%2)>c", "e&f")
    aoe = apl.actors[0].lists["aoe"][0]
    assert (to_text(aoe.exprs["if"]), aoe.flag("cycle_targets"), "target_if" in aoe.exprs) == ("i", True, False)


def test_sequence_keeps_its_steps_and_their_options() -> None:
    (entry,) = read("actions=sequence,name=s,if=x:a:b,if=y:c").actors[0].lists["default"]
    assert [step.action for step in entry.steps] == ["a", "b", "c"]
    assert to_text(entry.steps[1].exprs["if"]) == "y"


@given(
    st.lists(
        st.one_of(
            st.text(alphabet='ab=+/,.:()!&|<>%$"# \t#', max_size=30),
            st.sampled_from(
                ["actions=a", "actions+=/b,if=c&d", "actions.x+=/variable,name=v,value=1", "mage=me", "copy=z", "actions",
                 "actions+=/call_action_list,name=x", "actions.x+=/run_action_list,name=default", "$(a)=b", "input=q",
                 "actions+=/sequence,name=s:a:b", "actions+=/b,target_if=min:x,cycle_targets=1", "pet=p", "active=owner"]
            ),
        ),
        max_size=8,
    ),
    st.sampled_from(sorted(DIALECTS)),
)  # fmt: skip
@settings(max_examples=300)
def test_whole_files_of_anything_are_read_without_an_exception(lines: list[str], dialect: str) -> None:
    apl = read("\n".join(lines), dialect)
    assert all(problem.message and problem.line >= 0 for problem in apl.problems)
