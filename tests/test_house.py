"""The plan of the house: who may import whom, what is locked, what is documented, what is never committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from robot.settings import VARIABLES

ROOT = Path(__file__).parents[1]

_BASE = {"source", "errors", "names", "harmless"}
_READERS = _BASE | {"yaml_reader", "validation"}
#: Each place under `robot/`: what it may import from the house, and from outside the standard library. A place
#: may always import itself. `practice` is another program: it imports nothing of the house, and nothing imports it.
PLAN: dict[str, tuple[set[str], set[str]]] = {
    "harmless": ({"names"}, set()),
    "screen": ({"harmless"}, {"rich"}),
    "source": ({"harmless"}, set()),
    "errors": ({"source", "harmless"}, set()),
    "folders": ({"errors"}, {"platformdirs"}),
    "names": (set(), {"confusable_homoglyphs"}),
    "totp": ({"errors"}, set()),
    "settings": ({"errors", "folders"}, set()),
    "yaml_reader": (_BASE, {"yaml"}),
    "validation": (_BASE | {"yaml_reader"}, {"pydantic", "pydantic_core"}),
    "flow": (_READERS, {"pydantic", "pydantic_core", "jinja2"}),
    "selector": (_READERS | {"flow"}, {"pydantic", "pydantic_core"}),
    "time_zone": (set(), set()),
    "steady": (set(), set()),
    "hosts": (set(), {"publicsuffixlist"}),
    "profile": (_READERS | {"flow", "hosts", "time_zone"}, {"pydantic", "pydantic_core"}),
    "check": (_READERS | {"screen", "flow", "selector", "profile"}, {"pydantic"}),
    "run": (_BASE, {"av", "cryptography", "fsspec", "PIL"}),
    "ledger": (_BASE | {"run", "steady", "time_zone"}, {"sqlalchemy"}),
    "case": (_BASE | {"flow", "profile", "run", "ledger", "time_zone"}, {"sqlalchemy"}),
    "jobs": (
        _BASE | {"flow", "profile", "run", "ledger", "case", "time_zone"},
        {"openpyxl", "pydantic", "sqlalchemy"},
    ),
    "report": (
        _BASE | {"screen", "run", "ledger", "case", "jobs", "time_zone"},
        {"jinja2", "markupsafe", "PIL", "rich"},
    ),
    "executor": (
        _BASE | {"flow", "hosts", "selector", "profile", "run", "settings", "steady", "time_zone"},
        {"playwright", "psutil"},
    ),
    "scratch": (set(), set()),
    "runner": (
        _BASE | {"scratch"} | {"flow", "selector", "profile", "run", "settings", "totp", "executor"},
        set(),
    ),
    "cli": (
        _READERS
        | {
            "folders",
            "screen",
            "hosts",
            "settings",
            "steady",
            "time_zone",
            "totp",
            "flow",
            "selector",
            "profile",
            "check",
            "run",
            "ledger",
            "case",
            "jobs",
            "report",
            "executor",
            "runner",
            "uploads",
            "outfit",
            "worker",
            "logins",
            "console",
        },
        {"click", "rich"},
    ),
    "console": (
        _BASE | {"hosts", "ledger", "jobs", "profile"},
        {"prometheus_client", "sqlalchemy", "starlette", "uvicorn"},
    ),
    "logins": (_READERS | {"flow", "settings"}, {"pydantic"}),
    "worker": (
        _BASE
        | {"flow", "profile", "run", "ledger", "case", "jobs", "settings", "runner", "uploads", "outfit"}
        | {"hosts", "screen", "time_zone"},
        {"croniter", "dbos", "sqlalchemy"},
    ),
    "uploads": (_BASE | {"run", "ledger"}, set()),
    "outfit": (
        _BASE
        | {
            "uploads",
            "check",
            "flow",
            "selector",
            "profile",
            "run",
            "ledger",
            "case",
            "settings",
            "executor",
            "runner",
            "report",
            "steady",
        },
        set(),
    ),
    "__main__": ({"cli"}, set()),
    "practice": (set(), {"starlette", "uvicorn", "yaml"}),
}


@cache
def imports() -> dict[str, set[str]]:
    """Every module under `robot/` with the modules it imports by name, wherever in the file it does so."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "robot").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = set(_imported(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            # `from package import name`: the name may be a module, which the graph below finds out.
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place_of(module: str) -> str:
    """`robot.run.events` lives in `run`; the package itself in ""."""
    return module.split(".")[1] if "." in module else ""


