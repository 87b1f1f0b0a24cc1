"""Everything that is known of a case, for the customer's file: as data, and as the files of one archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from robot.case.afterwards import last_look
from robot.case.office import Office
from robot.case.plan import Plan
from robot.case.verify import Verification
from robot.errors import RobotError
from robot.ledger.approvals import ApprovalRow
from robot.ledger.cases import CaseRow
from robot.ledger.followups import FollowupRow, SettlementRow
from robot.run import bundle_layout as layout
from robot.run.archive import EVIDENCE
from robot.run.manifest import verify_bundle
from robot.run.plain import to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """A case as a whole. Rows of the ledger are plain mappings, named as its columns."""

    case: CaseRow
    plan: Plan
    #: The agency's, an IANA name; empty where the profile names none.
    time_zone: str
    states: list[dict[str, Any]]
    approvals: list[ApprovalRow]
    answers: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    intents: list[dict[str, Any]]
    #: What the runs have read and kept, by run and name.
    captures: list[dict[str, Any]]
    followups: list[FollowupRow]
    settlements: dict[str, SettlementRow]
    #: None where the case was not looked at again.
    verification: Verification | None
    #: What was said to support and what it said, over all runs.
    transcript: str
    #: What is wrong with the evidence, one line each.
    doubts: tuple[str, ...]

    def bundles(self) -> dict[str, Path]:
        """Folders of evidence that are there, by run."""
        return {run["id"]: Path(run["evidence"]) for run in self.runs if Path(run["evidence"]).is_dir()}


def _runs_with_evidence(at: Office, case: CaseRow) -> list[dict[str, Any]]:
    """All runs of a case, with the folders of their evidence on this machine: brought here where it is stored.

    `why_away` is added to the columns: what has kept the evidence from being brought here; empty when nothing has.
    """
    runs = []
    for run in at.cases.runs(case.id):
        folder, why_away = Path(run["evidence"]), ""
        try:
            folder = at.bring(run["id"], folder)
        except RobotError as error:
            why_away = error.problem.what
        runs.append({**run, "evidence": str(folder), "why_away": why_away})
    return runs


def customer_file(
    at: Office, case: CaseRow, *, prepare: Callable[[Path], None] = lambda folder: None
) -> CustomerFile:
    """prepare: called for each folder of evidence before it is checked.

    Raises BadInputError for a case without a plan, BlockedError for a plan that was changed.
    """
    runs = _runs_with_evidence(at, case)
    for run in runs:
        prepare(Path(run["evidence"]))
    return CustomerFile(
        case=case,
        plan=at.plan_of(case),
        time_zone=at.profile.time_zone,
        states=at.cases.states(case.id),
        approvals=at.cases.approvals(case.id),
        answers=at.cases.answers(case.id),
        runs=runs,
        intents=at.cases.intents(case.id),
        captures=at.cases.captures(case.id),
        followups=at.followups.open(case.id),
        settlements=at.followups.settlements(case.id),
        verification=last_look(at, case),
        transcript=_transcript(runs),
        doubts=tuple(line for run in runs for line in _doubts(run)),
    )


def archive_files(found: CustomerFile, *, report: str) -> dict[str, Path | bytes]:
    """report: the case's page. Returns the files of the archive by their names in it."""
    files: dict[str, Path | bytes] = {
        "report.html": report.encode(),
        "plan.json": found.plan.to_json().encode(),
        "case.json": _json(_as_json(found)),
        "ids.json": _json(_ids(found)),
    }
    if found.transcript:
        files["transcript.txt"] = found.transcript.encode()
    for run_id, folder in found.bundles().items():
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and name.parts[0] != layout.UNFINISHED:
                files[f"{EVIDENCE}/{run_id}/{name.as_posix()}"] = path
    return files


def about(found: CustomerFile) -> dict[str, object]:
    """What is signed besides the files: whose case it is, and how it stands."""
    return {
        "case": found.case.id,
        "customer": found.case.company,
        "location_id": found.case.location_id,
        "dashboard": found.case.dashboard,
        "state": found.case.state,
        "why": found.case.reason,
        "plan_digest": found.plan.digest,
        "runs": {run["id"]: run["evidence_digest"] for run in found.runs},
        "doubts": list(found.doubts),
    }


def _as_json(found: CustomerFile) -> dict[str, Any]:
    return {
        "case": asdict(found.case),
        "plan_digest": found.plan.digest,
        "states": found.states,
        "approvals": [asdict(one) for one in found.approvals],
        "answers": found.answers,
        # Where it lies now, and what kept it there, is nobody's business elsewhere.
        "runs": [
            {name: value for name, value in run.items() if name not in ("stored", "why_away")}
            | {"evidence": f"{EVIDENCE}/{run['id']}"}
            for run in found.runs
        ],
        "intents": found.intents,
        "followups": [asdict(one) for one in found.followups],
        "settlements": [asdict(one) for one in found.settlements.values()],
        "verification": to_plain(found.verification),
        "doubts": list(found.doubts),
    }


def _ids(found: CustomerFile) -> dict[str, Any]:
    """Who the customer was, as the first survey read it, and whatever else was read and kept, by run."""
    kept: dict[str, dict[str, Any]] = {}
    for one in found.captures:
        kept.setdefault(one["run_id"], {})[one["name"]] = json.loads(one["value"])
    return {
        "location_id": found.case.location_id,
        "company": found.case.company,
        "known": found.plan.known,
        "captured": kept,
    }


def _transcript(runs: list[dict[str, Any]]) -> str:
    """Every conversation with support, each under the run that had it."""
    parts = []
    for run in runs:
        file = Path(run["evidence"]) / layout.TRANSCRIPT_TEXT
        if file.is_file():
            parts.append(f"== {run['id']}\n{file.read_text(encoding='utf-8', errors='replace')}")
    return "\n".join(parts)


def _doubts(run: Mapping[str, Any]) -> list[str]:
    """Why the evidence of a run is not what it was when it was sealed, one line each."""
    folder = Path(run["evidence"])
    if not folder.is_dir():
        return [f"{run['id']}: {_why_away(run)}"]
    try:
        result = verify_bundle(folder)
    except FileNotFoundError:
        return [f"{run['id']}: its evidence has no list of files"]
    lines = []
    if not result.is_intact:
        lines.append(f"{run['id']}: its evidence was changed: 'offboard evidence verify' says what")
    if run["evidence_digest"] and result.digest != run["evidence_digest"]:
        lines.append(f"{run['id']}: its evidence is not what the ledger says was sealed")
    return lines


def _why_away(run: Mapping[str, Any]) -> str:
    if run["why_away"]:
        return "its evidence could not be brought here from where it is stored"
    if run["stored"]:
        return "its evidence is stored elsewhere, and OFFBOARD_RECORDINGS does not say where"
    return f"its evidence is no longer in {run['evidence']}"


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
