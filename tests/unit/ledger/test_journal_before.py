"""Intents that were journalled in a file before there was a ledger are taken in once; open ones stay open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from robot.errors import GateError, InDoubtError
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.intents import IntentGate
from robot.ledger.journal_before import take_in_journal
from tests.unit.ledger.test_intents import DASHBOARD, MINUTE_MS, intent, states


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


def line(state: str, object_key: str, at: str = "2026-11-20T10:00:00+00:00") -> str:
    row = {
        "state": state,
        "object": object_key,
        "location_id": "loc1",
        "task": "phone-numbers",
        "run_id": "old",
        "sentence": f"Destroys {object_key}",
        "at": at,
    }
    return json.dumps(row) + "\n"


def test_intents_come_with_their_last_state_and_once(tmp_path: Path, ledger: Ledger) -> None:
    journal = tmp_path / "intents.jsonl"
    text = (
        line("armed", "phone_number:1")
        + line("passed", "phone_number:1")
        + line("armed", "phone_number:2")
        + line("unknown", "phone_number:2")
        + line("superseded", "phone_number:2")
        + line("armed", "phone_number:2", at="2026-11-20T10:05:00+00:00")
        + '{"state": "armed", "object": "torn'
    )
    journal.write_text(text)
    assert take_in_journal(ledger, journal, dashboard=DASHBOARD) == 3
    assert states(tmp_path / "ledger.db") == ["passed", "superseded", "armed"]
    assert not journal.exists()
    assert take_in_journal(ledger, journal, dashboard=DASHBOARD) == 0
    # As after a crash between the transaction and the renaming.
    journal.write_text(text)
    take_in_journal(ledger, journal, dashboard=DASHBOARD)
    assert states(tmp_path / "ledger.db") == ["passed", "superseded", "armed"]


def test_what_was_sent_before_is_never_sent_again(tmp_path: Path, ledger: Ledger) -> None:
    journal = tmp_path / "intents.jsonl"
    journal.write_text(
        line("armed", "support_request:loc1/a+") + line("confirmed", "support_request:loc1/a+")
    )
    take_in_journal(ledger, journal, dashboard=DASHBOARD)
    gate = IntentGate(ledger, dashboard=DASHBOARD)
    with pytest.raises(GateError, match=r"was sent before \(confirmed\)"):
        gate.arm(intent("support_request:loc1/a+"), settle_after_ms=None)


def test_what_was_open_is_open_still(tmp_path: Path, ledger: Ledger) -> None:
    journal = tmp_path / "intents.jsonl"
    journal.write_text(line("armed", "phone_number:1"))
    take_in_journal(ledger, journal, dashboard=DASHBOARD)
    gate = IntentGate(ledger, dashboard=DASHBOARD, now=lambda: datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC))
    assert [one.object for one in gate.open_intents()] == ["phone_number:1"]
    with pytest.raises(InDoubtError, match="outcome has not been seen yet") as refused:
        gate.arm(intent("phone_number:1"), settle_after_ms=MINUTE_MS)
    assert refused.value.until == datetime(2026, 11, 20, 10, 1, tzinfo=UTC)
