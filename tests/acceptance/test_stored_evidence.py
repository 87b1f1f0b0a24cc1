"""Evidence in object storage: looked at on another machine than the one that made it, and stored once it can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.command import Offboard
from tests.acceptance.conftest import command_in
from tests.object_store import URL, environ_of, keys, object_store


@pytest.fixture
def storing(offboard: Offboard, port: int) -> Offboard:
    """The command, told of a store that will listen on this port."""
    more = environ_of(f"http://127.0.0.1:{port}") | {"OFFBOARD_RECORDINGS": URL, "AWS_MAX_ATTEMPTS": "1"}
    return replace(offboard, environ=offboard.environ | more)


@pytest.fixture
def elsewhere(storing: Offboard, tmp_path_factory: pytest.TempPathFactory) -> Offboard:
    """The command on another machine, with the same settings."""
    folder: Path = tmp_path_factory.mktemp("elsewhere")
    other = command_in(folder, storing.dashboard)
    names = ("OFFBOARD_RECORDINGS", "AWS_MAX_ATTEMPTS", *environ_of(""))
    return replace(other, environ=other.environ | {name: storing.environ[name] for name in names})


@pytest.fixture
def store(port: int) -> Iterator[str]:
    with object_store(port) as address:
        yield address


def test_a_run_is_looked_at_from_another_machine(storing: Offboard, elsewhere: Offboard, store: str) -> None:
    ended = storing.run("sign-in", json=True)
    assert ended.code == 0, ended.err
    run_id = Path(ended.json["evidence"]).name
    assert f"offboard/{run_id}/manifest.json" in keys(store)
    # It lies here, too.
    assert (storing.data / "recordings" / run_id / "report.html").is_file()
    assert not storing.recordings.exists()

    verified = elsewhere("evidence", "verify", run_id)
    assert verified.code == 0, verified.err
    assert verified.out.startswith("intact")
    shown = elsewhere("report", run_id[:15], "--json")
    assert shown.code == 0, shown.err
    assert json.loads(shown.out)["report"] == str(elsewhere.data / "recordings" / run_id / "report.html")
    unknown = elsewhere("report", "20200101")
    assert unknown.code == 2
    assert f"no run '20200101' is recorded in {URL}" in unknown.err


@pytest.mark.matrix
def test_a_store_that_is_away_keeps_no_run_from_being_made(storing: Offboard, port: int) -> None:
    ended = storing.run("sign-in")
    assert ended.code == 0, ended.err
    assert f"{URL} could not be written to: " in ended.err
    assert "then: offboard evidence upload" in ended.err
    words = ("evidence", "upload", "--dashboard", storing.dashboard)
    failed = storing(*words, "--json")
    assert failed.code == 1
    assert (failed.json["stored"], len(failed.json["left"])) == ([], 1)
    assert URL in failed.json["problem"]["what"]
    with object_store(port) as address:
        assert storing(*words).out == f"{URL}: 1 runs stored, 0 left\n"
        assert [key for key in keys(address) if key.endswith("/manifest.json")]
        assert storing(*words).out == f"{URL}: 0 runs stored, 0 left\n"
        looked = storing("doctor", "--json")
        [check] = [one for one in json.loads(looked.out)["checks"] if one["name"] == "store"]
        assert (check["state"], check["found"]) == ("good", URL)


def test_an_address_that_is_not_understood_stops_a_run_before_it_begins(storing: Offboard) -> None:
    wrong = replace(storing, environ=storing.environ | {"OFFBOARD_RECORDINGS": "stone://tablet/x"})
    ended = wrong.run("sign-in")
    assert ended.code == 2
    assert "evidence cannot be stored in stone://tablet/x" in ended.err
    assert wrong("evidence", "upload", "--dashboard", wrong.dashboard).code == 2
    nowhere = replace(storing, environ=storing.environ | {"OFFBOARD_RECORDINGS": ""})
    ended = nowhere("evidence", "upload", "--dashboard", wrong.dashboard)
    assert (ended.code, "no store is named" in ended.err) == (2, True)
