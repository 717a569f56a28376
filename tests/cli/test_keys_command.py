"""`wowbot keys`: import, check."""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

import pytest

from wowbot.action.keyboards import KEYBOARDS
from wowbot.cli import keys
from wowbot.cli.rebind import spell_token
from wowbot.core.bindings import Spell
from wowbot.core.errors import ConfigError, ProfileError

PROFILE = """# my mage
name = "m"
rules = "m.simc"

[bars.main]
1 = "1"
2 = "2"
3 = "3"

# the opener
[spells.frostbolt]
slot = "main.1"
key = "1"

[spells.ice_lance]
slot = "main.2"

[spells.frost_nova]
key = "n"  # by name

[spells.target_nearest]
gcd_s = 0.0
key = "tab"
"""
CLIENT = """bind Q ACTIONBUTTON1
bind 3 ACTIONBUTTON2
bind T TARGETNEARESTENEMY
bind SHIFT-N SPELL Frost Nova
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.toml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "m.simc").write_text("actions=frostbolt\n", encoding="utf-8")
    (tmp_path / "client.wtf").write_text(CLIENT, encoding="utf-8")
    return tmp_path


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    keys.configure(parser)
    return keys.main(parser.parse_args(words))


def test_import_writes_a_profile_with_the_clients_keys_and_its_comments(folder: Path) -> None:
    out = folder / "mine" / "m2.toml"
    assert run("import", str(folder / "client.wtf"), "--profile", str(folder / "m.toml"), "--output", str(out)) == 0
    text = out.read_text(encoding="utf-8")
    made = tomllib.loads(text)
    assert made["bars"]["main"] == {"1": "q", "2": "3"}  # slot 3 lost its key "3" to slot 2
    assert "key" not in made["spells"]["frostbolt"]
    assert made["spells"]["frost_nova"]["key"] == "shift-n"
    assert made["spells"]["target_nearest"]["key"] == "t"
    assert "# my mage" in text
    assert "# the opener" in text
    assert (folder / "mine" / "m.simc").read_text(encoding="utf-8") == "actions=frostbolt\n"


def test_an_imported_profile_agrees_with_its_client(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "m2.toml"
    run("import", str(folder / "client.wtf"), "--profile", str(folder / "m.toml"), "--output", str(out))
    capsys.readouterr()
    code = run("check", "--profile", str(out), "--bindings", str(folder / "client.wtf"), "--keyboard", "us", "--json")
    assert (code, json.loads(capsys.readouterr().out)["problems"]) == (0, [])


def test_check_tells_where_profile_and_client_differ(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(
        "check", "--profile", str(folder / "m.toml"), "--bindings", str(folder / "client.wtf"), "--keyboard", "us"
    )
    said = capsys.readouterr().out
    assert code == 1
    assert "frostbolt: the profile presses 1, but the client has q on it" in said
    assert "target_nearest: the profile presses tab, but the client has t on it" in said


def test_inline_tables_are_not_edited_but_named(folder: Path) -> None:
    text = 'name = "m"\nrules = "m.simc"\nbars = { main = { 1 = "1" } }\n'
    (folder / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match="by hand"):
        run(
            "import",
            str(folder / "client.wtf"),
            "--profile",
            str(folder / "m.toml"),
            "--output",
            str(folder / "o.toml"),
        )
    assert not (folder / "o.toml").exists()


@pytest.mark.parametrize("words", [["--output", "x.toml"], ["--profile", "PROFILE", "--output", "x.txt"]])
def test_an_output_that_makes_no_sense_is_refused(folder: Path, words: list[str]) -> None:
    with pytest.raises(ConfigError, match="--output"):
        run("import", str(folder / "client.wtf"), *[str(folder / "m.toml") if w == "PROFILE" else w for w in words])


@pytest.mark.parametrize(
    ("spells", "board", "said"),
    [
        ({"a": Spell("a", "1", "main.1"), "b": Spell("b", "1", "main.2")}, "us", "'1' is bound to a and b"),
        ({"a": Spell("a", "1", "main.1"), "b": Spell("b", "1", "main.1")}, "us", ""),
        ({"a": Spell("a", "w"), "b": Spell("b", "w")}, "us", ""),
        ({"a": Spell("a")}, "us", "a: no key is bound"),
        ({"a": Spell("a", click="popup.button1")}, "us", ""),
        ({"a": Spell("a", "shft-1")}, "us", "a: 'shft-1'"),
        ({"a": Spell("a", "alt-f4")}, "us", "closes the window"),
        ({"a": Spell("a", "ctrl-alt-f5")}, "us", "another console"),
        ({"a": Spell("a", "pause")}, "us", "stop key"),
        ({"a": Spell("a", "shift-capslock")}, "us", "changes what other keys mean"),
        ({"a": Spell("a", "2", "main.2")}, "azerty", "gives 'é'"),
    ],
)
def test_problems_with_keys(spells: dict[str, Spell], board: str, said: str) -> None:
    problems = keys.profile_problems(spells, KEYBOARDS[board])
    assert [said in problem for problem in problems] == ([True] if said else [])


@pytest.mark.parametrize(
    ("command", "token"),
    [
        ("SPELL Frost Nova", "frost_nova"),
        ("SPELL Hunter's Mark", "hunters_mark"),
        ("MACRO x", ""),
        ("SPELL Ice Lance", "ice_lance"),
    ],
)
def test_spell_names_become_tokens(command: str, token: str) -> None:
    assert spell_token(command) == token
