"""Foreign text that a terminal would obey: in names, tables, tokens, file names, arguments, errors and logs."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from robot.case.office import Office
from robot.cli import queue
from robot.cli.main import main
from robot.cli.serve import add_token, list_tokens
from robot.cli.terminal import Terminal, announce
from robot.errors import Problem
from robot.harmless import harmless, harmless_json
from robot.ledger.database import open_ledger
from robot.ledger.jobs import Jobs, NewJob
from robot.ledger.tokens import Tokens
from robot.outfit import slug_of
from robot.profile import load_profile
from robot.report.live import LiveView
from robot.run.events import Noted, RunStarted, TaskStarted
from robot.screen import PlainText, Screen, say_text
from robot.worker.log import set_up_log
from tests.acceptance.command import ROOT
from tests.unit.case.plans import intent_of
from tests.unit.conftest import office

__all__ = ["office"]

#: Each text that is sent, and how it must be shown.
TEXTS = {
    "title": ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
    "csi": ("\u009b31mred", r"\x9b31mred"),
    "reset": ("\x1bc", r"\x1bc"),
    "override": ("gnp.\u202exe", r"gnp.\u202exe"),
    "isolate": ("\u2066x\u2069", r"\u2066x\u2069"),
    "bell": ("a\x07b", r"a\x07b"),
    "return": ("good\rbad", r"good\rbad"),
    "backspace": ("bad\b\b\bok", r"bad\x08\x08\x08ok"),
    "nothing": ("a\0b", r"a\x00b"),
    "delete": ("a\x7fb", r"a\x7fb"),
    "zero width": ("a\u200bb\ufeff", r"a\u200bb\ufeff"),
    "line end": ("a\nnext: pay", r"a\nnext: pay"),
    "other line ends": ("a\u2028b\x85c\vd\fe", r"a\u2028b\x85c\x0bd\x0ce"),
    "tag": ("a\U000e0041", r"a\U000e0041"),
    "surrogate": ("a\udcff", r"a\udcff"),
    "markup": ("[red]x[/red][link=http://a.example]y[/link]", "[red]x[/red][link=http://a.example]y[/link]"),
    "emoji code": (":smile: [/]", ":smile: [/]"),
    "long": ("w" * 5000, "w" * 5000),
}
SENT = pytest.mark.parametrize(("sent", "shown"), TEXTS.values(), ids=TEXTS)
#: All of them but the long one, as one name.
ALL = "|".join(sent for name, (sent, _) in TEXTS.items() if name not in ("long", "surrogate"))
#: Those that a database takes.
KEPT = [sent for name, (sent, _) in TEXTS.items() if name != "surrogate"]
DASHBOARD = "http://app.localhost:9"
AT = datetime(2026, 11, 22, tzinfo=UTC)


def obeyed(text: str) -> set[str]:
    """Letters that a terminal would obey, or nobody would see."""
    return {letter for letter in text if harmless(letter, lines=True) != letter}


# --- what is shown ----------------------------------------------------------------------------------------


@SENT
def test_text_is_shown_and_not_obeyed(sent: str, shown: str) -> None:
    assert harmless(sent) == shown
    assert harmless(shown) == shown


@SENT
def test_json_holds_the_same_text_in_its_own_escapes(sent: str, shown: str) -> None:
    text = harmless_json({sent: [sent]})
    assert json.loads(text) == {sent: [sent]}
    assert "\n" not in text
    assert not obeyed(text)


@pytest.mark.parametrize(
    "name", ["Zoë", "日本語", "שלום", "\u2764\ufe0f", "👩\u200d🚀", "a\u00a0b", "\ufffd"]
)
def test_names_stay_readable(name: str) -> None:
    assert harmless(name) == name


@SENT
def test_a_problem_is_shown_in_every_part(sent: str, shown: str) -> None:
    block = Problem(what=sent, details=((f"d {sent}", sent),), done=sent, next=sent).render()
    first, *rest = block.split("\n")
    assert first == shown
    assert not obeyed(block)
    # No line of a detail stands where a label of ours would.
    assert [line for line in rest if line.startswith("  next:")] == rest[-1:] or "\n" in sent
    if "\n" in sent:
        assert sum(line.startswith("  next:") for line in rest) == 1


@pytest.fixture
def queued(office: Office) -> Office:
    """With a job for each text that a ledger can keep."""
    jobs = Jobs(office.ledger, dashboard=office.profile.dashboard, now=office.now)
    for number, sent in enumerate(KEPT):
        jobs.add([_job(f"L{number}", sent)], profile="x", by=sent)
    return office


def test_tables_and_lines_show_it(queued: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for sent in KEPT:
        add_token(queued, sent, ["metrics"], is_json=False)
    queue.list_jobs(queued, (), is_json=False)
    list_tokens(queued, is_json=False)
    said = capsys.readouterr().out
    assert not obeyed(said)
    lines = said.splitlines()
    for row in Jobs(queued.ledger, dashboard=queued.profile.dashboard, now=queued.now).all():
        assert sum(f"  {harmless(row.company)}  " in line for line in lines) == 1
        queue.show(queued, row.id, is_json=False)
        shown = capsys.readouterr().out
        assert not obeyed(shown)
        assert f"customer     {harmless(row.company)} " in shown
        queue.cancel(queued, row.id, reason=row.added_by, is_json=False)
        assert f" of {harmless(row.shown)} is cancelled.\n" in capsys.readouterr().out
    for token in Tokens(queued.ledger, now=queued.now).all():
        assert sum(line.startswith(f"{harmless(token.name)}  ") for line in lines) == 1


def test_json_of_the_queue_stays_json(queued: Office, capsys: pytest.CaptureFixture[str]) -> None:
    queue.list_jobs(queued, (), is_json=True)
    said = capsys.readouterr().out
    assert not obeyed(said)
    assert {job["added_by"] for job in json.loads(said)["jobs"]} == set(KEPT)


@SENT
def test_announcements_are_one_line(sent: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    announce(sent)
    assert capsys.readouterr().err == f"offboard: {shown}\n"


def test_text_of_several_lines_keeps_them_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    say_text(f"# A night\n\n{ALL}")
    said = capsys.readouterr().out
    assert said.startswith("# A night\n\n")
    assert not obeyed(said)


@SENT
def test_who_is_asked_sees_the_object_as_it_is(
    sent: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(quiet=True, prompt=lambda question: "n")
    intent = replace(intent_of("users", "user:ann@x"), object=sent, sentence=sent, page_url=sent)
    assert not terminal.ask(intent)
    assert capsys.readouterr().err == f"\n{shown}\n  object  {shown}\n  page    {shown}\n"


@pytest.mark.parametrize("is_json", [False, True])
@SENT
def test_a_log_is_one_line_an_event(
    sent: str, shown: str, is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    root, level = logging.getLogger(), logging.getLogger().level
    handlers = root.handlers[:]
    try:
        set_up_log(is_json=is_json, secrets=())
        logging.getLogger("offboard.test").info("%s", sent, extra={"customer": sent})
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    said = capsys.readouterr().err
    assert not obeyed(said)
    [line] = said.splitlines()
    assert json.loads(line)["customer"] == sent if is_json else line.endswith(f"{shown}  customer={shown}")


# --- the live view ----------------------------------------------------------------------------------------


def _told(view: LiveView, sent: str) -> None:
    view.notice(
        RunStarted(run_id=sent, flow="f", title=sent, inputs={"a": sent}, dashboard=sent, browser=sent, at=AT)
    )
    view.notice(TaskStarted(task=sent, title=sent, procedure=(), at=AT))
    view.notice(Noted(kind="remark", text=sent, page_url="", at=AT))


@SENT
def test_the_live_view_shows_it_as_lines(sent: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    with LiveView(Screen(is_error=True)) as view:
        _told(view, sent)
    said = capsys.readouterr().err
    assert not obeyed(said)
    first, second, third = said.splitlines()
    assert first.startswith(f"00:00:00 run {shown}: {shown}, {shown}, {shown}")
    assert second == f"00:00:00 {shown}: {shown}"
    assert third == f"00:00:00   remark: {shown}"


class _Terminal(io.StringIO):
    """What takes text like a terminal does."""

    def isatty(self) -> bool:
        return True


@SENT
def test_the_moving_picture_shows_it(sent: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    out = io.StringIO()
    view = LiveView(Screen(file=_Terminal()))
    _told(view, sent)
    picture = Screen(file=out)
    picture.print(view._picture())
    view.close()
    assert not obeyed(out.getvalue())
    assert shown in out.getvalue().splitlines()[0]


def test_strings_and_text_in_a_terminal_are_obeyed_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = _Terminal()
    screen = Screen(file=out)
    screen.print(ALL)
    screen.print(PlainText(ALL, "bold"))
    screen.print(PlainText.assemble((ALL, "red")).append(ALL))
    # What stays are the escapes of our own styles.
    text = out.getvalue()
    for own in ("\x1b[1m", "\x1b[31m", "\x1b[0m"):
        text = text.replace(own, "")
    assert "\x1b[1m" in out.getvalue()
    assert not obeyed(text)
    assert "[link=http://a.example]" in text.replace("\n", "")


# --- the command itself -----------------------------------------------------------------------------------


def _job(location_id: str, company: str) -> NewJob:
    return NewJob(
        location_id=location_id,
        company=company,
        requested_by="",
        due_on=None,
        not_before=None,
        priority=5,
        policies={},
        source="a table",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the command stands, with a queue of many jobs; the first has a long name that does something."""
    folder = tmp_path_factory.mktemp("terminal")
    profile = load_profile("practice", folder=ROOT / "selectors" / "profiles", dashboard=DASHBOARD)
    with closing(open_ledger(folder / "data" / slug_of(profile) / "ledger.db")) as ledger:
        jobs = [_job(f"L{number:019d}", f"Customer {number}") for number in range(400)]
        Jobs(ledger, dashboard=DASHBOARD).add(
            [_job("first", f"{ALL} {'w' * 300} end"), *jobs], profile="practice", by="me"
        )
    yield folder


