"""`offboard lint`: every problem of every flow, selector file, profile, file of logins and table that was named.

What was named is read or refused; nothing is called fine that was not read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robot.check import check_all
from robot.check.engine import check_profile, check_sign_in
from robot.cli.error_handler import read_source
from robot.cli.exit_codes import BAD_INPUT, GOOD
from robot.errors import BadInputError, Problem
from robot.flow.loader import FlowLibrary, load_flows, parse_flow, read_text, shown_path
from robot.jobs.apart import open_table_apart
from robot.logins import read_logins_file
from robot.profile import ProfileFile, lacking, load_profile, parse_profile
from robot.screen import say, say_json, say_text
from robot.selector.loader import load_selectors, parse_page
from robot.selector.store import SelectorStore, StoredTarget
from robot.yaml_reader import parse_yaml

if TYPE_CHECKING:
    from robot.cli.clean_pages import LookAtPages

FLOW, SELECTORS, PROFILE, LOGINS, TABLE = "flow", "selector file", "profile", "file of logins", "table"
#: In the order in which they are counted.
_KINDS = {
    FLOW: "flows",
    SELECTORS: "selector files",
    PROFILE: "profiles",
    LOGINS: "files of logins",
    TABLE: "tables",
}
#: The key that only a file of that kind has.
_KEYS = {"flow": FLOW, "targets": SELECTORS, "profile": PROFILE, "logins": LOGINS}
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")
_YAML = (".yaml", ".yml")
#: No file that is written by hand is larger, in bytes.
_LARGEST = 5 * 1024 * 1024
_ALL_KINDS = "a flow, a selector file, a profile, a file of logins, or a table (CSV, XLSX)"


@dataclass(slots=True)
class _Project:
    """A folder with `flows/` and `selectors/`, and what of it, or beside it, was asked for."""

    folder: Path
    #: Whether the whole folder was.
    is_whole: bool = False
    flows: list[Path] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    profiles: list[Path] = field(default_factory=list)

    @property
    def asked(self) -> set[Path]:
        return {file.resolve() for file in (*self.flows, *self.pages, *self.profiles)}


@dataclass(slots=True)
class _Asked:
    """What the given paths stand for."""

    #: The folder whose flows and selectors others are checked against when they lie in none.
    root: Path
    projects: dict[Path, _Project] = field(default_factory=dict)
    logins: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    #: Why some are not read.
    refused: list[Problem] = field(default_factory=list)
    #: Files that were read, by kind.
    read: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0))

    def project_of(self, file: Path, kind: str) -> _Project:
        """The one that a file lies in where it belongs, else the one of `root`."""
        folder = (_project_above(file) if kind == _place_of(file) else None) or self.root
        return self.projects.setdefault(folder.resolve(), _Project(folder))

    def refuse(self, path: Path, what: str, advice: str) -> None:
        self.refused.append(Problem(what=f"{shown_path(path)} {what}", done="it was not read", next=advice))


def lint(
    paths: tuple[Path, ...], *, root: Path, is_json: bool, look_at_pages: LookAtPages | None = None
) -> int:
    """paths: files or folders; `root`, with its flows, selectors and profiles, when there are none.

    look_at_pages: looks at pages of the dashboard, which is only done where the files have no problem.

    What flows and selectors name is looked up in the project that they lie in, else in `root`.
    Returns 2 when there is any problem that is not a warning. Raises BadInputError when nothing could be read.
    """
    asked = _Asked(root)
    for path in dict.fromkeys(paths or (root,)):
        _take(path, asked)
    if not any(asked.read.values()):
        asked.refused = asked.refused or [Problem(what="nothing was read", next=f"name {_ALL_KINDS}")]
        raise BadInputError(*asked.refused)
    found = list(asked.refused)
    for project in asked.projects.values():
        found += _problems_of(project)
    for file in asked.logins:
        found += _refusals(partial(read_logins_file, file))
    for file in asked.tables:
        found += _refusals(partial(open_table_apart, file))
    are_pages_seen = look_at_pages is not None and all(item.is_warning for item in found)
    if look_at_pages is not None and are_pages_seen:
        found += look_at_pages()
    against = [
        str(one.folder.resolve())
        for one in asked.projects.values()
        if any(_project_above(file) != one.folder.resolve() for file in one.asked)
    ]
    if is_json:
        read = {_KINDS[kind]: number for kind, number in asked.read.items()}
        told: dict[str, Any] = {
            "problems": [_plain(item) for item in found],
            "read": read,
            "against": against,
        }
        if look_at_pages is not None:
            told["pages"] = are_pages_seen
        say_json(told)
    else:
        for item in found:
            say_text(f"{item.render(read_source)}\n")
        if not paths and root != Path.cwd():
            say(f"Here is neither flows/ nor selectors/: checked was {root}.")
        for folder in against:
            say(f"What lies in no project was checked against the flows and selectors of {folder}.")
        if look_at_pages is not None and not are_pages_seen:
            say("No page was looked at: mend the files first.")
        pages = "; the customer's pages were looked at" if are_pages_seen else ""
        say(f"{_summary(found, asked.read)}{pages}")
    return BAD_INPUT if any(not item.is_warning for item in found) else GOOD


# --- what was asked for --------------------------------------------------------------------------------


def _take(path: Path, asked: _Asked) -> None:
    """Sorts a path by what it is, or says why it is not read."""
    try:
        if path.is_dir():
            _take_folder(path, asked)
        elif path.is_file():
            _take_file(path, asked)
        elif path.exists():
            asked.refuse(path, "is no file and no folder", f"name {_ALL_KINDS}")
        else:
            asked.refused.append(Problem(what=f"there is no {path}", next="check the path"))
    except OSError as error:
        asked.refuse(path, f"cannot be read: {error.strerror}", "check the path, and who may read it")


def _take_folder(folder: Path, asked: _Asked) -> None:
    parts = [folder / name for name in ("flows", "selectors") if (folder / name).is_dir()]
    if parts:
        project = asked.projects.setdefault(folder.resolve(), _Project(folder))
        project.is_whole = True
    files = [file for part in parts or [folder] for file in _files_in(part)]
    readable = [file for file in files if file.suffix.lower() in (*_YAML, *_TABLES)]
    for file in readable:
        _take_file(file, asked)
    if not readable:
        asked.refuse(folder, "holds nothing that can be checked", f"name {_ALL_KINDS}")


def _files_in(folder: Path) -> list[Path]:
    """Every file below, but for what is hidden."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [
        file for file in files if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]


