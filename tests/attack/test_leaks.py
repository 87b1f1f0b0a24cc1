"""Secrets outside the evidence: what child processes inherit, and what a run that was killed leaves behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.acceptance.command import Offboard, poll
from tests.acceptance.conftest import CREDENTIALS
from tests.rehearsal.dashboard import DEMO

#: What each process is looked through for.
SECRETS = {
    **{name: CREDENTIALS[name] for name in ("OFFBOARD_PASSWORD", "OFFBOARD_TOTP_SECRET")},
    "OFFBOARD_NOTIFY": "https://hook.example/of-the-agency/4f1c",
    "OFFBOARD_SMTP": "smtps://user:mail-password@mail.example:465",
}


def environment_of(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_text(errors="replace")


def is_main(pid: int) -> bool:
    return b"\0robot\0" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_no_child_inherits_a_secret(offboard: Offboard) -> None:
    going = offboard.start_run("phone-numbers", "--input", f"location_id={DEMO}", **SECRETS)
    going.wait_for("open the menu of the number")
    living = offboard.living()
    children = [pid for pid in living if not is_main(pid)]
    # The driver, and a browser of several processes.
    assert len(children) >= 3, living
    found = [
        f"{name} in the environment of {living[pid]}"
        for pid in children
        for name, value in SECRETS.items()
        if value in environment_of(pid)
    ]
    going.interrupt()
    going.end()
    assert not found


def test_the_raw_trace_of_a_killed_run_is_swept_by_the_next(offboard: Offboard, tmp_path: Path) -> None:
    # Somewhere without files in memory, everything lies in this folder.
    temporary = tmp_path / "tmp"
    temporary.mkdir()

    def raw_traces() -> list[Path]:
        places = (temporary, Path(f"/dev/shm/offboard-{os.getuid()}"))  # noqa: S108
        return [file for place in places if place.is_dir() for file in place.rglob("*.network")]

    before = set(raw_traces())
    going = offboard.start_run(
        "phone-numbers", "--full-trace", "--input", f"location_id={DEMO}", TMPDIR=str(temporary)
    )
    going.wait_for("open the menu of the number")
    left = set(raw_traces()) - before
    assert left
    for folder in {file.parent for file in left}:
        assert not [part for part in (folder, *folder.parents) if part.stat().st_mode & 0o077 and
                    part.name.startswith("run-")]  # fmt: skip
    for pid in offboard.living():
        os.kill(pid, signal.SIGKILL)
    going.end()
    assert left & set(raw_traces()) == left
    poll(lambda: not offboard.living(), within_s=10)

    again = offboard.run("sign-in", TMPDIR=str(temporary))
    assert again.code == 0, again.err
    assert set(raw_traces()) - before == set()
