"""The layers of the house: a room imports only rooms below it, and never a neighbour."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import wowbot

ROOT = Path(wowbot.__file__).parent
LAYERS: list[set[str]] = [
    {"core"},
    {"config"},
    {"hud"},
    {"sim", "capture", "perception", "state", "apl", "action", "recording"},
    {"decision", "calibration", "replay", "detector"},
    {"agent", "report", "viewer"},
    {"taping"},
    {"build"},
    {"control"},
    {"mcp_server", "cli"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
FILES = sorted(p for p in ROOT.rglob("*.py") if p.parent != ROOT or p.stem not in ("__init__", "__main__"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Every room named in an import or in a "module:Class" string of this file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {n.split(".")[1] for n in names if n.startswith("wowbot.") and n.split(".")[1] in LEVEL}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_imports_only_its_own_room_and_rooms_below(path: Path) -> None:
    room = room_of(path)
    assert room in LEVEL, f"{room} has no place in the layers"
    wrong = {other for other in imported_rooms(path) if other != room and LEVEL[other] >= LEVEL[room]}
    if LEVEL[room] == len(LAYERS) - 1:
        wrong = set()
    assert not wrong, f"{path.name} in {room} imports {sorted(wrong)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_only_the_command_line_prints(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"
    ]
    assert room_of(path) == "cli" or not calls


def test_help_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import wowbot.cli.main as m; m.main(['--help']);"
        "heavy = {'cv2','numpy','onnxruntime','pyautogui','pygame','mss','mcap','lark','dashscope','mcp','rich'};"
        "heavy &= set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_module_gives_each_of_its_constants_one_value(path: Path) -> None:
    bound: list[str] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        bound += [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name) and n.id.isupper()]
    assert sorted(bound) == sorted(set(bound))