def _take_file(file: Path, asked: _Asked) -> None:
    kind = _kind_of(file, asked)
    if kind is None:
        return
    if kind in (LOGINS, TABLE):
        (asked.logins if kind == LOGINS else asked.tables).append(file)
    else:
        place = _place_of(file)
        if place is not None and not _is_read_by_a_run(file, kind, place):
            advice = "a run reads flows/**/*.yaml, selectors/*.yaml and selectors/profiles/*.yaml"
            advice += f"; this is a {kind}"
            asked.refused.append(
                Problem(what=f"{shown_path(file)}: no run reads it where it lies", next=advice)
            )
        project = asked.project_of(file, kind)
        {FLOW: project.flows, SELECTORS: project.pages, PROFILE: project.profiles}[kind].append(file)
    asked.read[kind] += 1


def _kind_of(file: Path, asked: _Asked) -> str | None:
    """What a file is, by its name, its place and its keys; None for one that is refused."""
    with file.open("rb") as stream:
        beginning = stream.read(4)
    if file.suffix.lower() in _TABLES or beginning.startswith(b"PK\x03\x04"):
        return TABLE
    if file.stat().st_size > _LARGEST:
        asked.refuse(file, f"is larger than {_LARGEST // 1024**2} MB", f"name {_ALL_KINDS}")
        return None
    place = _place_of(file)
    text = ""
    try:
        text = read_text(file)
        root: Any = parse_yaml(text, shown_path(file))
    except BadInputError as error:
        if place is not None and file.suffix == ".yaml" and "password" not in text:
            # It is told by what it was to be.
            return place
        if file.suffix.lower() in _YAML:
            # What it is nobody knows: perhaps a file of logins, whose lines are not shown.
            asked.refused += [
                replace(item, what=item.headline(), where=None, done="it was not read")
                for item in error.problems
            ]
        else:
            asked.refuse(file, f"is not {_ALL_KINDS}", "name one of these")
        return None
    kinds = [kind for key, kind in _KEYS.items() if isinstance(root, dict) and key in root]
    if not kinds and place is not None and file.suffix == ".yaml":
        return place
    if len(kinds) != 1:
        why = f": it says that it is a {' and a '.join(kinds)}" if kinds else ""
        asked.refuse(file, f"is not {_ALL_KINDS}{why}", f"their keys are {', '.join(_KEYS)}, one of them")
        return None
    return kinds[0]


def _project_above(path: Path) -> Path | None:
    """The folder that holds the `flows/` or `selectors/` in which a file lies."""
    for folder in path.resolve().parents:
        if folder.name in ("flows", "selectors"):
            return folder.parent
    return None


def _place_of(file: Path) -> str | None:
    """What a file must be by the folder it lies in."""
    for folder in file.resolve().parents:
        if folder.name == "flows":
            return FLOW
        if folder.name == "selectors":
            return PROFILE if folder / "profiles" in file.resolve().parents else SELECTORS
    return None


def _is_read_by_a_run(file: Path, kind: str, place: str) -> bool:
    path = file.resolve()
    if kind == PROFILE and place == FLOW:
        # A profile is named by its path, wherever it lies.
        return True
    if path.suffix != ".yaml" or kind != place:
        return False
    return place == FLOW or path.parent.name == ("profiles" if place == PROFILE else "selectors")


# --- what is wrong with it -----------------------------------------------------------------------------


