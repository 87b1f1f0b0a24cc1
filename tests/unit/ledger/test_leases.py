"""One run at a time per customer and per login; a dead one is overtaken, and one that wakes presses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, event
from sqlalchemy.exc import OperationalError

from robot.errors import GateError
from robot.ledger import leases
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.intents import IntentGate
from robot.ledger.leases import STALE_S, HeldError, Holder, Leases, is_alive, this_process
from robot.ledger.tables import LEASES
from tests.acceptance.command import poll
from tests.unit.ledger.test_intents import DASHBOARD, intent

LOGIN = "operator@woot.example"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


def leases_of(
    ledger: Ledger,
    run_id: str,
    *,
    dashboard: str = DASHBOARD,
    holder: Holder | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Leases:
    return Leases(ledger, dashboard=dashboard, run_id=run_id, holder=holder, now=now, watch_s=0.2)


def gate_of(ledger: Ledger, leases: Leases) -> IntentGate:
    return IntentGate(ledger, dashboard=DASHBOARD, conditions=(leases.assert_held,))


def test_a_customer_and_a_login_are_for_one_run_at_a_time(ledger: Ledger) -> None:
    with leases_of(ledger, "one") as one, leases_of(ledger, "two") as two:
        one.take_customer("loc1")
        one.take_login(LOGIN)
        with pytest.raises(HeldError) as caught:
            two.take_customer("loc1")
        assert "another run works on the customer loc1" in caught.value.problem.what
        assert caught.value.problem.done == "nothing was started"
        assert "one, process" in dict(caught.value.problem.details)["run"]
        with pytest.raises(HeldError, match="is at work in another run"):
            two.take_login(LOGIN)
        two.take_customer("loc2")


def test_another_dashboards_customer_is_another(ledger: Ledger) -> None:
    with leases_of(ledger, "one") as one, leases_of(ledger, "two", dashboard="https://b.example") as two:
        one.take_customer("loc1")
        two.take_customer("loc1")
        assert held(ledger) == {f"customer:{DASHBOARD}/loc1": "one", "customer:https://b.example/loc1": "two"}


def test_what_only_one_run_may_use_is_for_one_at_a_time_on_a_dashboard(ledger: Ledger) -> None:
    elsewhere = leases_of(ledger, "three", dashboard="https://b.example")
    with leases_of(ledger, "one") as one, leases_of(ledger, "two") as two, elsewhere:
        assert one.take_alone("support conversations") is None
        assert one.take_alone("support conversations") is None
        refused = two.take_alone("support conversations")
        assert refused is not None
        assert refused.what == "another run has the support conversations"
        assert "one, process" in dict(refused.details)["run"]
        assert two.take_alone("something else") is None
        assert elsewhere.take_alone("support conversations") is None
        one.give_back_alone("support conversations")
        assert two.take_alone("support conversations") is None
        one.give_back_alone("support conversations")
        assert one.take_alone("support conversations") is not None


def test_a_press_is_refused_when_what_the_run_uses_alone_was_taken_from_it(ledger: Ledger) -> None:
    with leases_of(ledger, "one") as one:
        one.take_customer("loc1")
        one.take_alone("support conversations")
        gate_of(ledger, one).arm(intent("message:1"), settle_after_ms=None)
        with ledger.begin() as connection:
            connection.execute(delete(LEASES).where(LEASES.c.key.startswith("alone:")))
        with pytest.raises(GateError):
            gate_of(ledger, one).arm(intent("message:2"), settle_after_ms=None)


def test_what_was_given_back_is_not_asked_for_at_a_press(ledger: Ledger) -> None:
    with leases_of(ledger, "one") as one:
        one.take_customer("loc1")
        one.take_alone("support conversations")
        one.give_back_alone("support conversations")
        assert held(ledger) == {f"customer:{DASHBOARD}/loc1": "one"}
        gate_of(ledger, one).arm(intent("message:1"), settle_after_ms=None)
        assert not one.is_lost()


def test_what_a_run_held_is_free_when_it_has_ended(ledger: Ledger) -> None:
    with leases_of(ledger, "one") as one:
        one.take_customer("loc1")
    assert held(ledger) == {}
    with leases_of(ledger, "two") as two:
        two.take_customer("loc1")
        assert list(held(ledger).values()) == ["two"]


class Away:
    """Keeps leases from being given back, so many times, as a database that is being restarted does."""

    def __init__(self, ledger: Ledger, times: int) -> None:
        self.left = times
        event.listen(ledger.engine, "before_cursor_execute", self._refuse)

    def _refuse(self, connection: object, cursor: object, statement: str, *more: object) -> None:
        if statement.startswith("DELETE FROM leases WHERE leases.token") and self.left:
            self.left -= 1
            raise OperationalError(statement, None, Exception("the server is starting up"))


def test_a_database_that_is_back_soon_has_them_given_back(ledger: Ledger) -> None:
    away = Away(ledger, times=2)
    with leases_of(ledger, "one") as one:
        one.take_login(LOGIN)
    assert away.left == 0
    assert held(ledger) == {}


def test_what_could_not_be_given_back_keeps_nobody_of_this_process_waiting(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "_GIVE_BACK_AFTER_S", ())
    Away(ledger, times=1)
    with leases_of(ledger, "one") as one:
        one.take_login(LOGIN)
        with ledger.begin() as connection:
            assert leases.is_login_at_work(connection, DASHBOARD, LOGIN, datetime.now(UTC))
    assert list(held(ledger).values()) == ["one"]
    with ledger.begin() as connection:
        assert not leases.is_login_at_work(connection, DASHBOARD, LOGIN, datetime.now(UTC))
    with leases_of(ledger, "two") as two:
        two.take_login(LOGIN)
        assert list(held(ledger).values()) == ["two"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell when a process began")
def test_a_dead_process_is_overtaken_at_once(ledger: Ledger) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[19]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    mine = this_process()
    dead = Holder(host=mine.host, pid=child.pid, process_began=f"{boot}/{began}")
    with leases_of(ledger, "dead", holder=dead) as of_dead, leases_of(ledger, "next") as of_next:
        of_dead.take_customer("loc1")
        with pytest.raises(HeldError):
            of_next.take_customer("loc1")
        child.send_signal(signal.SIGKILL)
        child.communicate()
        of_next.take_customer("loc1")


def test_a_later_process_of_the_same_number_is_not_the_holder() -> None:
    mine = this_process()
    assert is_alive(mine.pid, mine.process_began)
    if sys.platform == "linux":
        assert not is_alive(mine.pid, "another boot/1")


def test_a_run_on_another_machine_is_overtaken_when_it_was_not_heard_of_for_long(ledger: Ledger) -> None:
    far = Holder(host="another machine", pid=1, process_began="")
    began = datetime.now(UTC)
    far_leases = leases_of(ledger, "far", holder=far, now=lambda: began)
    far_leases.take_customer("loc1")
    soon = leases_of(ledger, "soon", now=lambda: began + timedelta(seconds=STALE_S - 1))
    with pytest.raises(HeldError):
        soon.take_customer("loc1")
    late = leases_of(ledger, "late", now=lambda: began + timedelta(seconds=STALE_S + 1))
    late.take_customer("loc1")
    # The far one wakes up.
    with pytest.raises(GateError, match="was taken for dead") as caught:
        gate_of(ledger, far_leases).arm(intent(), settle_after_ms=None)
    assert caught.value.problem.done == "nothing was pressed"
    gate_of(ledger, late).arm(intent(), settle_after_ms=None)


@pytest.mark.parametrize("step_s", [3600, -3600])
def test_a_clock_that_was_set_takes_no_lease_from_a_run_that_lives(ledger: Ledger, step_s: int) -> None:
    """Set on the machine that looks, or, which looks the same, the other way where the run lives."""
    far = Leases(
        ledger,
        dashboard=DASHBOARD,
        run_id="far",
        holder=Holder(host="another machine", pid=1, process_began=""),
        renew_s=0.02,
    )
    with far:
        far.take_customer("loc1")
        here = Leases(
            ledger,
            dashboard=DASHBOARD,
            run_id="here",
            now=lambda: datetime.now(UTC) + timedelta(seconds=step_s),
            watch_s=4,
        )
        with pytest.raises(HeldError, match="another run works on the customer loc1"):
            here.take_customer("loc1")
        assert here.take_alone("support conversations") is None
        assert held(ledger)[f"customer:{DASHBOARD}/loc1"] == "far"


def test_a_lease_from_the_future_of_a_run_that_has_died_is_taken(ledger: Ledger) -> None:
    """Its machine's clock was ahead by a day."""
    far = leases_of(
        ledger,
        "far",
        holder=Holder(host="another machine", pid=1, process_began=""),
        now=lambda: datetime.now(UTC) + timedelta(days=1),
    )
    far.take_customer("loc1")
    leases_of(ledger, "here").take_customer("loc1")
    assert held(ledger)[f"customer:{DASHBOARD}/loc1"] == "here"


