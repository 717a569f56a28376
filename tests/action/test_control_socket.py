"""`wowbot stop` finds a running agent and is answered."""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wowbot.action.control_socket import ControlSocket, Running, running_agents
from wowbot.cli import stop


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def running(tmp_path: Path, asked: list[str]) -> Iterator[ControlSocket]:
    def answer(command: str) -> dict[str, Any]:
        asked.append(command)
        return {"stopping": command == "stop"}

    control = ControlSocket(answer, tmp_path)
    control.start()
    yield control
    control.close()


def test_a_running_agent_is_found_and_answers(running: ControlSocket, tmp_path: Path, asked: list[str]) -> None:
    (agent,) = running_agents(tmp_path)
    assert agent.pid == os.getpid()
    assert agent.ask("stop") == {"stopping": True}
    assert asked == ["stop"]


def test_word_of_the_agent_is_readable_by_its_user_alone(running: ControlSocket, tmp_path: Path) -> None:
    (agent,) = running_agents(tmp_path)
    assert agent.path.stat().st_mode & 0o077 == 0


def test_a_wrong_token_is_not_obeyed(running: ControlSocket, tmp_path: Path, asked: list[str]) -> None:
    (agent,) = running_agents(tmp_path)
    stranger = Running(agent.pid, agent.port, "0" * 32, agent.path)
    assert stranger.ask("stop") == {"error": "wrong token"}
    assert asked == []


@pytest.mark.parametrize("line", [b"\n", b"not json\n", b"[]\n", b'{"token": 1}\n', b"x" * 9000])
def test_nonsense_is_dropped_and_the_next_request_served(
    running: ControlSocket, tmp_path: Path, asked: list[str], line: bytes
) -> None:
    (agent,) = running_agents(tmp_path)
    with socket.create_connection(("127.0.0.1", agent.port)) as connection:
        connection.sendall(line)
    agent.ask("status")
    assert asked == ["status"]


def test_closing_takes_the_word_back(tmp_path: Path) -> None:
    control = ControlSocket(lambda command: {}, tmp_path)
    control.start()
    control.close()
    assert running_agents(tmp_path) == []


def test_a_broken_word_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text("{", encoding="utf-8")
    (tmp_path / "2.json").write_text('{"pid": 1}', encoding="utf-8")
    assert running_agents(tmp_path) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_word_of_a_dead_agent_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "9.json"
    path.write_text("{}", encoding="utf-8")
    assert stop.stop(Running(9, free_port(), "t", path)) is None
    assert not path.exists()


def test_a_process_that_is_none_of_ours_is_never_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.kill", lambda pid, number: pytest.fail("a stranger was killed"))
    monkeypatch.setattr(stop, "is_agent", lambda pid: False)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(stop, "ANSWER_S", 0.05)
        assert stop.stop(Running(1, silent.getsockname()[1], "t", tmp_path / "1.json")) is None


def test_an_agent_that_does_not_answer_is_ended_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr("os.kill", lambda pid, number: killed.append((pid, number)))
    monkeypatch.setattr(stop, "is_agent", lambda pid: True)
    monkeypatch.setattr(stop, "ANSWER_S", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        outcome = stop.stop(Running(4711, silent.getsockname()[1], "t", tmp_path / "1.json"))
    assert outcome is not None
    assert not outcome["answered"]
    assert killed == [(4711, stop.FORCE)]


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str) -> int:
    monkeypatch.setattr("wowbot.action.control_socket.default_folder", lambda: folder)
    parser = argparse.ArgumentParser()
    stop.configure(parser)
    return stop.main(parser.parse_args(options))


def test_the_command_stops_every_agent_and_says_so(
    running: ControlSocket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["stopped"][0]["pid"] == os.getpid()


def test_the_command_finds_nobody_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "--pid", "7") == 1
    assert "no agent is running with process id 7" in capsys.readouterr().out