def _refusals(read: Callable[[], object]) -> list[Problem]:
    """Why something is refused; nothing for what is good."""
    try:
        read()
    except BadInputError as error:
        return list(error.problems)
    return []


def _problems_of(project: _Project) -> list[Problem]:
    """What is wrong with what was asked for, and what of the others keeps it from being checked."""
    library, store, problems = _load(project)
    profiles: dict[Path, ProfileFile] = {}
    for file in project.profiles:
        try:
            profiles[file] = _read_profile(file)
        except BadInputError as error:
            problems += error.problems
    found = _with_checks(library, store, problems)
    checked = [item for one in profiles.values() for item in check_profile(one, library, store)]
    checked += [item for one in profiles.values() for item in lacking(one)]
    for file, one in profiles.items():
        if one.dashboard:
            checked += _refusals(partial(load_profile, str(file), folder=file.parent, dashboard=None))
    if project.is_whole:
        checked = [*check_sign_in(library), *checked]
    found += [item for item in checked if not (problems and _is_echo(item))]
    return [item for item in found if item in problems or item.where is None or _is_asked(item, project)]


def _read_profile(file: Path) -> ProfileFile:
    return parse_profile(read_text(file), shown_path(file))


def _load(project: _Project) -> tuple[FlowLibrary, SelectorStore, list[Problem]]:
    """The flows and targets of a project, with those that lie elsewhere and were asked for."""
    library, problems = FlowLibrary(), []
    targets: dict[str, StoredTarget] = {}
    for name in ("flows", "selectors"):
        folder = project.folder / name
        if not folder.is_dir():
            what = f"there is no folder '{name}' in {project.folder.resolve()}"
            advice = "make it, or name the folder that holds both flows/ and selectors/"
            problems.append(Problem(what=what, next=advice))
        elif name == "flows":
            library, more = load_flows(folder)
            problems += more
        else:
            store, more = load_selectors(folder)
            targets = {stored.name: stored for stored in store}
            problems += more
    for file in project.flows:
        if shown_path(file) not in library.paths.values() and not _is_in(file, project.folder / "flows"):
            try:
                flow = parse_flow(read_text(file), shown_path(file))
            except BadInputError as error:
                problems += error.problems
            else:
                library.flows[flow.flow] = flow
                library.paths[flow.flow] = shown_path(file)
    for file in project.pages:
        if not _is_in(file, project.folder / "selectors"):
            try:
                page = parse_page(read_text(file), shown_path(file))
            except BadInputError as error:
                problems += error.problems
            else:
                prefix = f"{file.stem}."
                targets = {name: one for name, one in targets.items() if not name.startswith(prefix)} | page
    return library, SelectorStore(targets), problems


def _is_in(file: Path, folder: Path) -> bool:
    """Whether a run that reads `folder` reads the file."""
    return folder.resolve() in file.resolve().parents and file.suffix == ".yaml"


def _with_checks(library: FlowLibrary, store: SelectorStore, problems: list[Problem]) -> list[Problem]:
    if not problems:
        return check_all(library, store)
    # Files that do not parse are missing for the others: only what stands in the others is worth telling.
    broken = {item.where.path for item in problems if item.where}
    rest = [item for item in check_all(library, store) if not _is_echo(item)]
    return problems + [item for item in rest if item.where is None or item.where.path not in broken]


def find_problems(flows: Path, selectors: Path) -> list[Problem]:
    """Everything that is wrong in two folders, by file and line."""
    library, problems = load_flows(flows)
    store, more = load_selectors(selectors)
    problems += more
    told: list[Problem] = []
    for file in sorted((selectors / "profiles").glob("*.yaml")):
        try:
            told += lacking(_read_profile(file))
        except BadInputError as error:
            problems += error.problems
    return [*_with_checks(library, store, problems), *told]


def _is_echo(problem: Problem) -> bool:
    """Whether a problem may only follow from a file that did not parse."""
    return problem.is_warning or problem.what.startswith("there is no ")


def _is_asked(problem: Problem, project: _Project) -> bool:
    return problem.where is not None and Path(problem.where.path).resolve() in project.asked


def _summary(found: list[Problem], read: dict[str, int]) -> str:
    errors = sum(not item.is_warning for item in found)
    warnings = len(found) - errors
    counted = [f"{number} {kind if number == 1 else _KINDS[kind]}" for kind, number in read.items() if number]
    what = "no problems" if not found else f"{errors} {'problem' if errors == 1 else 'problems'}"
    if found:
        what += f", {warnings} warning{'' if warnings == 1 else 's'}"
    return f"{what}; read: {', '.join(counted) or 'nothing'}"


def _plain(problem: Problem) -> dict[str, object]:
    where = problem.where
    return {
        "file": where.path if where else None,
        "line": where.start.line if where else None,
        "column": where.start.column if where else None,
        "level": "warning" if problem.is_warning else "error",
        "what": problem.what,
        "next": problem.next,
    }
