"""Serve the agent as MCP tools and resources, to be used by any client that speaks the protocol.

Reading is always allowed; `act`, `run_profile` and going on after a pause need --allow act. The agent looks from the start
and presses nothing until it is asked to.

examples:
  wowbot mcp --world sim                          stdio, for a client that starts this command itself
  wowbot mcp --world sim --allow act --profile mage --scenario wolves
  wowbot mcp --world live --window "World of Warcraft" --mask chat --mask names
  wowbot mcp --http 8765                          http://127.0.0.1:8765/mcp, the token is printed
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys

from wowbot.core.errors import ConfigError

TOKEN = "WOWBOT_MCP_TOKEN"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--world", choices=("sim", "live"), default="sim", help="default: sim")
    parser.add_argument("--profile", default="mage", metavar="NAME|PATH", help="default: mage")
    parser.add_argument("--window", metavar="TITLE", help="live: exact title of the game window")
    parser.add_argument("--layout", default="auto", metavar="PATH|auto", help="default: found by itself")
    parser.add_argument("--scenario", metavar="NAME", help="sim: default: grind, which never ends")
    parser.add_argument("--seed", type=int, default=1, help="sim: the world's seed (default: 1)")
    parser.add_argument("--truth", action="store_true", help="sim: no pixels, perfect readings")
    parser.add_argument("--speed", default="1", metavar="1|N|max", help="sim: game seconds per second (default: 1)")
    parser.add_argument("--allow", action="append", default=[], choices=("act",), help="what is more than reading")
    parser.add_argument(
        "--mask", action="append", default=[], metavar="REGION", help="blank at the source: chat, names"
    )
    parser.add_argument(
        "--http", type=int, metavar="PORT",
        help=f"streamable HTTP on 127.0.0.1 instead of stdio; the token is ${TOKEN}, or made and printed to stderr",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    try:
        from wowbot.mcp_server.server import make_server
    except ImportError as error:
        raise ConfigError(f"the MCP SDK is not installed ({error}): pip install 'wowbot[mcp]'") from error
    from wowbot.build import RunOptions
    from wowbot.cli.run import speed_from
    from wowbot.cli.status import start_log
    from wowbot.mcp_server.session import Session, SessionOptions

    start_log(False)
    args.watch = False
    scenario = args.scenario or ("grind" if args.world == "sim" else None)
    run = RunOptions(
        profile=args.profile, world=args.world, window=args.window, layout=args.layout, scenario=scenario, seed=args.seed,
        truth=args.truth,
    )  # fmt: skip
    session = Session(SessionOptions(run, speed_from(args), "act" in args.allow, tuple(args.mask)))
    session.start()
    try:
        server = make_server(session)
        if args.http is None:
            server.run()
        else:
            _over_http(server, args.http)
    finally:
        session.stop("the server has ended")
    return 0


def _over_http(server: object, port: int) -> None:
    from mcp.server import MCPServer

    from wowbot.mcp_server.http import HOST, serve

    assert isinstance(server, MCPServer)
    token = os.environ.get(TOKEN) or secrets.token_urlsafe(24)
    shown = f"the one in ${TOKEN}" if os.environ.get(TOKEN) else token
    print(f"http://{HOST}:{port}/mcp, bearer token: {shown}", file=sys.stderr, flush=True)
    serve(server, port, token)
