"""What is wrong with what the command was given ends it with its own message, and with nothing pressed."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.command import ROOT, Ended, Offboard, read_problem
from tests.rehearsal.dashboard import DEMO, Practice

FAILED, BAD_INPUT, PERSON = 1, 2, 3

#: The sample data has two of this name, in two towns.
TWINS = "Sunrise Cleaning Co."


@pytest.fixture(autouse=True)
def nothing_is_ever_pressed(practice: Practice) -> Iterator[None]:
    """After every test here the dashboard is as it was."""
    yield
    assert practice.mutations() == []


def assert_told(ended: Ended, *, code: int, what: str, next: str) -> None:
    """It ended with `code`, and its last block says what is wrong and what to do."""
    assert ended.code == code, ended.err
    problem = read_problem(ended.err)
    assert what in problem.headline
    assert next in problem.next
    assert "Traceback" not in ended.err


# --- who, and where ------------------------------------------------------------------------------


def test_an_unknown_customer(offboard: Offboard) -> None:
    ended = offboard.run("phone-numbers", "--input", "company=Nobody Known")
    assert_told(
        ended, code=FAILED, what="there is no sub-account called 'Nobody Known'", next="give the location id"
    )


def test_an_unknown_customer_as_json(offboard: Offboard) -> None:
    ended = offboard.run("phone-numbers", "--input", "location_id=AAAAAAAAAAAAAAAAAAAA", json=True)
    assert ended.code == FAILED
    told = ended.json
    assert told["status"] == "failed"
    assert told["reason"].endswith("there is no sub-account with the location id AAAAAAAAAAAAAAAAAAAA")
    [task] = told["tasks"]
    assert (task["flow"], task["step"], task["status"]) == ("phone-numbers", "2.5, 3", "failed")
    assert "copy the id" in task["problems"][0]["next"]
    assert Path(told["evidence"]).is_dir()
    assert Path(told["report"]).is_file()
    assert ended.err == ""


def test_two_customers_of_one_name_without_a_location_id(offboard: Offboard, practice: Practice) -> None:
    names = [row["body"]["name"] for row in practice.entities("sub_account")]
    assert names.count(TWINS) == 2
    ended = offboard.run("phone-numbers", "--input", f"company={TWINS}")
    assert_told(
        ended,
        code=PERSON,
        what=f"several sub-accounts are called '{TWINS}'",
        next="say which one is meant with its location id",
    )


def test_a_location_id_that_is_another_customers(offboard: Offboard) -> None:
    ended = offboard.run("phone-numbers", "--input", f"location_id={DEMO}", "--input", f"company={TWINS}")
    assert_told(ended, code=PERSON, what=f"not '{TWINS}'", next="check which customer is meant")


def test_a_wrong_password(stranger: Offboard) -> None:
    ended = stranger.run("phone-numbers", "--input", f"location_id={DEMO}", OFFBOARD_PASSWORD="not-the-one")
    assert_told(
        ended,
        code=FAILED,
        what="the dashboard refused the email or the password",
        next="check OFFBOARD_EMAIL and OFFBOARD_PASSWORD",
    )
    assert "not-the-one" not in ended.out + ended.err


def test_a_wrong_code(stranger: Offboard) -> None:
    ended = stranger.run(
        "phone-numbers",
        "--input",
        f"location_id={DEMO}",
        OFFBOARD_TOTP_SECRET="",
        OFFBOARD_CODE="000000",
    )
    assert_told(
        ended,
        code=FAILED,
        what="the dashboard refused the security code",
        next="OFFBOARD_CODE",
    )


def test_no_credentials(stranger: Offboard) -> None:
    ended = stranger.run(
        "phone-numbers", "--input", f"location_id={DEMO}", OFFBOARD_EMAIL="", OFFBOARD_PASSWORD=""
    )
    assert_told(ended, code=PERSON, what="there are no credentials", next="set OFFBOARD_EMAIL")


def test_a_dashboard_that_is_down(stranger: Offboard) -> None:
    with socket.socket() as nobody:
        # Bound and not listening: the port is ours, and whoever knocks is refused.
        nobody.bind(("127.0.0.1", 0))
        address = f"http://app.localhost:{nobody.getsockname()[1]}"
        ended = stranger(
            "run", "phone-numbers", "--input", f"location_id={DEMO}", "--dashboard", address, "--no-video"
        )
    assert_told(
        ended, code=FAILED, what="the dashboard does not answer", next="check that the address is right"
    )
    assert address in ended.err


# --- flows and selectors -------------------------------------------------------------------------


@pytest.fixture
def own(offboard: Offboard) -> Offboard:
    """The command standing in a folder that has flows and selectors of its own: copies of the shipped ones."""
    for name in ("flows", "selectors"):
        shutil.copytree(ROOT / name, offboard.folder / name)
    return offboard


def edit(file: Path, old: str, new: str) -> None:
    """Changes the one place in a file that says `old`."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} says '{old}' {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_selector_that_matches_two(own: Offboard) -> None:
    edit(
        own.folder / "selectors/sub_accounts.yaml",
        "a.pg-agency-locations__link--switch-to-subaccount",
        "a, button",
    )
    ended = own.run("phone-numbers", "--input", f"location_id={DEMO}")
    assert_told(
        ended,
        code=PERSON,
        what="target 'sub_accounts.switch' matched more than one element, needed exactly one",
        next="narrow it at selectors/sub_accounts.yaml",
    )
    assert 'css "a, button" -> ' in ended.err


