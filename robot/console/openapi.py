"""What may be asked, as OpenAPI 3.1, for programs that make clients of it. Kept by hand; a test asks by it."""

from __future__ import annotations

from typing import Any

from robot.jobs.request import FIRST, LAST
from robot.names import INVISIBLE
from robot.profile import Policies

#: Letters that are not to be seen, as a class of a pattern; those beyond four digits stand there themselves.
_UNSEEN = "".join(
    f"\\u{first:04x}-\\u{last:04x}" if last < 0x10000 else f"{chr(first)}-{chr(last)}"
    for first, last in ((0x00, 0x1F), *(pair for pair in INVISIBLE if pair[0] not in range(0xD800, 0xE000)))
)
#: Letters that can be shown.
_SHOWN = f"[^{_UNSEEN}\\ue000-\\uf8ff]"
_TEXT = {"type": "string", "maxLength": 200, "pattern": f"^{_SHOWN}*$"}
_POLICIES = {
    name: {key: value for key, value in item.items() if key not in ("default", "title")}
    for name, item in Policies.model_json_schema()["properties"].items()
    if name != "span"
}
#: Of the years that a day can be meant in.
_DAY = {"type": "string", "format": "date", "pattern": "^20[2-9][0-9]-[0-9]{2}-[0-9]{2}$"}
_REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["location_id"]}, {"required": ["company"]}],
    "properties": {
        "location_id": {"type": "string", "pattern": "^[A-Za-z0-9]{10,40}$"},
        "company": {
            "type": "string",
            "maxLength": 200,
            "pattern": f"^{_SHOWN}*[^\\s{_UNSEEN}\\ue000-\\uf8ff]{_SHOWN}*$",
            "description": "The whole name of the sub-account.",
        },
        "requested_by": _TEXT,
        "due_on": _DAY,
        "not_before": _DAY,
        "priority": {"type": "integer", "minimum": FIRST, "maximum": LAST},
        "policies": {
            "type": "object",
            "additionalProperties": False,
            "properties": _POLICIES,
        },
    },
}
_JOB = {
    "type": "object",
    "required": ["id", "location_id", "company", "state", "reason", "added_at", "case_id"],
    "properties": {
        "id": {"type": "string"},
        "location_id": {"type": "string"},
        "company": {"type": "string"},
        "state": {"enum": ["queued", "working", "waiting", "needs a person", "done", "cancelled"]},
        "reason": {"type": "string"},
        "added_at": {"type": "string", "format": "date-time"},
        "case_id": {"type": ["string", "null"]},
    },
}
_ERROR = {
    "type": "object",
    "required": ["what", "next"],
    "properties": {
        "what": {"type": "string"},
        "next": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "what", "next"],
                "properties": {name: {"type": "string"} for name in ("field", "what", "next")},
            },
        },
    },
}


def _answer(about: str, **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "required": sorted(properties), "properties": properties}
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _refusals(*codes: int) -> dict[str, Any]:
    about = {
        400: "The body is no JSON object, or the host is not served here.",
        401: "No good token.",
        403: "The token is for something else.",
        404: "There is no such job.",
        413: "The body is too long.",
        422: "Something is wrong with it; all of it is named.",
        429: "Too many requests in a minute.",
        503: "The database is away.",
    }
    return {str(code): _answer(about[code], error=_ERROR) for code in codes}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "The offboarding robot", "version": "1"},
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "security": [{"token": []}],
    "paths": {
        "/api/cancellations": {
            "post": {
                "operationId": "ask",
                "summary": "A customer is to be offboarded.",
                "parameters": [
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "schema": {"type": "string", "maxLength": 200},
                    }
                ],
                "requestBody": {"required": True, "content": {"application/json": {"schema": _REQUEST}}},
                "responses": {
                    "201": _answer("Queued.", job=_JOB, next={"type": "string"}),
                    "409": _answer("Asked for before.", job=_JOB, error=_ERROR),
                    **_refusals(400, 401, 403, 413, 422, 429, 503),
                },
            }
        },
        "/api/cancellations/{job}": {
            "get": {
                "operationId": "show",
                "summary": "A job, by its id, location id or case.",
                "parameters": [
                    {
                        "name": "job",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "minLength": 1},
                    }
                ],
                "responses": {
                    "200": _answer("The job.", job=_JOB),
                    **_refusals(400, 401, 403, 404, 413, 429, 503),
                },
            }
        },
    },
}