def environ(folder: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OFFBOARD_", "LC_", "PYTHON"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "OFFBOARD_DATA": str(folder / "data"), "PYTHONUTF8": "1", **more}


def command(folder: Path, *words: str | bytes, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "robot", *words],
        cwd=folder,
        env=environ(folder, **more),
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_a_pipe_gets_whole_cells(folder: Path) -> None:
    ended = command(folder, "queue", "list", "--dashboard", DASHBOARD)
    assert ended.returncode == 0, ended.stderr
    text = ended.stdout.decode()
    assert not obeyed(text)
    assert any("[red]x[/red]" in line and f"{'w' * 300} end" in line for line in text.splitlines())


def test_a_terminal_gets_no_escapes_but_our_own(folder: Path) -> None:
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "robot", "queue", "show", "first", "--dashboard", DASHBOARD],
        cwd=folder,
        env=environ(folder, TERM="xterm", NO_COLOR="1"),
        stdout=child,
        stderr=child,
        stdin=subprocess.DEVNULL,
    )
    os.close(child)
    said = b""
    try:
        while piece := os.read(parent, 65536):
            said += piece
    except OSError:
        # So Linux tells that nobody holds the other end any more.
        pass
    os.close(parent)
    assert process.wait() == 0
    # A pseudo terminal makes CR LF of each line end.
    text = said.decode().replace("\r\n", "\n")
    for own in ("\x1b[2m", "\x1b[0m"):
        text = text.replace(own, "")
    assert r"\x1b]0;owned\x07" in text
    assert not obeyed(text)