def test_a_flow_with_two_mistakes_is_told_of_both(own: Offboard) -> None:
    file = own.folder / "flows/phone-numbers.yaml"
    edit(file, "goal: {none: ", "goal: {non: ")
    edit(file, "click: phone_numbers.delete_dialog_confirm", "clik: phone_numbers.delete_dialog_confirm")
    ended = own.run("phone-numbers", "--input", f"location_id={DEMO}")
    assert ended.code == BAD_INPUT
    assert ended.err.count("flows/phone-numbers.yaml:") == 2
    assert "did you mean 'none'?" in ended.err
    assert "did you mean 'click'?" in ended.err
    assert not own.bundles()

    as_json = own.run("phone-numbers", "--input", f"location_id={DEMO}", json=True)
    assert as_json.code == BAD_INPUT
    assert as_json.json["status"] == "error"
    assert len(as_json.json["problems"]) == 2
    assert all(
        problem["what"] and problem["where"] and problem["next"] for problem in as_json.json["problems"]
    )


# --- inputs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "what", "next"),
    [
        (("phone-number",), "there is no flow 'phone-number'", "did you mean 'phone-numbers'?"),
        (
            ("phone-numbers", "--input", f"location_id={DEMO}", "--profile", "practise"),
            "there is no profile 'practise'",
            "did you mean 'practice'?",
        ),
        (("phone-numbers",), "needs at least one of the inputs location_id, company", "--input location_id="),
        (
            ("phone-numbers", "--input", "location_id=not an id"),
            "input 'location_id' = 'not an id': a location id is 10 to 40 letters and digits",
            "give --input location_id=",
        ),
    ],
    ids=["unknown flow", "unknown profile", "missing input", "malformed input"],
)
def test_bad_words(stranger: Offboard, words: tuple[str, ...], what: str, next: str) -> None:
    """More of them, and as JSON, in tests/unit/cli/test_bad_words.py."""
    ended = stranger.run(*words)
    assert_told(ended, code=BAD_INPUT, what=what, next=next)
    assert ended.out == ""
    assert not stranger.bundles()


# --- this machine --------------------------------------------------------------------------------