def house_imports(module: str) -> set[str]:
    """The modules of the house that `module` imports."""
    return {name for name in imports()[module] if name in imports() and name not in ("robot", module)}


def test_every_place_has_its_row_in_the_plan() -> None:
    assert {place_of(module) for module in imports()} - {""} <= set(PLAN)


@pytest.mark.parametrize("place", PLAN)
def test_a_place_imports_only_what_the_plan_allows(place: str) -> None:
    inside, outside = PLAN[place]
    wrong = []
    for module in imports():
        if place_of(module) != place:
            continue
        wrong += [
            f"{module} imports {name}"
            for name in house_imports(module)
            if place_of(name) not in inside | {place}
        ]
        tops = {name.split(".")[0] for name in imports()[module]} - {"robot", ""}
        wrong += [f"{module} imports {top}" for top in tops - set(sys.stdlib_module_names) - outside]
    assert wrong == []


def test_no_module_imports_itself_through_others() -> None:
    graph = {module: house_imports(module) for module in imports()}
    ended: set[str] = set()

    def walk(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join([*above[above.index(module) :], module])
        if module not in ended:
            for name in sorted(graph[module]):
                walk(name, (*above, module))
            ended.add(module)

    for module in graph:
        walk(module, ())


def test_the_plan_of_places_has_no_cycle() -> None:
    done: list[str] = []
    while len(done) < len(PLAN):
        free = [place for place, (inside, _) in PLAN.items() if place not in done and inside <= set(done)]
        assert free, f"these places wait for each other: {set(PLAN) - set(done)}"
        done += free


# --- what is written to the terminal --------------------------------------------------------------------------

#: Who may write to the standard streams: the one place for it, and a program that only answers its parent.
WRITERS = {"robot.screen", "robot.executor.browser_probe", "robot.jobs.apart"}
#: What writes to them, or makes what does; `sys.stdout` by itself too, whatever is done with it.
WRITING = {
    "print",
    "Console",
    "rich.print",
    "click.echo",
    "click.secho",
    "click.echo_via_pager",
    "logging.StreamHandler",
    "logging.basicConfig",
    "traceback.print_exc",
    "traceback.print_exception",
    "warnings.showwarning",
    "sys.stdout",
    "sys.stderr",
    "sys.__stdout__",
    "sys.__stderr__",
}
#: Text of these is not made harmless; `robot.screen` has its own.
RAW = {
    "rich.text.Text",
    "rich.print",
    "rich.console.Console",
    "rich.markup.render",
    "click.echo",
    "click.secho",
}


def writings(tree: ast.AST) -> Iterator[str]:
    """What in a module writes to the terminal by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if name in WRITING or node.attr == "Console":
                yield name
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITING:
            yield node.func.id
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                # The class of consoles is named where one is handed over; it must only not be called.
                if name in WRITING | RAW - {"rich.console.Console"} or (name in RAW and alias.asname):
                    yield name


def test_one_place_writes_to_the_terminal() -> None:
    found = {}
    for path in sorted((ROOT / "robot").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if place_of(name) != "practice" and name not in WRITERS:
            found[name] = set(writings(ast.parse(path.read_text(encoding="utf-8"))))
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "line",
    [
        "print(x)",
        "sys.stdout.write(x)",
        "from sys import stderr",
        "Console(stderr=True)",
        "from rich.text import Text",
        "from rich.console import Console as C",
        "from rich import print",
        "rich.console.Console()",
        "click.echo(x)",
        "from click import secho",
        "logging.StreamHandler()",
        "traceback.print_exc()",
        "write = sys.stderr.write",
    ],
)
def test_who_writes_to_the_terminal_is_found(line: str) -> None:
    assert list(writings(ast.parse(line)))


# --- what is locked -------------------------------------------------------------------------------------------


def pins(lock: str) -> dict[str, str]:
    """Name and version of each package in a lock, with its marker."""
    lines = re.findall(r"^([a-z0-9._-]+)==(\S+(?: ; [^\\]*)?) \\$", (ROOT / lock).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name): version.strip() for name, version in lines}


def required(extra: str | None) -> set[str]:
    """Names that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.sub(r"[-_.]+", "-", re.split(r"[<>=\[; ]", line)[0].lower()) for line in lines}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """When this fails, `.ci/lock` makes the locks again."""
    assert required(None) <= set(pins("requirements.lock"))
    assert required(None) | required("dev") <= set(pins("requirements-dev.lock"))


