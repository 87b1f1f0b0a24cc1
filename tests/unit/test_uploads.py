"""What is stored of the evidence on this machine, when, and what is removed here afterwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from robot.case.customer_file import archive_files, customer_file
from robot.case.office import Office
from robot.errors import SetupError
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.evidence import EvidenceRow, evidence_of, note_evidence
from robot.ledger.leases import Leases
from robot.ledger.recorder import LedgerRecorder
from robot.ledger.tables import RUNS
from robot.run.events import RunFinished
from robot.run.manifest import verify_bundle
from robot.run.redact import Redactor
from robot.uploads import KEPT, Uploads
from tests import sample_run
from tests.unit.case.plans import PLAN, store
from tests.unit.report.conftest import RUN_ID, record

EVENTS = list(sample_run.events(video=False))
[ENDED] = [event.run.ended_at for event in EVENTS if isinstance(event, RunFinished)]


@dataclass
class Machine:
    """One that makes runs, with a share that others see, too."""

    ledger: Ledger
    recordings: Path
    share: Path
    at: datetime = ENDED

    @property
    def uploads(self) -> Uploads:
        return Uploads(
            self.share.as_uri(), recordings=self.recordings, ledger=self.ledger, now=lambda: self.at
        )

    def make_run(self, *, is_noted: bool = True) -> Path:
        folder = record(self.recordings, EVENTS)
        if is_noted:
            recorder = LedgerRecorder(self.ledger, Redactor(()), case_id=None, evidence=str(folder))
            for event in EVENTS:
                recorder.notice(event)
        os.utime(folder, (ENDED.timestamp(), ENDED.timestamp()))
        return folder

    def row(self) -> EvidenceRow:
        [row] = evidence_of(self.ledger, [RUN_ID], self.at)
        return row


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with closing(open_ledger(tmp_path / "ledger.db")) as ledger:
        (tmp_path / "share").mkdir()
        yield Machine(ledger=ledger, recordings=tmp_path / "recordings", share=tmp_path / "share")


def test_what_is_not_stored_is_stored_once(machine: Machine) -> None:
    machine.make_run()
    assert machine.uploads.upload_all().stored == (RUN_ID,)
    assert machine.row().stored == machine.share.as_uri()
    again = machine.uploads.upload_all()
    assert (again.stored, again.left, again.removed, again.problem) == ((), (), (), None)


def test_a_run_that_goes_on_is_left(machine: Machine) -> None:
    machine.make_run()
    with Leases(machine.ledger, dashboard="d", run_id=RUN_ID, now=lambda: machine.at) as leases:
        leases.take_login("robot@x")
        assert machine.uploads.upload_all().left == (RUN_ID,)
    assert machine.uploads.upload_all().stored == (RUN_ID,)


def test_what_the_ledger_does_not_know_is_let_alone(machine: Machine) -> None:
    folder = machine.make_run(is_noted=False)
    assert machine.uploads.upload_all().stored == ()
    assert folder.is_dir()


def test_what_was_stored_long_ago_is_removed_here(machine: Machine) -> None:
    folder = machine.make_run()
    machine.uploads.upload_all()
    machine.at += KEPT - timedelta(minutes=1)
    assert machine.uploads.upload_all().removed == ()
    machine.at += timedelta(minutes=2)
    assert machine.uploads.upload_all().removed == (RUN_ID,)
    assert not folder.exists()
    # It comes back when it is wanted, and stays for a day.
    assert verify_bundle(machine.uploads.bring(RUN_ID, folder)).is_intact
    os.utime(folder, (machine.at.timestamp(), machine.at.timestamp()))
    machine.at += timedelta(hours=23)
    assert machine.uploads.upload_all().removed == ()
    machine.at += timedelta(hours=2)
    assert machine.uploads.upload_all().removed == (RUN_ID,)


def test_what_the_store_has_lost_is_not_removed_here(machine: Machine) -> None:
    folder = machine.make_run()
    machine.uploads.upload_all()
    (machine.share / RUN_ID / "events.jsonl").write_text("")
    machine.at += KEPT * 2
    done = machine.uploads.upload_all()
    assert done.removed == ()
    assert done.problem is not None
    assert "does not hold all of" in done.problem.what
    assert folder.is_dir()
    # It is stored again, and may go then.
    assert machine.uploads.upload_all().stored == (RUN_ID,)
    assert machine.uploads.upload_all().removed == (RUN_ID,)


def test_a_run_that_was_cut_off_and_lies_here_long_is_removed(machine: Machine) -> None:
    folder = machine.make_run()
    with machine.ledger.begin() as connection:
        connection.execute(update(RUNS).values(status="interrupted", ended_at=None))
    machine.uploads.upload_all()
    machine.at += KEPT * 2
    assert machine.uploads.upload_all().removed == (RUN_ID,)
    assert not folder.exists()


def test_what_is_sealed_after_it_was_stored_is_stored_again(machine: Machine) -> None:
    machine.make_run()
    machine.uploads.upload_all()
    note_evidence(machine.ledger, RUN_ID, "digest")
    assert machine.uploads.upload_all().stored == (RUN_ID,)


def test_one_that_cannot_be_stored_holds_no_other_up(machine: Machine) -> None:
    good = machine.make_run()
    bad = machine.recordings / "20200101-000000-offboard-bad0"
    shutil.copytree(good, bad)
    with machine.ledger.begin() as connection:
        row = dict(connection.execute(select(RUNS)).one()._mapping)
        connection.execute(insert(RUNS).values({**row, "id": bad.name}))
    (machine.share / bad.name).write_text("a file, where its folder is to be")
    done = machine.uploads.upload_all()
    assert done.stored == (RUN_ID,)
    assert done.left == (bad.name,)
    assert done.problem is not None


def test_the_folder_that_runs_write_to_is_no_store(machine: Machine) -> None:
    for share in (machine.recordings, machine.recordings / "below", machine.recordings.parent):
        with pytest.raises(SetupError, match="is the folder that runs write to"):
            replace(machine, share=share).uploads.check_address()


def test_what_lies_in_another_store_is_not_removed_here(machine: Machine, tmp_path: Path) -> None:
    folder = machine.make_run()
    machine.uploads.upload_all()
    machine.at += KEPT * 2
    elsewhere = replace(machine, share=tmp_path / "other")
    assert elsewhere.uploads.upload_all().removed == ()
    assert folder.is_dir()


def test_a_store_that_fails_is_told_and_nothing_is_lost(machine: Machine) -> None:
    folder = machine.make_run()
    machine.share.rmdir()
    done = machine.uploads.upload_all()
    assert done.problem is not None
    assert str(machine.share) in done.problem.what
    assert (done.stored, done.left) == ((), (RUN_ID,))
    assert verify_bundle(folder).is_intact
    assert machine.row().stored == ""


def test_a_customers_file_is_made_on_any_machine(office: Office, tmp_path: Path) -> None:
    case = store(office, PLAN)
    folder = record(tmp_path / "recordings", EVENTS)
    recorder = LedgerRecorder(office.ledger, Redactor(()), case_id=case.id, evidence=str(folder))
    for event in EVENTS:
        recorder.notice(event)
    note_evidence(office.ledger, RUN_ID, verify_bundle(folder).digest)
    share = (tmp_path / "share").as_uri()
    (tmp_path / "share").mkdir()
    here = Uploads(share, recordings=folder.parent, ledger=office.ledger, now=office.now)
    here.upload(RUN_ID)
    shutil.rmtree(folder)

    nowhere = customer_file(office, case)
    [doubt] = nowhere.doubts
    assert doubt == f"{RUN_ID}: its evidence is stored elsewhere, and OFFBOARD_RECORDINGS does not say where"

    there = Uploads(share, recordings=tmp_path / "elsewhere", ledger=office.ledger, now=office.now)
    found = customer_file(replace(office, bring=there.bring), case)
    assert found.doubts == ()
    assert found.bundles() == {RUN_ID: tmp_path / "elsewhere" / RUN_ID}
    assert f"evidence/{RUN_ID}/manifest.json" in archive_files(found, report="<html>")
    assert found.transcript

    # What comes back otherwise than the ledger says is told.
    shutil.rmtree(tmp_path / "elsewhere")
    (tmp_path / "share" / RUN_ID / "captures.json").write_text("{}")
    [doubt] = customer_file(replace(office, bring=there.bring), case).doubts
    assert doubt.startswith(f"{RUN_ID}: its evidence was changed")

    # And so is a store that is away.
    shutil.rmtree(tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "share")
    [doubt] = customer_file(replace(office, bring=there.bring), case).doubts
    assert doubt == f"{RUN_ID}: its evidence could not be brought here from where it is stored"
    # What comes of it leaves this machine without where it lies.
    files = archive_files(customer_file(replace(office, bring=there.bring), case), report="<html>")
    assert b"share" not in files["case.json"]  # type: ignore[operator]


def test_nothing_is_asked_of_a_store_for_what_is_here(machine: Machine) -> None:
    folder = machine.make_run()
    assert machine.uploads.bring(RUN_ID, folder) == folder
    assert list(machine.share.iterdir()) == []
    nowhere = Uploads("", recordings=machine.recordings, ledger=machine.ledger, now=lambda: machine.at)
    assert nowhere.bring("gone", machine.recordings / "gone") == machine.recordings / "gone"