def test_no_browser(stranger: Offboard) -> None:
    ended = stranger.run(
        "phone-numbers", "--input", f"location_id={DEMO}", OFFBOARD_BROWSER="/nonexistent/browser"
    )
    assert_told(
        ended,
        code=BAD_INPUT,
        what="the browser that OFFBOARD_BROWSER names cannot be used: /nonexistent/browser",
        next="set OFFBOARD_BROWSER",
    )
    assert not stranger.bundles()


@pytest.mark.parametrize("flow", ["run", "demo"])
def test_an_unwritable_folder_of_recordings(stranger: Offboard, flow: str) -> None:
    stranger.recordings.write_text("a file where a folder should be")
    words = ("demo", "--against", stranger.dashboard) if flow == "demo" else (
        "run", "phone-numbers", "--input", f"location_id={DEMO}", "--dashboard", stranger.dashboard)  # fmt: skip
    ended = stranger(*words)
    assert_told(
        ended, code=BAD_INPUT, what="evidence cannot be written to recordings", next="OFFBOARD_RECORDINGS"
    )
    assert read_problem(ended.err).done == "nothing was started"


def test_an_unwritable_folder_of_data(stranger: Offboard) -> None:
    stranger.data.write_text("a file where a folder should be")
    ended = stranger.run("phone-numbers", "--input", f"location_id={DEMO}")
    assert_told(ended, code=BAD_INPUT, what="the ledger at", next="OFFBOARD_DATA")
    assert not stranger.bundles()


@contextlib.contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[None]:
    """A disk of its own, mounted on `folder` while the block runs. Needs root."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "offboard-test", str(folder)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(folder: Path) -> None:
    """Leaves no room on the disk of `folder`, in a folder beside the runs."""
    with (folder / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65536)


def can_mount(tmp_path: Path) -> bool:
    """Whether this user may mount a disk here."""
    try:
        with small_disk(tmp_path / "probe", megabytes=1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def test_too_full_a_disk_starts_nothing(stranger: Offboard, tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("mounting a small disk needs root; the same is tried without a disk elsewhere")
    with small_disk(stranger.recordings, megabytes=8):
        ended = stranger.run("phone-numbers", "--input", f"location_id={DEMO}")
        assert list(stranger.recordings.iterdir()) == []
    assert_told(ended, code=BAD_INPUT, what="too little room for evidence", next="make room on that disk")


def test_a_disk_that_fills_up_stops_before_the_next_press(offboard: Offboard, tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("mounting a small disk needs root; the next test fails writes without one")
    with small_disk(offboard.recordings, megabytes=72):
        going = offboard.start_run("phone-numbers", "--input", f"location_id={DEMO}")
        going.wait_for("switch to the sub-account")
        fill_up(offboard.recordings)
        ended = going.end()
        (offboard.recordings / "filler").unlink()
        offboard.assert_nothing_left()
        assert_told(ended, code=PERSON, what="evidence can no longer be written: ", next="make room")
        assert ended.err.count("confirm the deletion: ") == 1, "the other numbers are not even tried"
        assert read_problem(ended.err).done == "nothing was pressed: no evidence, no press"
        # What was written before stands as it was; what could not be written is told of.
        verified = json.loads(offboard("evidence", "verify", "--json").out)
        assert verified["files"] >= 2
        assert verified["changed"] == verified["missing"] == verified["extra"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a running process")
def test_writes_that_fail_stop_before_the_next_press(offboard: Offboard) -> None:
    resource = pytest.importorskip("resource")

    going = offboard.start_run("phone-numbers", "--input", f"location_id={DEMO}")
    going.wait_for("switch to the sub-account")
    resource.prlimit(going.pid, resource.RLIMIT_FSIZE, (4096, 4096))
    ended = going.end()
    offboard.assert_nothing_left()
    assert_told(ended, code=PERSON, what="evidence can no longer be written: ", next="make room")
    assert ended.err.count("confirm the deletion: ") == 1, "the other numbers are not even tried"
