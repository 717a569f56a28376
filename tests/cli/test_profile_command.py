"""`wowbot profile`: list, check, explain, new, schema."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from wowbot.cli.main import main
from wowbot.cli.profile_schema import profile_schema, schema_text
from wowbot.config import data_dir

SHIPPED = sorted((data_dir("configs") / "profiles").glob("*.toml"))


def test_list_names_the_shipped_profiles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "list", "--json"]) == 0
    names = {row["name"] for row in json.loads(capsys.readouterr().out)}
    assert {"mage", "warrior", "priest", "flare_brute"} <= names


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_schema_takes_every_shipped_profile(path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), profile_schema())


@pytest.mark.parametrize(
    "toml", ['name = "x"', 'name = "x"\nrules = "x"\nera = "wrath"', 'name = "x"\nrules = "x"\n[spells.a]\nkay = "1"']
)
def test_schema_refuses_what_the_loader_refuses(toml: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(toml), profile_schema())


def test_shipped_schema_is_the_one_of_the_code() -> None:
    shipped = data_dir("configs") / "profile.schema.json"
    assert shipped.read_text(encoding="utf-8") == schema_text(), (
        "run: wowbot profile schema > configs/profile.schema.json"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_profile_has_nothing_to_complain_of(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["profile", "check", str(path)])
    assert (code, [line for line in capsys.readouterr().out.splitlines() if line.startswith(("error", "warning"))]) == (
        0,
        [],
    )


def test_schema_tells_units_and_meaning() -> None:
    spell = profile_schema()["properties"]["spells"]["additionalProperties"]["properties"]
    assert "off the global cooldown" in spell["gcd_s"]["description"]
    assert "melee" in spell["range_yd"]["description"]


@pytest.mark.parametrize("wow_class", ["mage", "warrior", "rogue"])
def test_new_profile_passes_its_own_check(tmp_path: Path, capsys: pytest.CaptureFixture[str], wow_class: str) -> None:
    assert main(["profile", "new", "mine", "--class", wow_class, "--folder", str(tmp_path)]) == 0
    toml = tmp_path / "mine.toml"
    jsonschema.validate(tomllib.loads(toml.read_text()), json.loads((tmp_path / "profile.schema.json").read_text()))
    capsys.readouterr()
    code = main(["profile", "check", str(toml), "--json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert (code, [f for f in findings if f["severity"] != "note"]) == (0, [])


def test_new_profile_does_not_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["profile", "new", "mine", "--folder", str(tmp_path)]
    assert (main(args), main(args)) == (0, 2)
    assert "exists already" in capsys.readouterr().err


def test_check_exits_1_and_names_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "new", "mine", "--folder", str(tmp_path)]) == 0
    (tmp_path / "mine.simc").write_text("actions=main_attack,if=buff.my_buf.up&swing.mh.remains<1")
    assert main(["profile", "check", str(tmp_path / "mine.toml")]) == 1
    text = capsys.readouterr().out
    assert "no aura 'my_buf'" in text
    assert "Did you mean 'my_buff'" in text
    assert "swing.mh.remains: this layout cannot see it" in text


def test_explain_is_plain_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "new", "mine", "--folder", str(tmp_path)]) == 0
    assert main(["profile", "explain", str(tmp_path / "mine.toml")]) == 0
    text = capsys.readouterr().out
    assert "1. Heal potion (3) when your health in percent is below 40." in text
    assert "2. Target nearest (tab) when there is no target or the target is dead." in text


def test_class_resources_without_a_reader_are_named_and_runes_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = (data_dir("configs") / "profiles" / "mage.toml").read_text(encoding="utf-8")
    (tmp_path / "knight.toml").write_text(toml.replace("mage.simc", "knight.simc"), encoding="utf-8")
    rules = "actions=frostbolt,if=holy_power>=3\nactions+=/fireball,if=rune.time_to_3<1&rune>=2&rune.deficit<5\n"
    (tmp_path / "knight.simc").write_text(rules, encoding="utf-8")
    main(["profile", "check", str(tmp_path / "knight.toml")])
    warnings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning")]
    assert any("holy_power" in line and "no reader" in line for line in warnings)
    assert [line for line in warnings if "rune" in line] == []