def test_a_lease_that_only_looks_old_is_not_taken_in_a_press(ledger: Ledger) -> None:
    began = datetime.now(UTC)
    far = leases_of(ledger, "far", holder=Holder(host="x", pid=1, process_began=""), now=lambda: began)
    far.take_customer("loc1")
    late = leases_of(ledger, "late", now=lambda: began + timedelta(hours=1))
    with pytest.raises(GateError, match="another run works on the customer loc1"):
        gate_of(ledger, late).arm(intent(), settle_after_ms=None)


def test_a_run_that_was_overtaken_presses_nothing_for_any_customer(ledger: Ledger) -> None:
    began = datetime.now(UTC)
    far = leases_of(ledger, "far", holder=Holder(host="x", pid=1, process_began=""), now=lambda: began)
    far.take_login(LOGIN)
    far.take_customer("loc2")
    late = leases_of(ledger, "late", now=lambda: began + timedelta(seconds=STALE_S + 1))
    late.take_login(LOGIN)
    with pytest.raises(GateError, match="was taken for dead"):
        gate_of(ledger, far).arm(intent(location_id="loc2"), settle_after_ms=None)


def test_a_press_for_a_customer_whom_another_run_holds_is_refused(ledger: Ledger) -> None:
    with leases_of(ledger, "one") as one, leases_of(ledger, "two") as two:
        one.take_customer("loc1")
        with pytest.raises(GateError, match="another run works on the customer loc1"):
            gate_of(ledger, two).arm(intent(location_id="loc1"), settle_after_ms=None)
        # One who was not named before is taken with the first press.
        gate_of(ledger, two).arm(intent(location_id="loc3"), settle_after_ms=None)
        with pytest.raises(HeldError):
            one.take_customer("loc3")


def test_a_lease_is_renewed_while_its_run_lives(ledger: Ledger) -> None:
    times = iter(datetime(2026, 11, 26, tzinfo=UTC) + timedelta(seconds=number) for number in range(10_000))
    with Leases(ledger, dashboard=DASHBOARD, run_id="one", now=lambda: next(times), renew_s=0.01) as one:
        one.take_customer("loc1")
        first = _seen(ledger)
        assert poll(lambda: _seen(ledger) != first, within_s=20), "never renewed"


def held(ledger: Ledger) -> dict[str, str]:
    """What is held, and by which run."""
    with ledger.begin() as connection:
        return {row.key: row.run_id for row in connection.exec_driver_sql("SELECT * FROM leases")}


def _seen(ledger: Ledger) -> str:
    with ledger.begin() as connection:
        return str(connection.exec_driver_sql("SELECT seen_at FROM leases").scalar_one())
