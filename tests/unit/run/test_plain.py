"""Records survive the way to JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from robot.run.events import Pictured, TraceSaved, VideoFrame
from robot.run.model import Run
from robot.run.plain import EVENT_KINDS, event_from_plain, event_to_plain, from_plain, to_plain
from tests import sample_run

EVENTS = list(sample_run.events())


def test_every_event_comes_back_as_it_was() -> None:
    for event in EVENTS:
        back = event_from_plain(json.loads(json.dumps(event_to_plain(event))))
        sent = replace(event, image=b"") if isinstance(event, Pictured | VideoFrame) else event
        assert back == sent


def test_the_sample_holds_every_kind_but_the_trace() -> None:
    assert {type(event).__name__ for event in EVENTS} == set(EVENT_KINDS) - {TraceSaved.__name__}


def test_pictures_never_get_into_json() -> None:
    picture = next(event for event in EVENTS if isinstance(event, Pictured))
    assert "image" not in event_to_plain(picture)


def test_an_unknown_kind_of_event_is_passed_over() -> None:
    assert event_from_plain({"event": "FromTheFuture", "x": 1}) is None


def test_unknown_keys_are_passed_over_and_missing_ones_are_not() -> None:
    run = EVENTS[-1].run  # type: ignore[union-attr]
    data = to_plain(run)
    assert from_plain(Run, {**data, "new": 1}) == run
    del data["run_id"]
    with pytest.raises(KeyError, match=r"Run\.run_id"):
        from_plain(Run, data)


def test_a_value_of_another_type_is_refused() -> None:
    data = to_plain(EVENTS[-1].run)  # type: ignore[union-attr]
    with pytest.raises(TypeError, match="expected str, found int"):
        from_plain(Run, {**data, "run_id": 7})


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="not a value of a record: object"):
        to_plain(object())
