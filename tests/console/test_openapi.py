"""Whatever is asked by the published document, or against it, is answered by it: drawn by schemathesis."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from robot.console.openapi import DOCUMENT
from robot.jobs.request import FIELDS
from tests.console.conftest import Caller

OPERATIONS = [("/api/cancellations", "POST"), ("/api/cancellations/{job}", "GET")]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_is_asked_by_the_document_or_against_it_is_answered_by_it(
    caller: Caller, path: str, method: str, mode: GenerationMode
) -> None:
    published = caller.client.get("/api/openapi.json").raise_for_status().json()
    operation = schemathesis.openapi.from_dict(published)[path][method]
    codes = set()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        # One that was drawn twice was sent with another body, which is refused.
        case.headers.pop("Idempotency-Key", None)
        answer = case.call_and_validate(
            base_url=str(caller.client.base_url), headers={"Authorization": f"Bearer {caller.token}"}
        )
        codes.add(answer.status_code)

    ask()
    assert 500 not in codes
    if (method, mode) == ("POST", GenerationMode.POSITIVE):
        assert 201 in codes


def test_the_document_names_every_field() -> None:
    body = DOCUMENT["paths"]["/api/cancellations"]["post"]["requestBody"]["content"]["application/json"]
    assert tuple(body["schema"]["properties"]) == FIELDS
