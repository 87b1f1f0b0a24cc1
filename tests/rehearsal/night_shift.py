"""A night with several workers, each with data of its own as on a machine of its own, and trouble for them."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update

from robot.flow.acts import kinds_of
from robot.flow.loader import load_flows
from robot.ledger.database import moment, open_ledger
from robot.ledger.intents import OPEN
from robot.ledger.jobs import NEEDS_A_PERSON, QUEUED, WAITING, WORKING, JobRow, Jobs
from robot.ledger.tables import FOLLOWUPS, INTENTS
from robot.ledger.turns import APPROVAL, TurnRow, Turns
from robot.settings import LEDGER_FILE
from tests.acceptance.command import ROOT, Ended, Going, Offboard, poll
from tests.acceptance.conftest import command_in
from tests.machines import Machine
from tests.rehearsal.dashboard import Practice
from tests.rehearsal.invariants import ACADEMY

PROFILE = "night"
#: A turn begins with a browser, a sign-in and a look: two customers whom one login changes within less than that,
#: or one customer whom two logins change, were worked at once.
AT_ONCE_S = 3.0
_TOTP = "JBSWY3DPEHPK3PXP"


@dataclass
class NightShift:
    """Workers of one dashboard, on one database."""

    practice: Practice
    folder: Path
    #: Address of a Postgres database; empty for the file of the one worker.
    database: str
    logins: int = 2
    #: Where workers run, by number; none for this machine itself.
    machines: Sequence[Machine] = ()
    workers: list[Going] = field(default_factory=list)
    #: What was done to workers and database: kind, and when.
    troubles: list[tuple[str, float]] = field(default_factory=list)
    #: When each process that was killed was, by its number.
    killed: dict[int, float] = field(default_factory=dict)

    def set_up(self) -> None:
        """Logins on the dashboard and in a file, and a profile that lets plans be carried out with nobody there."""
        [row] = [
            one
            for one in self.practice.entities("login_user")
            if one["body"]["email"].startswith("operator@")
        ]
        for number in range(1, self.logins + 1):
            user_id = f"rB0t{number}LoginUser00000"[:20]
            self.practice.put(
                {**row, "id": user_id, "position": 50 + number}, **_login(number), user_id=user_id
            )
        self.write_logins(self._logins.name, range(1, self.logins + 1))
        profile = yaml.safe_load((ROOT / "selectors/profiles/practice.yaml").read_text())
        library, _ = load_flows(ROOT / "flows")
        profile |= {
            "profile": PROFILE,
            "canary": ACADEMY,
            "unattended": {"at_most": dict.fromkeys(sorted(kinds_of(library)), 20), "hours": 24},
        }
        self._profile.write_text(yaml.safe_dump(profile, allow_unicode=True))

    def write_logins(self, name: str, numbers: Iterable[int]) -> Path:
        """A file of some of the logins, in the folder of the night."""
        file = self.folder / name
        logins = [{**_login(number), "totp_secret": _TOTP} for number in numbers]
        file.write_text(yaml.safe_dump({"logins": logins}))
        file.chmod(0o600)
        return file

    @staticmethod
    def credentials(number: int) -> dict[str, str]:
        """Settings with which a command that is no worker signs in with one of the logins."""
        login = _login(number)
        return {
            "OFFBOARD_EMAIL": login["email"],
            "OFFBOARD_PASSWORD": login["password"],
            "OFFBOARD_TOTP_SECRET": _TOTP,
        }

    @property
    def _logins(self) -> Path:
        return self.folder / "logins.yaml"

    @property
    def _profile(self) -> Path:
        return self.folder / f"{PROFILE}.yaml"

    @property
    def words(self) -> tuple[str, ...]:
        return ("--profile", str(self._profile), "--dashboard", self.practice.url)

    def command(self, machine: int = 0) -> Offboard:
        """The command on one machine."""
        place = self.folder / f"machine{machine}"
        place.mkdir(exist_ok=True)
        made = command_in(place, self.practice.url)
        environ = {
            name: value
            for name, value in made.environ.items()
            if name not in ("OFFBOARD_EMAIL", "OFFBOARD_PASSWORD", "OFFBOARD_TOTP_SECRET")
        }
        environ |= {"OFFBOARD_LOGINS": str(self._logins)}
        if self.database:
            environ |= {"OFFBOARD_DATABASE_URL": self.database}
        if not self.machines:
            return replace(made, environ=environ)
        there = self.machines[machine]
        environ |= {"OFFBOARD_DATABASE_URL": there.seen_from_there(self.database)}
        return replace(made, environ=environ, through=there.through)

    def start(self, machine: int, *words: str, **environ: str) -> Going:
        """A worker on one machine. words: more for its command. environ: settings that differ from the others'."""
        told = (*self.words, "--no-video", "--log", "json", *words)
        going = self.command(machine).start("worker", *told, **environ)
        self.workers.append(going)
        return going

    def queue(self, *location_ids: str) -> None:
        """Asks for these customers, in one table."""
        table = self.folder / "cancelled.csv"
        table.write_text("location id\n" + "\n".join(location_ids) + "\n")
        ended = self._ask("queue", "import", str(table), *self.words, "--json")
        assert ended.code == 0, ended.err
        assert len(ended.json["added"]) == len(location_ids)

    def _ask(self, *words: str) -> Ended:
        """A command beside the workers, which may be at work on the same machine."""
        return self.command().start(*words).end()

    @contextmanager
    def jobs(self) -> Iterator[Jobs]:
        with closing(open_ledger(self.database or self._file)) as ledger:
            yield Jobs(ledger, dashboard=self.practice.url)

    @property
    def _file(self) -> Path:
        host = self.practice.url.split("//")[1].replace(":", "-")
        return self.folder / "machine0" / "data" / f"{PROFILE}@{host}" / LEDGER_FILE

    def all_jobs(self) -> list[JobRow]:
        with self.jobs() as jobs:
            return jobs.all()

    def all_turns(self) -> list[TurnRow]:
        """In the order in which they were claimed."""
        with closing(open_ledger(self.database or self._file)) as ledger:
            return Turns(ledger, dashboard=self.practice.url).since(datetime.fromtimestamp(0, UTC))

    def is_settled(self) -> bool:
        """Whether nobody works, and nothing could be begun now or soon."""
        return not any(job.state in (QUEUED, WORKING) for job in self.all_jobs())

    def await_settled(self, *, within_s: float) -> None:
        assert poll(self.is_settled, within_s=within_s), [
            (job.shown, job.state, job.reason) for job in self.all_jobs()
        ]

    def log(self) -> list[dict[str, Any]]:
        """What all workers have said, in order."""
        return sorted((line for going in self.workers for line in self.lines_of(going)), key=at_of)

    @staticmethod
    def lines_of(going: Going) -> list[dict[str, Any]]:
        """What one worker has said."""
        return [json.loads(line) for line in going.text().splitlines() if line.startswith("{")]

    def armed(self, machine: int) -> list[tuple[float, str]]:
        """When presses were armed on one machine, by its evidence, in s since 1970; and for what."""
        files = sorted((self.folder / f"machine{machine}").rglob("events.jsonl"))
        lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        return [
            (at_of(line["intent"]), line["intent"]["object"]) for line in lines if line["event"] == "Armed"
        ]

    def put_back_given_up(self, *, within_s: float) -> None:
        """What was given up for having ended its worker too often is put back once, as an operator would."""
        given_up = [job for job in self.all_jobs() if "again and again" in job.reason]
        for job in given_up:
            self.troubles.append(("given up", time.time()))
            ended = self._ask("queue", "retry", job.id, *self.words)
            assert ended.code == 0, ended.err
        if given_up:
            self.await_settled(within_s=within_s)

    def await_doubts_ended(self, *, within_s: float) -> None:
        """Until it is known of every press whether it took effect; what may still do so is looked at again."""
        assert poll(lambda: self.is_settled() and not self._doubts(), within_s=within_s), self._doubts()

    def _doubts(self) -> list[str]:
        return [
            job.reason for job in self.all_jobs() if job.state == WAITING and "was pressed at" in job.reason
        ]

    def unheard(self) -> set[str]:
        """Customers of whom a message to support was armed, and nobody has seen what became of it; by location id.

        Its worker was killed at the press. A message is never said twice, so only a person can go on.
        """
        query = select(INTENTS.c.location_id).where(
            INTENTS.c.object.startswith("support_request:"), INTENTS.c.state.in_(OPEN)
        )
        with closing(open_ledger(self.database or self._file)) as ledger, ledger.begin() as connection:
            return set(connection.execute(query).scalars())

    def write_log(self) -> None:
        """What all workers have said and what was done to them, beside their data."""
        (self.folder / "log.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in self.log()))
        (self.folder / "troubles.json").write_text(json.dumps(self.troubles))

    def noticed_s(self) -> list[float]:
        """How long after its kill another worker has said of one that it is gone, in s; of those that had work.

        One that was frozen before may have been given up before it was killed.
        """
        found = []
        for line in self.log():
            match = re.match(r"worker \S+?-(\d+)-\w+ is gone", str(line["event"]))
            killed_at = self.killed.get(int(match[1])) if match else None
            if killed_at is not None and at_of(line) >= killed_at:
                found.append(round(at_of(line) - killed_at, 1))
        return found

    def make_due(self) -> None:
        """As if the time were over until what ends later is looked at again."""
        with closing(open_ledger(self.database or self._file)) as ledger, ledger.begin() as connection:
            connection.execute(update(FOLLOWUPS).values(due_at=moment(datetime.now(UTC))))

    # --- trouble -----------------------------------------------------------------------------------

    def kill(self, going: Going) -> None:
        self.killed[going.pid] = time.time()
        self.troubles.append(("kill", self.killed[going.pid]))
        os.killpg(going.pid, signal.SIGKILL)
        going.end(within_s=30)

    def disturb(
        self,
        *,
        seed: int,
        kills: int,
        pause_s: tuple[float, float],
        machines: int,
        restart_database: Callable[[], None] | None = None,
        restarts: int = 0,
        freezes: int = 0,
        frozen_s: float = 45.0,
    ) -> None:
        """Kills, freezes and restarts at drawn times while there is work; killed workers are started anew.

        Raises AssertionError when the work ends before the trouble does.
        """
        draw = random.Random(seed)  # noqa: S311 - drawn trouble, not secrets
        clock = threading.Event()
        going = [self.start(machine) for machine in range(machines)]
        left = Counter({"kill": kills, "freeze": freezes, "restart": restarts})
        while left.total() and not self._is_settled_or_away():
            clock.wait(draw.uniform(*pause_s))
            kind = draw.choice(sorted(left.elements()))
            left[kind] -= 1
            machine = draw.randrange(machines)
            if kind == "kill":
                self.kill(going[machine])
                going[machine] = self.start(machine)
            elif kind == "freeze":
                self.troubles.append(("freeze", time.time()))
                os.killpg(going[machine].pid, signal.SIGSTOP)
                clock.wait(frozen_s)
                os.killpg(going[machine].pid, signal.SIGCONT)
            elif restart_database is not None:
                self.troubles.append(("restart", time.time()))
                restart_database()
        assert not left.total(), f"there was no more work to be disturbed: {dict(left)}"

    def _is_settled_or_away(self) -> bool:
        try:
            return self.is_settled()
        except Exception:  # the database is being restarted
            return False

    def end_all(self) -> None:
        for going in self.workers:
            try:
                os.killpg(going.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            going.end(within_s=30)


def at_of(line: Mapping[str, Any]) -> float:
    """When a line of a log or of evidence was written, in s since 1970."""
    return datetime.fromisoformat(str(line["at"])).timestamp()


def _login(number: int) -> dict[str, str]:
    return {"email": f"robot{number}@woot.example", "password": f"night-shift-{number}"}


# --- what must hold ------------------------------------------------------------------------------------


def assert_once(practice: Practice) -> None:
    """Nothing was done twice: by the oracle's list."""
    rows = practice.ask("/mutations")
    counts = Counter(
        (row["action"], row["object"], row["location_id"])
        for row in rows
        if not row["object"].startswith("support")
    )
    assert [what for what, times in counts.items() if times > 1] == []
    requests = Counter(row["location_id"] for row in rows if row["object"].startswith("support_request"))
    assert [where for where, times in requests.items() if times > 1] == []


def assert_only(practice: Practice, location_ids: set[str]) -> None:
    """Nobody was touched but these customers, and the academy's contacts of theirs."""
    strangers = [
        (row["action"], row["object"], row["location_id"])
        for row in practice.ask("/mutations")
        if row["location_id"] not in {*location_ids, None}
        and not (row["location_id"] == ACADEMY and row["object"].startswith("contact_tag"))
    ]
    assert strangers == []


def assert_no_overlaps(practice: Practice) -> None:
    """No login worked on two customers at once, and no customer was worked by two logins: by the oracle's clock."""
    rows = [row for row in practice.ask("/mutations") if row["location_id"] not in (ACADEMY, None)]
    rows.sort(key=lambda row: float(row["at"]))
    overlaps = []
    for one, other in (("actor", "location_id"), ("location_id", "actor")):
        for value in {row[one] for row in rows}:
            mine = [row for row in rows if row[one] == value]
            overlaps += [
                (first, second)
                for first, second in pairwise(mine)
                if first[other] != second[other] and second["at"] - first["at"] < AT_ONCE_S
            ]
    assert overlaps == []


def is_for_a_person(job: JobRow) -> bool:
    return job.state == NEEDS_A_PERSON or job.waits_for == APPROVAL
