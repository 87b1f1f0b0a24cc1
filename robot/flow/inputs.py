"""Values given as text to the inputs of a flow, each of its right type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from robot.errors import BadInputError, Problem, did_you_mean
from robot.flow.duration import parse_duration
from robot.flow.loader import AnyFlow
from robot.flow.model import Input
from robot.flow.template import Secret
from robot.names import assert_visible, name_key

#: Shape of a sub-account's id, as in addresses after `/location/`.
_LOCATION_ID = re.compile(r"[A-Za-z0-9]{10,40}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_inputs(flow: AnyFlow, given: Mapping[str, str]) -> dict[str, Any]:
    """Returns the values by name. Raises BadInputError naming every input that is unknown, missing or wrong."""
    problems = []
    known = list(flow.inputs)
    for name in given:
        if name not in flow.inputs:
            allowed = f"inputs of '{flow.flow}': {', '.join(known) or 'none'}"
            problems.append(
                Problem(
                    what=f"flow '{flow.flow}' has no input '{name}'",
                    next=f"{did_you_mean(name, known)} {allowed}".strip(),
                )
            )
    values: dict[str, Any] = {}
    for name, item in flow.inputs.items():
        text = given.get(name, "").strip()
        if not text:
            if not item.optional and item.default is None:
                problems.append(
                    Problem(
                        what=f"flow '{flow.flow}' needs the input '{name}': {item.about}",
                        next=f"add --input {name}=...",
                    )
                )
            continue
        try:
            values[name] = convert_input(item, text)
        except ValueError as error:
            shown = "(secret)" if item.secret else f"'{text}'"
            what, _, advice = str(error).partition("\n")
            problems.append(
                Problem(
                    what=f"input '{name}' = {shown}: {what}", next=advice or f"give --input {name}=... again"
                )
            )
    if flow.at_least_one and not any(given.get(name, "").strip() for name in flow.at_least_one):
        problems.append(
            Problem(
                what=f"flow '{flow.flow}' needs at least one of the inputs {', '.join(flow.at_least_one)}",
                next=" or ".join(f"--input {name}=..." for name in flow.at_least_one),
            )
        )
    if problems:
        raise BadInputError(*problems)
    return values


def convert_input(item: Input, text: str) -> Any:
    """One value of the input's type. Raises ValueError saying what it must be."""
    if item.secret:
        return Secret(text)
    match item.type:
        case "name":
            assert_visible(text)
            return name_key(text)
        case "location_id":
            if not _LOCATION_ID.fullmatch(text):
                raise ValueError(
                    "a location id is 10 to 40 letters and digits, as in the address after /location/"
                )
        case "email":
            if not _EMAIL.fullmatch(text):
                raise ValueError("not an e-mail address")
        case "integer":
            if not re.fullmatch(r"-?\d+", text):
                raise ValueError("must be a whole number")
            return int(text)
        case "boolean":
            if text not in ("true", "false"):
                raise ValueError("must be true or false")
            return text == "true"
        case "duration":
            if parse_duration(text) is None:
                raise ValueError("must be a whole number with a unit: 500ms, 20s, 5m, 24h")
        case "list":
            return [part.strip() for part in text.split(",") if part.strip()]
    return text
