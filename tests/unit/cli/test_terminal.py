"""What a person answers at the terminal, and what becomes of it."""

from __future__ import annotations

import io

import pytest

from robot.cli.terminal import Terminal
from tests.unit.case.plans import intent_of

INTENT = intent_of("users", "user:ann@x")


@pytest.mark.parametrize(
    ("answer", "is_let", "is_stopped"), [("y", True, False), ("n", False, False), ("s", False, True)]
)
def test_an_answer_lets_it_be_done_leaves_it_or_stops(
    capsys: pytest.CaptureFixture[str], answer: str, is_let: bool, is_stopped: bool
) -> None:
    terminal = Terminal(quiet=True, prompt=lambda question: answer)
    with terminal.watch() as watch:
        assert terminal.ask(INTENT) is is_let
        assert watch.is_stopped() is is_stopped
    shown = capsys.readouterr().err
    assert "Destroys user:ann@x" in shown
    assert INTENT.page_url in shown


def test_where_nobody_answers_any_more_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    terminal = Terminal(quiet=True)
    with terminal.watch() as watch:
        assert not terminal.ask(INTENT)
        assert watch.is_stopped()