@pytest.mark.parametrize(
    ("words", "code"),
    [(("queue", "list"), 0), (("queue", "list", "--json"), 0), (("queue", "show", "nobody", "--json"), 2)],
    ids=["a list", "a list, json", "an error, json"],
)
def test_a_reader_who_leaves_changes_nothing(folder: Path, words: tuple[str, ...], code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "robot", *words, "--dashboard", DASHBOARD],
        cwd=folder,
        env=environ(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout and process.stderr
    if code == 0:
        process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(), said) == (code, "")


@pytest.mark.parametrize("words", [("--help",), ("queue", "--help")])
def test_help_that_nobody_reads_is_no_failure(folder: Path, words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as nobody:  # noqa: PTH123 - a descriptor
        ended = subprocess.run(
            [sys.executable, "-m", "robot", *words],
            cwd=folder,
            env=environ(folder),
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    ("how", "is_json"),
    [({"PYTHONIOENCODING": "ascii"}, False), (C_LOCALE, False), (C_LOCALE, True)],
    ids=["encoding", "locale", "locale, json"],
)
def test_an_ascii_terminal_gets_replacements(folder: Path, how: dict[str, str], is_json: bool) -> None:
    (folder / "t.csv").write_text("location_id,company\nhK3vQ9mTz7LpX2cRb8Nd,Zoë 日本\n", encoding="utf-8")
    words = ("queue", "import", "t.csv", "--show", "--dashboard", DASHBOARD)
    ended = command(folder, *words, *(["--json"] if is_json else []), **how)
    assert ended.returncode == 0, ended.stderr
    if is_json:
        assert json.loads(ended.stdout.decode("ascii"))["rows"][0]["company"] == "Zoë 日本"
    else:
        assert rb"Zo\xeb \u65e5\u672c" in ended.stdout


@pytest.mark.parametrize("words", [(b"lint", b"bad\xff.yaml"), (b"\xff",)])
def test_octets_that_are_no_letters_are_bad_input(folder: Path, words: tuple[bytes, ...]) -> None:
    ended = command(folder, *words)
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"'"), ended.stderr
    assert rb"\udcff" in ended.stderr.splitlines()[0]
    assert b"is not text in the encoding of this terminal" in ended.stderr
    ended = command(folder, *words, b"--json")
    assert ended.returncode == 2
    assert "is not text" in json.loads(ended.stdout)["problems"][0]["what"]


