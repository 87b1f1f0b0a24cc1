"""A report as one JSON object, for programs. Must not know of terminals or pages."""

from __future__ import annotations

from typing import Any

from robot.report.view import ReportView, TaskView
from robot.run import bundle_layout as layout
from robot.run.plain import to_plain


def report_as_json(view: ReportView) -> dict[str, Any]:
    """Returns the report; times are ISO 8601 in UTC, paths absolute."""
    run, bundle = view.run, view.bundle
    report_path = bundle.folder / layout.REPORT
    return {
        "run_id": run.run_id,
        "flow": run.flow,
        "customer": view.customer,
        "inputs": to_plain(run.inputs),
        "dashboard": run.dashboard,
        "operator": run.operator,
        "browser": run.browser,
        "status": run.status.value,
        "reason": run.reason,
        "headline": view.headline,
        "is_cut_off": bundle.is_cut_off,
        "started_at": run.started_at.isoformat(),
        "seconds": run.duration_ms / 1000,
        "tasks": [_task(task) for task in view.tasks],
        "problems": [problem.render() for problem in run.problems],
        "next": [
            {
                "flow": step.task,
                "title": step.title,
                "status": step.status.value,
                "why": step.why,
                "advice": step.advice,
            }
            for step in view.next_steps
        ],
        "evidence": {
            "folder": str(bundle.folder.absolute()),
            "sealed": bundle.check.sealed,
            "intact": bundle.check.is_intact,
            "digest": bundle.check.digest,
            "files": bundle.check.files,
            "bytes": bundle.check.bytes,
        },
        "report": str(report_path.absolute()) if report_path.exists() else None,
    }


def _task(task: TaskView) -> dict[str, Any]:
    result = task.result
    return {
        "flow": result.task,
        "title": result.title,
        "procedure": list(result.procedure),
        "status": result.status.value,
        "reason": result.reason,
        "seconds": result.duration_ms / 1000,
        "acts": [
            {
                "object": act.intent.object,
                "sentence": act.sentence,
                "status": act.status.value,
                "pressed": act.was_pressed,
            }
            for act in task.acts
        ],
        "outputs": to_plain(result.outputs),
        "problems": [problem.render() for problem in result.problems],
        "drifts": [{"target": one.target, "matched": one.matched, "where": one.where} for one in task.drifts],
    }
