"""A worker process that is made to be killed: each stage writes a line, and may wait for a file.

    python -m tests.contract.worker ADDRESS EXECUTOR FOLDER LANES [TICKS]

A job `name:a,b,c` has the stages a, b, c. A stage writes `name a EXECUTOR` into `FOLDER/lines`; one whose name ends
with `!` then waits until `FOLDER/go` is there. `fails` raises, `dies` kills the process.
TICKS: anything but `ticks` leaves the ticks of schedules to others.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from threading import Event

from robot.worker.durable import DurableEngine
from robot.worker.engine import Stages


def main(address: str, executor: str, folder: str, lanes: str, ticks: str = "ticks") -> int:
    place = Path(folder)
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def do(job: str, stage: str) -> str:
        name = job.partition(":")[0]
        with (place / "lines").open("a") as file:
            file.write(f"{name} {stage} {executor} begin\n")
        if stage == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if stage == "fails":
            raise ValueError("this stage fails")
        while stage.endswith("!") and not (place / "go").exists():
            Event().wait(0.02)
        with (place / "lines").open("a") as file:
            file.write(f"{name} {stage} {executor} end\n")
        return stage

    def work(job: str, stages: Stages) -> str:
        words = [
            stages(stage, lambda stage=stage: do(job, stage))  # type: ignore[misc]
            for stage in job.partition(":")[2].split(",")
        ]
        return "+".join(words)

    def on_tick(name: str, due_at: datetime, hours: float) -> None:
        with (place / "ticks").open("a") as file:
            file.write(f"{name} {due_at.timestamp():.0f} {hours} {executor}\n")

    engine = DurableEngine(address, space="here", executor_id=executor, poll_s=0.1, frozen_s=3)
    engine.hold()
    engine.launch(work, lanes=lanes.split(","), on_tick=on_tick if ticks == "ticks" else None)
    sys.stdout.write("up\n")
    sys.stdout.flush()
    stop.wait()
    engine.close(within_s=20)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
