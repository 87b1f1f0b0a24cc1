"""Flow files to flows. Reports every problem of a file, not the first.

Must not know of selectors or pages: whether flows and selectors agree is `robot.check`'s question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ValidationError

from robot.errors import BadInputError, FlowError, Problem, did_you_mean
from robot.flow.look import LOOK_KINDS, model_for_look
from robot.flow.model import ComposedFlow, Flow
from robot.flow.step import VERBS, model_for
from robot.source import Position, Span
from robot.validation import problems_from
from robot.yaml_reader import SpannedDict, parse_yaml

AnyFlow = Flow | ComposedFlow


def parse_flow(text: str, path: str) -> AnyFlow:
    """Returns the flow in `text`. `path` is where it stands, for messages. Raises FlowError with all problems."""
    try:
        root = parse_yaml(text, path)
    except BadInputError as error:
        raise FlowError(*error.problems) from None
    start = Span(path, Position(1, 1), Position(1, 2))
    if not isinstance(root, SpannedDict):
        raise FlowError(
            Problem(what="a flow file must be a mapping", where=start, next="begin with 'flow: <name>'")
        )
    model: type[AnyFlow] = ComposedFlow if "tasks" in root else Flow
    try:
        flow = model.model_validate(root)
    except ValidationError as error:
        problems = problems_from(error, root=root, path=path, model=model, find_model=_find_model)
        raise FlowError(*problems) from None
    if flow.flow != Path(path).stem:
        raise FlowError(
            Problem(
                what=f"the flow is named '{flow.flow}' but its file is '{Path(path).name}'",
                where=getattr(root["flow"], "span", start),
                next=f"name both '{Path(path).stem}'",
            )
        )
    return flow


def _find_model(alternative: str) -> type[BaseModel] | None:
    name = alternative.strip("<>")
    if name in VERBS:
        return model_for(name)
    return model_for_look(name) if name in LOOK_KINDS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLibrary:
    """All flows of a folder, by name."""

    flows: dict[str, AnyFlow] = field(default_factory=dict)
    #: Path of each flow's file, as shown in messages.
    paths: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> AnyFlow:
        """Returns the flow of that name. Raises FlowError that lists what there is."""
        if name in self.flows:
            return self.flows[name]
        known = sorted(self.flows)
        hint = did_you_mean(name, known)
        raise FlowError(
            Problem(what=f"there is no flow '{name}'", next=f"{hint} Flows here: {', '.join(known)}".strip())
        )


def load_flows(folder: Path) -> tuple[FlowLibrary, list[Problem]]:
    """Reads every `*.yaml` in `folder` and below. Returns the flows that parse, and the problems of the others.

    Raises FlowError when the folder cannot be read.
    """
    if not folder.is_dir():
        raise FlowError(
            Problem(
                what=f"no folder of flows at {shown_path(folder)}",
                next="make it, or work in the folder that holds it",
            )
        )
    flows: dict[str, AnyFlow] = {}
    paths: dict[str, str] = {}
    problems: list[Problem] = []
    for file in sorted(folder.rglob("*.yaml")):
        path = shown_path(file)
        try:
            flow = parse_flow(read_text(file), path)
        except BadInputError as error:
            problems.extend(error.problems)
            continue
        if flow.flow in flows:
            problems.append(
                Problem(
                    what=f"there are two flows '{flow.flow}': {paths[flow.flow]} and {path}",
                    where=flow.span,
                    next="rename one of them, and its file",
                )
            )
            continue
        flows[flow.flow] = flow
        paths[flow.flow] = path
    return FlowLibrary(flows=flows, paths=paths), problems


def read_text(file: Path) -> str:
    """Returns the text of a UTF-8 file. Raises BadInputError naming the file and the cause."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(
            Problem(
                what=f"{shown_path(file)} is not UTF-8 text (byte {error.start})", next="save it as UTF-8"
            )
        ) from None
    except OSError as error:
        raise BadInputError(
            Problem(what=f"{shown_path(file)} cannot be read: {error.strerror}", next="check the path")
        ) from None


def shown_path(file: Path) -> str:
    """A path as people like to read it: relative to the working folder where it lies below it."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()
