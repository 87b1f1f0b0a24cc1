"""JSON Schemas of flow, selector and profile files, for editors. `python -m robot.check.schemas` writes them.

Generated from the models; a test fails when the files in `docs/schemas/` are not current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from robot.flow.model import ComposedFlow, Flow
from robot.profile import ProfileFile
from robot.screen import say
from robot.selector.model import Page

FOLDER = Path("docs/schemas")


def build_schemas() -> dict[str, str]:
    """File name to text."""
    models: dict[str, Any] = {
        "flow.json": Flow | ComposedFlow,
        "selectors.json": Page,
        "profile.json": ProfileFile,
    }
    return {name: _text(TypeAdapter(model).json_schema(by_alias=True)) for name, model in models.items()}


def _text(schema: dict[str, Any]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Writes the schemas below the working folder."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in build_schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        say(str(FOLDER / name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
