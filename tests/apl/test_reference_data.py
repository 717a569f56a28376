"""SimulationCraft's own values and lists, where the shared data lies beside the project."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from apl_strategies import same

from wowbot.apl.codegen import compile_expressions
from wowbot.apl.dialect import DIALECTS
from wowbot.apl.expression import parse
from wowbot.apl.lists import read_apl_file
from wowbot.apl.program import Linker
from wowbot.apl.scanner import Scanner
from wowbot.apl.traced import evaluate

ERAS = {"retail": "modern", "mop": "pre2015", "wotlk": "wotlk", "hekili_wrath": "hekili"}


@pytest.mark.parametrize("file", ["expressions.jsonl", "expressions_generated.jsonl"])
def test_every_stored_value_is_met_exactly_by_tree_and_by_code(apl_dir: Path, file: str) -> None:
    rows = [json.loads(line) for line in (apl_dir / file).read_text().splitlines()]
    nodes = {str(i): (parse(row["expr"]).node, False) for i, row in enumerate(rows)}
    compiled = compile_expressions(nodes, ())
    wrong = []
    for (key, (node, _)), row in zip(nodes.items(), rows, strict=True):
        expected = float(row["value"])
        if not (same(evaluate(node, row["state"].get), expected) and same(compiled[key](row["state"], {}), expected)):
            wrong.append(row["expr"])
    assert (len(rows) > 2000, wrong) == (True, [])


@pytest.mark.parametrize(("era", "count"), [("mop", 642), ("wotlk", 112)])
def test_distinct_expressions_are_as_many_as_the_reference_counts(apl_dir: Path, era: str, count: int) -> None:
    paths = (apl_dir / "lists" / era).rglob("*.simc")
    assert len(set().union(*(read_apl_file(path, DIALECTS[ERAS[era]]).expressions() for path in paths))) == count


@pytest.mark.parametrize("era", ["retail", "mop", "wotlk"])
def test_every_simulationcraft_file_reads_without_an_error(apl_dir: Path, era: str) -> None:
    paths = sorted((apl_dir / "lists" / era).rglob("*.simc"))
    found = [read_apl_file(path, DIALECTS[ERAS[era]]) for path in paths]
    assert len(paths) > 50
    assert [str(p) for apl in found for p in apl.errors] == []
    assert sum(sum(apl.list_sizes().values()) for apl in found) > 3000


def test_the_bad_lines_of_the_hekili_pack_are_named(apl_dir: Path) -> None:
    paths = sorted((apl_dir / "lists" / "hekili_wrath").rglob("*.simc"))
    errors = [p for path in paths for p in read_apl_file(path, DIALECTS["hekili"]).errors]
    causes = Counter(p.message.split(": ")[-1] for p in errors)
    assert causes == {
        "op=setif needs condition=": 5,
        "call_action_list does not say which list": 3,
        "found 'spellsteal_cooldown', expected a number": 2,
        "found 'living_bomb_cap', expected a number": 1,
        "a condition stands where an option is expected": 1,
    }
    assert all(p.line and p.column and p.mend and p.source for p in errors)


@pytest.mark.parametrize("era", ["retail", "wotlk"])
def test_every_list_scans_the_same_compiled_and_explained(apl_dir: Path, era: str) -> None:
    for path in sorted((apl_dir / "lists" / era).rglob("*.simc"))[::6]:
        apl = read_apl_file(path, DIALECTS[ERAS[era]])
        if len(apl.actors) != 1 or apl.missing:
            continue
        program = Linker(apl.actors[0]).link()
        for known in (None, 0.0, 1.0):
            values = dict.fromkeys(program.terms, known) | {"cooldown.auto_attack.remains": 1.0}
            plain, traced = Scanner(program), Scanner(program)
            for _ in range(2):
                a, b = plain.scan(values), traced.scan(values, trace=True)
                assert (a.pick, a.unknown, a.consults) == (b.pick, b.unknown, b.consults), path.name
                assert repr(plain.memory.snapshot()) == repr(traced.memory.snapshot()), path.name