@SENT
@pytest.mark.parametrize(
    "words",
    [("lint", "{}"), ("{}",), ("queue", "list", "--state", "{}"), ("queue", "list", "--{}")],
    ids=" ".join,
)
def test_what_was_typed_wrongly_is_told_harmless(
    words: tuple[str, ...],
    sent: str,
    shown: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code = main([word.replace("{}", sent) for word in words])
    said = capsys.readouterr()
    assert code == 2, said.err
    assert not obeyed(said.out + said.err)
    # Nobody's own line is begun by what was typed.
    assert not any(line.startswith("next: pay") for line in said.err.splitlines())


def test_a_file_that_is_named_like_an_escape_is_told_harmless(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "\x1b]0;x\x07\u202e.yaml"
    file.write_text("flow: x\n  bad: [\n", encoding="utf-8")
    assert main(["lint", str(file)]) == 2
    said = capsys.readouterr()
    assert r"\x1b]0;x\x07\u202e.yaml" in said.out + said.err
    assert not obeyed(said.out + said.err)


def test_a_line_of_a_file_is_shown_with_its_mark_below_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.yaml").write_text("flow: x\ntitle: \u202e\u2066\nsteppes: 1\n", encoding="utf-8")
    assert main(["lint", str(tmp_path / "f.yaml")]) == 2
    said = capsys.readouterr().out
    assert not obeyed(said)
    assert "steppes" in said
