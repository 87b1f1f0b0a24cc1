"""`offboard lint`: every problem of every flow and selector file at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from robot.check import check_all
from robot.cli.error_handler import read_source
from robot.cli.exit_codes import BAD_INPUT, GOOD
from robot.errors import BadInputError, Problem
from robot.flow.loader import load_flows, read_text, shown_path
from robot.profile import lacking, parse_profile
from robot.selector.loader import load_selectors


def lint(paths: tuple[Path, ...], *, root: Path, is_json: bool) -> int:
    """paths: files or folders to report on; everything is read in any case, since files name each other.

    Returns 2 when there is any problem that is not a warning.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise BadInputError(*(Problem(what=f"there is no {path}", next="check the path") for path in missing))
    found = find_problems(_folder_of(paths, root, "flows"), _folder_of(paths, root, "selectors"))
    if paths:
        found = [item for item in found if _lies_in(item, paths)]
    if is_json:
        sys.stdout.write(
            json.dumps({"problems": [_plain(item) for item in found]}, ensure_ascii=False) + "\n"
        )
    else:
        for item in found:
            sys.stdout.write(f"{item.render(read_source)}\n\n")
        sys.stdout.write(f"{_summary(found)}\n")
    return BAD_INPUT if any(not item.is_warning for item in found) else GOOD


def find_problems(flows: Path, selectors: Path) -> list[Problem]:
    """Everything that is wrong in two folders, by file and line."""
    library, problems = load_flows(flows)
    store, more = load_selectors(selectors)
    problems += more
    for file in sorted((selectors / "profiles").glob("*.yaml")):
        try:
            problems += lacking(parse_profile(read_text(file), shown_path(file)))
        except BadInputError as error:
            problems += error.problems
    if problems:
        # Files that do not parse are missing for the others: only what stands in the others is worth telling.
        broken = {item.where.path for item in problems if item.where}
        rest = [item for item in check_all(library, store) if not _is_echo(item)]
        return problems + [item for item in rest if item.where is None or item.where.path not in broken]
    return check_all(library, store)


def _is_echo(problem: Problem) -> bool:
    """Whether a problem may only follow from a file that did not parse."""
    return problem.is_warning or problem.what.startswith("there is no ")


def _folder_of(paths: tuple[Path, ...], root: Path, name: str) -> Path:
    """The folder of that name among the given paths or above them, else the project's."""
    for path in paths:
        for folder in (path, *path.resolve().parents):
            if folder.name == name and folder.is_dir():
                return folder
            if (folder / name).is_dir() and folder != folder.parent:
                return folder / name
    return root / name


def _lies_in(problem: Problem, paths: tuple[Path, ...]) -> bool:
    if problem.where is None:
        return True
    file = Path(problem.where.path).resolve()
    return any(file == path.resolve() or path.resolve() in file.parents for path in paths)


def _summary(found: list[Problem]) -> str:
    errors = sum(not item.is_warning for item in found)
    warnings = len(found) - errors
    if not found:
        return "no problems"
    return f"{errors} {'problem' if errors == 1 else 'problems'}, {warnings} warning{'' if warnings == 1 else 's'}"


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
