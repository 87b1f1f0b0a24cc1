"""`offboard demo`: one whole cancellation on the practice dashboard."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from threading import Event

from robot.cli.exit_codes import code_of_run
from robot.cli.practice import PracticeAddress, running_practice
from robot.cli.run import as_json, carry_out, make_request, show
from robot.cli.terminal import outfit_at_terminal
from robot.outfit import RunOptions, read_rules
from robot.run.model import Finished, Status
from robot.screen import flush, say_json, tell
from robot.settings import Credentials, Settings

FLOW = "offboard"
#: The customer of the sample data who has some of everything; see docs/practice.md.
CUSTOMER = {"location_id": "hK3vQ9mTz7LpX2cRb8Nd", "company": "Adrianne's Housekeeping"}
#: The practice agency's operator. Public, and good for nothing else.
CREDENTIALS = Credentials(
    email="operator@woot.example",
    password="practice-makes-perfect",  # noqa: S106 - documented in docs/practice.md
    totp_secret="JBSWY3DPEHPK3PXP",  # noqa: S106
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """How the demo is given."""

    against: str | None = None
    keep: bool = False
    headed: bool = False
    slow_ms: int = 0
    video: bool = True
    full_trace: bool = False
    is_json: bool = False


def demo(options: DemoOptions, *, settings: Settings, environ: Mapping[str, str]) -> int:
    """Runs it and prints the result; returns the exit code."""
    settings = replace(settings, credentials=CREDENTIALS)
    with ExitStack() as stack:
        if options.against:
            address = PracticeAddress(dashboard=options.against, oracle="")
        else:
            address = stack.enter_context(running_practice("--pace", "fast"))
        rules = read_rules(settings)
        outfit = outfit_at_terminal(
            rules,
            settings=settings,
            options=RunOptions(
                profile="practice",
                dashboard=address.dashboard,
                headed=options.headed,
                slow_ms=options.slow_ms,
                video=options.video,
                full_trace=options.full_trace,
                keep_session=bool(options.against),
            ),
            environ=environ,
            quiet=options.is_json,
        )
        finished = carry_out(outfit, make_request(rules.library, FLOW, CUSTOMER))
        is_kept = options.keep and finished.run.status is not Status.CANCELLED
        # Whoever reads the result may tell us to end at once.
        told_to_end = _listen() if is_kept else None
        _tell(finished, address, options)
        if told_to_end is not None:
            _stay_up(address, options, told_to_end)
    return code_of_run(finished.run)


def _tell(finished: Finished, address: PracticeAddress, options: DemoOptions) -> None:
    if options.is_json:
        result = as_json(finished)
        if options.keep:
            result |= {"dashboard": address.dashboard, "oracle": address.oracle or None}
        say_json(result)
        flush()
        return
    show(finished)


def _listen() -> Event:
    """Set by Ctrl-C or SIGTERM from now on."""
    told_to_end = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_end.set())
    return told_to_end


def _stay_up(address: PracticeAddress, options: DemoOptions, told_to_end: Event) -> None:
    if not options.is_json:
        tell(f"The dashboard stays up at {address.dashboard} until Ctrl-C.")
    # In turns: not every system wakes a wait without an end.
    while not told_to_end.wait(0.5):
        continue
