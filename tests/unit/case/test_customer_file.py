"""A customer's file holds all that is known of a case, and says what is wrong with its evidence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from robot.case.approval import approve
from robot.case.customer_file import about, archive_files, customer_file
from robot.case.office import Office
from robot.case.verify import verify
from robot.ledger.approvals import ApprovalMode
from robot.ledger.cases import CaseRow
from robot.ledger.evidence import note_evidence
from robot.ledger.intents import IntentGate
from robot.ledger.recorder import LedgerRecorder
from robot.report.case_html import render_case_html
from robot.run.bundle_layout import CAPTURES, JOURNAL, MANIFEST, RUN
from robot.run.manifest import verify_bundle
from robot.run.model import Status
from robot.run.plain import to_plain
from robot.run.redact import Redactor
from tests import sample_run
from tests.unit.case.plans import DASHBOARD, PLAN, intent_of, store
from tests.unit.report.conftest import RUN_ID, record

NUMBER = "phone_number:+15550100"
EVENTS = list(sample_run.events(video=False))


@pytest.fixture
def case(office: Office) -> CaseRow:
    """Approved and pressed."""
    case = store(office, PLAN)
    approve(office, case, PLAN, mode=ApprovalMode.PLAN, by="ann")
    gate = IntentGate(office.ledger, dashboard=DASHBOARD, case_id=case.id)
    gate.arm(intent_of("phone-numbers", NUMBER), settle_after_ms=60_000)
    gate.settle(intent_of("phone-numbers", NUMBER), Status.PASSED)
    return case


@pytest.fixture
def bundle(office: Office, case: CaseRow, tmp_path: Path) -> Path:
    """Evidence of a run of the case, as the ledger knows it."""
    folder = record(tmp_path / "recordings", EVENTS)
    recorder = LedgerRecorder(office.ledger, Redactor(()), case_id=case.id, evidence=str(folder))
    for event in EVENTS:
        recorder.notice(event)
    note_evidence(office.ledger, RUN_ID, verify_bundle(folder).digest)
    return folder


def look(office: Office, case: CaseRow) -> None:
    """A look at the case, as a survey would have found it: one number is gone, the rest is there."""
    gone = replace(PLAN, tasks=PLAN.tasks[1:])
    found = verify(PLAN, gone, acted={NUMBER}, pressed={}, settlements={})
    office.cases.save_verification(case.id, run_id="r", content=json.dumps(to_plain(found)))


def test_it_holds_everything(office: Office, case: CaseRow, bundle: Path) -> None:
    look(office, case)
    found = customer_file(office, case)
    assert found.doubts == ()
    files = archive_files(found, report="<html>")
    assert json.loads(bytes_of(files["plan.json"])) == json.loads(PLAN.to_json())
    told = json.loads(bytes_of(files["case.json"]))
    assert [one["given_by"] for one in told["approvals"]] == ["ann"]
    assert [one["object"] for one in told["intents"]] == [NUMBER]
    assert told["verification"]["done"][0]["object"] == NUMBER
    assert files[f"evidence/{RUN_ID}/{RUN}"] == bundle / RUN
    captured = json.loads(bytes_of(files["ids.json"]))["captured"][RUN_ID]
    assert captured
    assert about(found)["runs"] == {RUN_ID: verify_bundle(bundle).digest}


def bytes_of(content: Path | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def test_evidence_that_was_changed_is_doubted(office: Office, case: CaseRow, bundle: Path) -> None:
    (bundle / CAPTURES).write_text("{}")
    assert [line.split(": ")[1] for line in customer_file(office, case).doubts] == [
        "its evidence was changed"
    ]


def test_evidence_that_is_whole_but_not_what_was_sealed_is_doubted(
    office: Office, case: CaseRow, bundle: Path
) -> None:
    note_evidence(office.ledger, RUN_ID, "0" * 64)
    [doubt] = customer_file(office, case).doubts
    assert "is not what the ledger says was sealed" in doubt


def test_evidence_that_was_made_to_look_cut_off_is_doubted(
    office: Office, case: CaseRow, bundle: Path
) -> None:
    (bundle / MANIFEST).unlink()
    (bundle / JOURNAL).write_text("")
    assert any("is not what the ledger says" in line for line in customer_file(office, case).doubts)


def test_evidence_that_is_gone_is_doubted(office: Office, case: CaseRow, bundle: Path) -> None:
    bundle.rename(bundle.with_name("elsewhere"))
    found = customer_file(office, case)
    assert "is no longer in" in found.doubts[0]
    assert not any(name.startswith("evidence/") for name in archive_files(found, report=""))


def test_the_page_says_what_became_of_each_object(office: Office, case: CaseRow, bundle: Path) -> None:
    look(office, case)
    office.followups.settle(
        case.id, "user:ann@x", how="leave", reason="she stays <b>here</b>", ticket="77", by="bob"
    )
    page = render_case_html(customer_file(office, case))
    assert "she stays &lt;b&gt;here&lt;/b&gt;" in page
    for words in (">done<", ">left<", ">left as it is<", ">was so already<", "ticket 77"):
        assert words in page, words
    assert f'href="evidence/{RUN_ID}/report.html"' not in page
    assert "Closed by a person since" in page


def test_a_case_that_was_never_worked_has_a_page_too(office: Office) -> None:
    page = render_case_html(customer_file(office, store(office, PLAN)))
    assert "Nobody has approved a plan of this case." in page
    assert "Nothing was pressed." in page
    assert page.count(">to be done<") == 3


def test_no_link_is_followed_out_of_a_bundle(office: Office, case: CaseRow, bundle: Path) -> None:
    (bundle / "more.txt").symlink_to(Path(__file__))
    found = customer_file(office, case)
    assert f"evidence/{RUN_ID}/more.txt" not in archive_files(found, report="")
    assert found.doubts == (f"{RUN_ID}: its evidence was changed: 'offboard evidence verify' says what",)
