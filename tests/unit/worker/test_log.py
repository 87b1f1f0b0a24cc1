"""A line an event: as JSON one object each, and in neither form a secret."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from robot.case.plan import OFFBOARD
from robot.errors import BadInputError
from robot.run.events import Noted, RunFinished, RunStarted, TaskFinished
from robot.run.model import Status
from robot.run.redact import MASK, Redactor
from robot.worker.log import FIELDS, JsonLines, RunLog, set_up_log
from tests.unit.worker.test_breakers import run_of

PASSWORD, TOTP = 'hunter"22 & more', "JBSWY3DPEHPK3PXP"
AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
LOG = logging.getLogger("offboard.test")


@pytest.fixture(autouse=True)
def loggers_as_they_were() -> Iterator[None]:
    """What is set up is the process's own."""
    names = ("", "offboard", "dbos")
    before = [(logging.getLogger(name), [*logging.getLogger(name).handlers]) for name in names]
    levels = [(logger, logger.level, logger.propagate) for logger, _ in before]
    yield
    for logger, handlers in before:
        logger.handlers[:] = handlers
    for logger, level, is_propagated in levels:
        logger.setLevel(level)
        logger.propagate = is_propagated


def set_up(*, is_json: bool) -> None:
    set_up_log(is_json=is_json, secrets=[PASSWORD, TOTP])


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    said = capsys.readouterr()
    assert said.out == "", "standard output is for what was asked for"
    return said.err.splitlines()


def objects(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(capsys)]


def test_each_line_is_one_object_with_the_fields_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(is_json=True)
    more = {name: f"the {name}" for name in FIELDS}
    LOG.info("begins %s", 3, extra={**more, "other": "not known"})
    LOG.warning("two\nlines")
    first, second = objects(capsys)
    assert first.items() >= {"level": "info", "logger": "offboard.test", "event": "begins 3"}.items()
    assert list(first) == ["at", "level", "logger", "event", *FIELDS]
    assert {name: first[name] for name in FIELDS} == more
    assert datetime.fromisoformat(first["at"]).utcoffset() == timedelta(0)
    assert (second["level"], second["event"]) == ("warning", "two\nlines")
    assert list(second) == ["at", "level", "logger", "event"]


def test_a_line_takes_what_is_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(is_json=True)
    LOG.info("ends", extra={"status": Status.PASSED, "seconds": 1.5, "reason": AT, "case": None})
    [line] = objects(capsys)
    assert (line["status"], line["seconds"], line["case"]) == ("passed", 1.5, None)
    assert line["reason"] == "2026-11-26 09:30:00+00:00"


def test_a_fault_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(is_json=True)
    try:
        raise ValueError(f"cannot sign in with {PASSWORD}")
    except ValueError:
        LOG.exception("a fault")
    [line] = objects(capsys)
    assert line["level"] == "error"
    assert f"ValueError: cannot sign in with {MASK}" in line["trace"]
    assert line["trace"].count("\n") > 1


def test_text_is_a_line_with_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(is_json=False)
    LOG.info("begins", extra={"job": "j1", "turn": 2, "case": "", "other": "not known"})
    LOG.warning("is away")
    first, second = lines(capsys)
    # The time is this machine's, by which whoever reads along lives.
    assert first[8:] == "  begins  job=j1  turn=2"
    assert second[8:] == "  warning: is away"
    assert datetime.strptime(first[:8], "%H:%M:%S")


@pytest.mark.parametrize("is_json", [True, False])
def test_secrets_are_masked_wherever_they_stand(capsys: pytest.CaptureFixture[str], is_json: bool) -> None:
    set_up(is_json=is_json)
    LOG.info("filled %s", PASSWORD, extra={"reason": f"the page says {TOTP}", "customer": PASSWORD})
    LOG.info("address", extra={"reason": "/?password=hunter%2222%20%26%20more&token=abcdefgh"})
    try:
        raise ValueError(PASSWORD)
    except ValueError:
        LOG.exception("a fault with %s", TOTP)
    said = capsys.readouterr().err
    for hidden in (PASSWORD, json.dumps(PASSWORD)[1:-1], TOTP, "hunter", "more", "abcdefgh"):
        assert hidden not in said
    assert said.count(MASK) >= 6
    if is_json:
        told = [json.loads(line) for line in said.splitlines()]
        assert (told[0]["event"], told[0]["customer"]) == (f"filled {MASK}", MASK)


def test_others_are_heard_only_when_something_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(is_json=True)
    for name in ("offboard.worker", "somebody.else", "dbos"):
        logging.getLogger(name).info("all is well with %s", name)
        logging.getLogger(name).warning("%s: %s", name, PASSWORD)
    assert [line["event"] for line in objects(capsys)] == [
        "all is well with offboard.worker",
        *(f"{name}: {MASK}" for name in ("offboard.worker", "somebody.else", "dbos")),
    ]


def test_the_engines_own_handler_is_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    library = logging.getLogger("dbos")
    library.addHandler(logging.StreamHandler(sys.stderr))
    library.propagate = False
    set_up(is_json=True)
    set_up(is_json=True)
    library.warning("the secret is %s", TOTP)
    assert [line["event"] for line in objects(capsys)] == [f"the secret is {MASK}"]


def test_a_secret_that_is_too_short_to_be_found_is_refused() -> None:
    with pytest.raises(BadInputError, match="a secret of 3 characters") as caught:
        set_up_log(is_json=True, secrets=["abc"])
    assert "abc" not in caught.value.problem.render()


def test_runs_are_told_as_they_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(is_json=True)
    log = RunLog()
    run = run_of("r1", OFFBOARD, "users", Status.BLOCKED, AT)
    [task] = run.tasks
    ended_at = AT + timedelta(milliseconds=3140)
    log.notice(
        RunStarted(
            run_id="r1",
            flow=OFFBOARD,
            title="t",
            inputs={},
            dashboard="d",
            browser="b",
            at=AT,
            operator="a@x",
        )
    )
    log.notice(Noted(kind="remark", text="x", page_url="/x", at=AT))
    log.notice(TaskFinished(result=replace(task, ended_at=ended_at, reason=f"it says {TOTP}")))
    log.notice(RunFinished(run=replace(run, reason="in use", ended_at=ended_at)))
    told = objects(capsys)
    for line in told:
        assert (line.pop("level"), line.pop("logger")) == ("info", "offboard.run")
        del line["at"]
    assert told == [
        {"event": "run started", "login": "a@x", "run": "r1", "flow": "offboard"},
        {
            "event": "task ended",
            "run": "r1",
            "task": "users",
            "status": "blocked",
            "reason": f"it says {MASK}",
            "seconds": 3.1,
        },
        {
            "event": "run ended",
            "run": "r1",
            "flow": "offboard",
            "status": "blocked",
            "reason": "in use",
            "seconds": 3.1,
        },
    ]


def test_a_line_is_json_whatever_was_masked_in_it() -> None:
    record = logging.LogRecord("offboard", logging.INFO, "", 0, 'Set-Cookie: sid="abc"', None, None)
    record.reason = 'it holds hunter22\\"'
    line = JsonLines(Redactor(["hunter22\\"])).format(record)
    assert "hunter22" not in line
    assert json.loads(line)["reason"] == 'it holds (secret)"'
