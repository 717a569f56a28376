"""Key bindings: read the client's own file, check them, see what a window really gets.

examples:
  wowbot keys import WTF/Account/ME/bindings-cache.wtf                          as TOML, to paste into a profile
  wowbot keys import bindings-cache.wtf --profile mage --output my_mage.toml    a profile of your own with your keys
  wowbot keys check --profile mage --bindings bindings-cache.wtf
  wowbot keys check --profile mage --keyboard azerty
  wowbot keys press-test --profile mage

Exit code 1 when the check or the test finds something.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from wowbot.action.bindings_file import ClientBindings, read_bindings
from wowbot.action.keyboards import KEYBOARDS, Keyboard, keyboard
from wowbot.action.keys import Chord, parse_chord
from wowbot.cli.rebind import bars_text, rebound, spell_token
from wowbot.core.bindings import Spell
from wowbot.core.errors import ActionError, CaptureError, ConfigError
from wowbot.decision.profile import Profile, load_profile

RESERVED = {
    "alt-tab": "the desktop switches windows",
    "alt-f4": "the desktop closes the window",
    "alt-escape": "the desktop switches windows",
    "ctrl-escape": "Windows opens the start menu",
    "printscreen": "the desktop takes a screenshot",
    "capslock": "it changes what other keys mean",
    "numlock": "it changes what the numeric pad means",
    "pause": "it is the stop key",
    **{f"ctrl-alt-f{n}": "Linux switches to another console" for n in range(1, 13)},
}


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    reading = commands.add_parser("import", help="read the client's bindings-cache.wtf")
    reading.add_argument("path", type=Path, help="the file, in WTF/Account/NAME/ or in the character's folder below it")
    reading.add_argument("--profile", metavar="NAME", help="put the keys into this profile")
    reading.add_argument(
        "--output", type=Path, metavar="FILE.toml", help="where the new profile goes (needs --profile)"
    )
    check = commands.add_parser("check", help="conflicts, unbound spells, keys that the keyboard turns into others")
    check.add_argument("--profile", required=True, metavar="NAME")
    check.add_argument("--bindings", type=Path, metavar="FILE", help="compare with the client's bindings-cache.wtf")
    check.add_argument("--keyboard", default="auto", metavar="auto|us|azerty|qwertz", help="default: ask the system")
    press = commands.add_parser("press-test", help="press every key into a window of its own and show what arrived")
    press.add_argument("--profile", metavar="NAME", help="the keys of this profile")
    press.add_argument("--keys", metavar="LIST", help="these keys, e.g. 1,shift-2,f5")
    for command in (reading, check, press):
        command.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    commands = {"import": import_keys, "check": check_keys, "press-test": press_test}
    return commands[args.action](args)


def import_keys(args: argparse.Namespace) -> int:
    """`wowbot keys import`."""
    client = read_bindings(args.path)
    if args.output is not None and args.profile is None:
        raise ConfigError("--output needs --profile: which profile shall get the keys?")
    if args.output is not None:
        write_profile(load_profile(args.profile), client, args.output)
    if args.json:
        print(json.dumps(asdict(client), ensure_ascii=False))
        return 0
    print(f"# from {args.path}\n{bars_text(client.bars)}")
    for name, key in {**client.abilities, **client.by_name}.items():
        print(f"# {name} = {key!r}")
    for note in client.notes:
        print(f"# note: {note}")
    if args.profile is not None:
        for name, (now, then) in changes(load_profile(args.profile), client).items():
            print(f"# spells.{name}: {now or 'no key'} -> {then}")
    if args.output is not None:
        print(f"written: {args.output}; try `wowbot run --profile {args.output}`")
    return 0


def write_profile(profile: Profile, client: ClientBindings, output: Path) -> None:
    """A copy of the profile with the client's keys, its list beside it."""
    text = rebound(profile.path.read_text(encoding="utf-8"), client, str(profile.path))
    if output.suffix != ".toml":
        raise ConfigError(f"--output: found {output.name!r}, expected a name that ends in .toml")
    output.parent.mkdir(parents=True, exist_ok=True)
    beside = output.parent / profile.facts.rules
    if not beside.exists():
        beside.write_text(profile.rules_text, encoding="utf-8")
    output.write_text(text, encoding="utf-8")


def changes(profile: Profile, client: ClientBindings) -> dict[str, tuple[str, str]]:
    """Spell -> (key in the profile, key in the client), where they differ."""
    named = {**client.abilities, **{t: key for c, key in client.by_name.items() if (t := spell_token(c))}}
    found = {}
    for name, spell in profile.bindings.spells.items():
        bar, _, number = spell.slot.rpartition(".")
        then = client.bars.get(bar, {}).get(number, "") if spell.slot else named.get(name, "")
        if then and then != spell.key:
            found[name] = (spell.key, then)
    return found


def check_keys(args: argparse.Namespace) -> int:
    """`wowbot keys check`."""
    profile = load_profile(args.profile)
    try:
        board = keyboard(args.keyboard)
    except CaptureError:
        board = KEYBOARDS["us"]
        print("no display to ask for its keyboard: a US one is assumed (see --keyboard)", file=sys.stderr)
    problems = profile_problems(profile.bindings.spells, board)
    if args.bindings is not None:
        client = read_bindings(args.bindings)
        problems += [
            f"{name}: the profile presses {now or 'nothing'}, but the client has {then} on it"
            for name, (now, then) in changes(profile, client).items()
        ]
        problems += [f"{args.bindings}: {note}" for note in client.notes]
    if args.json:
        print(json.dumps({"profile": profile.facts.name, "problems": problems}, ensure_ascii=False))
    else:
        for problem in problems:
            print(problem)
        print(f"{profile.facts.name}: {len(profile.bindings.spells)} spells, {len(problems)} problems")
    return 1 if problems else 0


def profile_problems(spells: Mapping[str, Spell], board: Keyboard) -> list[str]:
    """Everything wrong with the keys of these spells on this keyboard, one line each."""
    problems: list[str] = []
    users: dict[str, list[str]] = {}
    for name, spell in spells.items():
        if not spell.key:
            if not spell.click:
                problems.append(f"{name}: no key is bound: give it a slot with a key in [bars], or a key")
            continue
        try:
            chord = parse_chord(spell.key)
        except ActionError as error:
            problems.append(f"{name}: {error}")
            continue
        users.setdefault(chord.text, []).append(name)
        problems += [f"{name}: {why}" for why in (_reserved(chord), board.trouble(chord)) if why]
    return problems + [
        f"{key!r} is bound to {' and '.join(names)}: only one of them can be meant"
        for key, names in users.items()
        if len({spells[name].slot for name in names}) > 1  # two abilities without a slot may well share a movement key
    ]


def _reserved(chord: Chord) -> str:
    why = RESERVED.get(chord.text) or RESERVED.get(chord.key)
    return f"{chord.text!r} is not for playing: {why}" if why else ""


def press_test(args: argparse.Namespace) -> int:
    """`wowbot keys press-test`."""
    from wowbot.cli.press import press_all

    if args.keys:
        keys = [parse_chord(text).text for text in args.keys.split(",")]
    elif args.profile:
        spells = load_profile(args.profile).bindings.spells.values()
        keys = list(dict.fromkeys(parse_chord(spell.key).text for spell in spells if spell.key))
    else:
        raise ConfigError("name a --profile or --keys to press")
    results = press_all(keys)
    if args.json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False))
    else:
        for result in results:
            print(f"{'ok  ' if result.ok else 'FAIL'}  {result.sent:<14} {result.heard}")
    return 0 if all(result.ok for result in results) else 1
