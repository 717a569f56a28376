"""Profiles: which there are, what is wrong with one, what it says in plain English, a new one, their schema.

examples:
  wowbot profile list
  wowbot profile check mage                   exit 1 when it finds an error or a warning
  wowbot profile check my/rogue.toml --layout my_layout.toml --json
  wowbot profile explain mage
  wowbot profile new my_rogue --class rogue
  wowbot profile schema > profile.schema.json  for editors that complete and check TOML
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from wowbot.cli.profile_schema import SCHEMA_FILE, schema_text
from wowbot.cli.profile_starter import POWERS_BY_CLASS, starter
from wowbot.config import available, user_dir
from wowbot.core.errors import ConfigError, ProfileError, WowbotError
from wowbot.core.layout import ERAS
from wowbot.decision.profile import Profile, load_profile


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="list|check|explain|new|schema")
    listing = commands.add_parser("list", help="the profiles there are", allow_abbrev=False)
    listing.add_argument("--json", action="store_true")
    checking = commands.add_parser("check", help="what is wrong or doubtful", allow_abbrev=False)
    checking.add_argument("profile", metavar="NAME|PATH")
    checking.add_argument(
        "--layout", default="", metavar="PATH", help="the layout to look through (default: the profile's)"
    )
    checking.add_argument("--json", action="store_true")
    explaining = commands.add_parser("explain", help="the profile as plain English", allow_abbrev=False)
    explaining.add_argument("profile", metavar="NAME|PATH")
    new = commands.add_parser("new", help="write a commented starter", allow_abbrev=False)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--class", dest="wow_class", default="mage", choices=sorted(POWERS_BY_CLASS), metavar="CLASS",
                     help=f"one of {', '.join(sorted(POWERS_BY_CLASS))}")  # fmt: skip
    new.add_argument("--era", default="wotlk", choices=ERAS, metavar="ERA", help=f"one of {', '.join(ERAS)}")
    new.add_argument("--folder", type=Path, metavar="DIR", help="where to (default: the user's folder)")
    commands.add_parser("schema", help="JSON schema of the TOML", allow_abbrev=False)


def main(args: argparse.Namespace) -> int:
    return {"list": _list, "check": _check, "explain": _explain, "new": _new, "schema": _schema}[args.what](args)


def _list(args: argparse.Namespace) -> int:
    rows = []
    for name in available("profiles"):
        try:
            facts = load_profile(name).facts
            rows.append({"name": name, "era": facts.era, "class": facts.wow_class, "description": facts.description})
        except WowbotError as error:
            rows.append({"name": name, "era": "", "class": "", "description": f"broken: {error}".splitlines()[0]})
    if args.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        print(f"{row['name']:<16} {row['era']:<12} {row['description']}")
    return 0


def _check(args: argparse.Namespace) -> int:
    from wowbot.cli.profile_sight import icon_names, layout_of, unseen
    from wowbot.decision.rules_check import ProfileCheck

    profile = load_profile(args.profile)
    check = ProfileCheck(profile, icon_names())
    layout = layout_of(profile, args.layout)
    findings = [*check.findings(), *check.unseen(unseen(profile, layout, check.terms))]
    bad = sum(finding.severity != "note" for finding in findings)
    if args.json:
        print(json.dumps({"profile": profile.id, "layout": layout.name, "findings": [f.as_json() for f in findings]}))
        return int(bad > 0)
    for finding in findings:
        print(finding)
    print(
        f"{profile.path}: looked through layout {layout.name!r}: {bad} errors and warnings, {len(findings) - bad} notes"
    )
    return int(bad > 0)


def _explain(args: argparse.Namespace) -> int:
    from wowbot.apl.dialect import DIALECTS
    from wowbot.apl.lists import read_apl
    from wowbot.apl.source import folder_reader
    from wowbot.decision.rules_english import english
    from wowbot.decision.rules_keys import Keys

    profile = load_profile(args.profile)
    keys = Keys(profile)
    reader = folder_reader(profile.rules_path.parent)
    apl = read_apl(profile.rules_text, str(profile.rules_path), DIALECTS[profile.facts.dialect], reader)
    print(_title(profile))
    for line in english(apl.runnable(), keys.shown):
        print(line)
    return 0


def _title(profile: Profile) -> str:
    facts = profile.facts
    who = " ".join(filter(None, [facts.spec, facts.wow_class])) or facts.name
    about = f": {facts.description}" if facts.description else ""
    spells = sum(bool(spell.key or spell.click) for spell in profile.bindings.spells.values())
    return f"{facts.name}{about}\nPlays a {who} of level {facts.level} in the {facts.era} client with {spells} abilities.\n"


def _new(args: argparse.Namespace) -> int:
    folder = args.folder or user_dir() / "profiles"
    if not args.name.replace("_", "").replace("-", "").isalnum():
        raise ConfigError(f"{args.name!r} cannot name a profile: use letters, digits, _ and -")
    texts = {folder / f"{args.name}{end}": text for end, text in starter(args.name, args.wow_class, args.era).items()}
    for path in texts:
        if path.exists():
            raise ProfileError(f"{path} exists already: choose another name, or remove it first")
    folder.mkdir(parents=True, exist_ok=True)
    texts[folder / SCHEMA_FILE] = schema_text()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        print(path)
    shown = args.name if args.folder is None else folder / f"{args.name}.toml"
    print(f"next: fill in your keys, then `wowbot profile check {shown}`")
    return 0


def _schema(args: argparse.Namespace) -> int:  # noqa: ARG001
    print(schema_text(), end="")
    return 0