def test_the_test_lock_holds_the_other_one_with_the_same_versions() -> None:
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z])", text.strip())
    assert len(blocks) == len(pins(lock)) > 10
    for block in blocks:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_everything_that_is_imported_is_asked_for() -> None:
    distributions = {
        "yaml": "pyyaml",
        "PIL": "pillow",
        "pydantic_core": "pydantic",
        "markupsafe": "jinja2",
        "confusable_homoglyphs": "confusable-homoglyphs",
        "prometheus_client": "prometheus-client",
    }
    outside = {name for _, names in PLAN.values() for name in names}
    assert {distributions.get(name, name) for name in outside} <= required(None)


def test_the_durable_engine_is_known_to_one_module() -> None:
    assert [name for name, used in imports().items() if any(one.split(".")[0] == "dbos" for one in used)] == [
        "robot.worker.durable"
    ]


# --- what is documented ---------------------------------------------------------------------------------------


def test_every_setting_is_known_and_documented() -> None:
    documented = set(re.findall(r"`(OFFBOARD_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert documented == set(VARIABLES)
    for path in [ROOT / "offboard", *(ROOT / "robot").rglob("*.py")]:
        read = set(re.findall(r"OFFBOARD_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert read <= set(VARIABLES), path.name


# --- what is never committed ----------------------------------------------------------------------------------

#: In two pieces each, so that this file does not hold them itself.
HOSTS = (
    ("pypi", ".org"),
    ("python", "hosted.org"),
    ("registry.npm", "js.org"),
    ("npm", "mirror.com"),
    ("deb.debian", ".org"),
    ("security.debian", ".org"),
)
MACHINE_PATHS = (
    (r"(?<![\w.~])/ro", "ot/"),
    (r"(?<![\w.])/wo", "rk/"),
    ("/tmp/bash", "_jobs"),  # noqa: S108 - looked for, not used
    (r"(?<![\w.])/ho", r"me/\w"),
    (r"[A-Z]:\\Us", r"ers\\"),
)
#: Other people's files, kept as they came.
VENDORED = "robot/practice/static/vendor/"


@cache
def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def committed_text() -> Iterator[tuple[str, str]]:
    for path in committed():
        octets = (ROOT / path).read_bytes()
        if b"\0" not in octets:
            yield path.as_posix(), octets.decode("utf-8", "replace")


def test_no_committed_file_names_a_package_index() -> None:
    pattern = re.compile("|".join(re.escape(first + second) for first, second in HOSTS), re.IGNORECASE)
    assert [name for name, text in committed_text() if pattern.search(text)] == []


def test_no_committed_file_names_a_path_of_one_machine() -> None:
    pattern = re.compile("|".join(first + second for first, second in MACHINE_PATHS))
    found = [(name, match[0]) for name, text in committed_text() if (match := pattern.search(text))]
    assert [pair for pair in found if not pair[0].startswith(VENDORED)] == []


def test_no_run_is_committed() -> None:
    assert [path.name for path in committed() if path.parts[0] == "recordings"] == ["README.md"]


def test_data_folders_hold_no_python() -> None:
    """`selectors/__init__.py` would take the place of the standard module `selectors`."""
    for folder in ("selectors", "flows", "recordings"):
        assert not list((ROOT / folder).rglob("*.py"))


def test_no_module_takes_the_name_of_a_standard_one() -> None:
    top = {path.stem for path in (ROOT / "robot").iterdir()} - {"__init__", "__main__", "__pycache__"}
    # `profile` is what the field calls it; the standard one is only imported to measure a program.
    assert top & set(sys.stdlib_module_names) == {"profile"}
