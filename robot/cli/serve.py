"""`offboard serve` and `offboard token`: what programs of the agency may ask over the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from robot.case.office import Office
from robot.cli.terminal import announce
from robot.console.app import build_app
from robot.console.desk import Desk
from robot.console.server import build_server
from robot.errors import BadInputError, Problem
from robot.hosts import is_loopback
from robot.ledger.tokens import Tokens
from robot.report.plain_cells import add_plain_row, plain_table
from robot.screen import Screen, say, say_json
from robot.time_zone import shown_at


def serve(at: Office, *, host: str, port: int, names: Sequence[str] = ()) -> int:
    """Answers until it is told to stop. names: under which it may be asked. Returns the exit code."""
    at.profile.zone_for("the queue")
    tokens = Tokens(at.ledger, now=at.now)
    if not any(token.revoked_at is None for token in tokens.all()):
        raise BadInputError(
            Problem(
                what="nobody could ask: there is no token",
                done="nothing was started",
                next="make one: offboard token add NAME --scope cancellations",
            )
        )
    if not is_loopback(host):
        announce(f"it listens on {host} without TLS: put something before it that has it")
    desk = Desk(ledger=at.ledger, profile=at.profile, tokens=tokens, now=at.now)
    server = build_server(build_app(desk, names=(host, *names)), host=host, port=port)
    announce(f"answers at http://{host}:{port}")
    server.run()
    return 0 if server.started else 1


def add_token(at: Office, name: str, scopes: Sequence[str], *, is_json: bool) -> int:
    """Prints the token, once."""
    token = Tokens(at.ledger, now=at.now).make(name, scopes, by=at.operator)
    if is_json:
        say_json({"name": name, "scopes": sorted(set(scopes)), "token": token})
    else:
        announce("it is shown this once; whoever has it may ask in its name")
        say(token)
    return 0


def list_tokens(at: Office, *, is_json: bool) -> int:
    found = Tokens(at.ledger, now=at.now).all()
    if is_json:
        say_json({"tokens": [asdict(one) for one in found]})
        return 0
    if not found:
        say("No tokens.")
        return 0
    table = plain_table("token", "for", "made", "by", "revoked")
    for one in found:
        add_plain_row(
            table,
            one.name,
            ", ".join(one.scopes),
            shown_at(one.made_at, at.profile.zone),
            one.made_by,
            shown_at(one.revoked_at, at.profile.zone),
        )
    Screen().print(table)
    return 0


def revoke_token(at: Office, name: str) -> int:
    Tokens(at.ledger, now=at.now).revoke(name)
    say(f"The token '{name}' is revoked.")
    return 0
