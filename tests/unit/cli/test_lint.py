"""`offboard lint` reads what it is given, or says why not; it calls nothing fine that it has not read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from robot.cli.lint import lint
from robot.cli.main import main
from robot.errors import BadInputError, Problem

ROOT = Path(__file__).parents[3]
FLOW = "flow: {name}\ntitle: A small flow\nview: any\nsteps:\n  - click: {target}\n"
PAGE = "source: seen\ndate: '2026-11'\ntargets:\n  button: {candidates: [{id: b}]}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one's own: a flow, its target, and somebody who signs in."""
    folder = tmp_path / "project"
    (folder / "flows").mkdir(parents=True)
    (folder / "selectors/profiles").mkdir(parents=True)
    for name in ("one", "sign-in"):
        text = FLOW.replace("{name}", name).replace("{target}", "p.button")
        (folder / f"flows/{name}.yaml").write_text(text.replace("view: any", "view: any\nprocedure: ['1']"))
    (folder / "selectors/p.yaml").write_text(PAGE)
    # The shipped one says more; here, it is what the shipped one says.
    shutil.copy(ROOT / "selectors/shell.yaml", folder / "selectors/shell.yaml")
    return folder


def said(capsys: pytest.CaptureFixture[str], *paths: Path, root: Path = ROOT) -> tuple[int, Any]:
    code = lint(paths, root=root, is_json=True)
    return code, json.loads(capsys.readouterr().out)


def errors(told: Any) -> list[str]:
    return [item["what"] for item in told["problems"] if item["level"] == "error"]


def test_what_is_shipped_is_read_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = said(capsys)
    assert (code, errors(told)) == (0, [])
    assert told["read"] == {
        "flows": len(list((ROOT / "flows").rglob("*.yaml"))),
        "selector files": len(list((ROOT / "selectors").glob("*.yaml"))),
        "profiles": len(list((ROOT / "selectors/profiles").glob("*.yaml"))),
        "files of logins": 0,
        "tables": 0,
    }


def test_the_summary_says_what_was_read(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint((project / "flows/one.yaml",), root=ROOT, is_json=False) == 0
    assert capsys.readouterr().out == "no problems; read: 1 flow\n"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("passwd", b"root:x:0:0:root:/:/bin/sh\n", "is not a flow"),
        ("notes.txt", b"Dear all,\n", "is not a flow"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "is not a flow"),
        ("a.json", b'{"a": 1}', "is not a flow"),
        ("a.yaml", b"a: 1\n", "is not a flow"),
        ("a.yml", b"- 1\n", "is not a flow"),
        ("both.yaml", b"flow: both\ntargets: {}\n", "it says that it is a flow and a selector file"),
        ("broken.yaml", b"password: hunter2: x\n", "not YAML"),
        ("empty.yaml", b"", "is not a flow"),
    ],
)
def test_what_is_none_of_these_is_refused(
    tmp_path: Path, name: str, content: bytes, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        lint((file,), root=ROOT, is_json=False)
    [problem] = caught.value.problems
    assert what in problem.what
    assert str(file) in problem.what
    assert problem.done == "it was not read"
    assert main(["lint", str(file)]) == 2
    assert "hunter2" not in "".join(capsys.readouterr())
    # Beside what is read it is told as well.
    assert lint((ROOT / "flows/users.yaml", file), root=ROOT, is_json=False) == 2
    assert capsys.readouterr().out.endswith("1 problem, 0 warnings; read: 1 flow\n")


def test_a_path_that_is_not_there_does_not_hide_what_is_wrong_with_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("company\n#N/A\n")
    code, told = said(capsys, tmp_path / "none.yaml", tmp_path / "a.csv", Path("/dev/null"))
    assert code == 2
    assert len(errors(told)) == 3
    assert told["read"]["tables"] == 1


@pytest.mark.parametrize("name", ["x.yml", "x.yaml"])
def test_a_flow_that_lies_anywhere_is_checked_against_the_project_at_hand(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_text(FLOW.format(name="x", target="p.nowhere"))
    code, told = said(capsys, file)
    assert (code, errors(told)) == (2, ["there is no target 'p.nowhere'"])
    assert told["read"]["flows"] == 1
    assert told["against"] == [str(ROOT)]
    file.write_text(FLOW.format(name="x", target="shell.menu_sub_accounts"))
    assert said(capsys, file)[0] == 0


def test_a_selector_file_that_lies_anywhere_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(PAGE.replace("button:", "button: {in: p.nowhere, candidates: [{id: a}]}\n  other:"))
    code, told = said(capsys, file)
    assert (code, errors(told)) == (2, ["'p.button' names the target 'p.nowhere', which is not there"])


def test_a_profile_that_lies_anywhere_is_checked_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agency.yaml"
    text = (ROOT / "selectors/profiles/practice.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert said(capsys, file)[0] == 0
    file.write_text("profile: a\ntitle: 3\nhosts: {navigate: [a], lod: []}\n")
    code, told = said(capsys, file)
    assert (code, len(errors(told))) == (2, 3)
    assert told["read"]["profiles"] == 1


def test_a_profile_that_lacks_a_word_or_names_what_nothing_deletes_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agency.yaml"
    file.write_text(
        "profile: a\ntitle: An agency\ndashboard: https://b.example\nhosts: {navigate: [a.example]}\n"
        "policies: {saas_cancel_subscription: false, users_shared: block, snapshot_assets: keep}\n"
        "unattended: {at_most: {phone: 3}}\n"
    )
    code, told = said(capsys, file)
    assert code == 2
    assert "profile 'a' does not say 'words.academy_account'" in errors(told)
    assert "unattended.at_most names 'phone', which no flow deletes" in errors(told)
    assert "the dashboard https://b.example is not among the hosts of profile 'a'" in errors(told)


def test_a_file_of_logins_is_checked_and_its_secrets_are_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "robots.yaml"
    file.write_text("logins:\n  - {email: a@b.example, password: hunter2secret}\n")
    file.chmod(0o600)
    assert lint((file,), root=ROOT, is_json=False) == 0
    assert capsys.readouterr().out == "no problems; read: 1 file of logins\n"
    file.write_text("logins:\n  - {email: a@b.example, password: hunter2secret, totp: JBSW}\n")
    assert lint((file,), root=ROOT, is_json=False) == 2
    out = capsys.readouterr().out
    assert "unknown key 'totp'" in out
    assert "hunter2secret" not in out


def test_tables_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "a.csv", tmp_path / "b.csv"
    good.write_text("company\nA\n")
    bad.write_text("company,due\nA,soon\nB,#REF!\n")
    assert said(capsys, good)[0] == 0
    code, told = said(capsys, good, bad)
    assert (code, len(errors(told)), told["read"]["tables"]) == (2, 2, 2)
    hidden = ROOT / "tests/unit/jobs/tables/filtered.xlsx"
    assert len(errors(said(capsys, hidden)[1])) == 2


def test_a_folder_without_its_other_half_is_not_completed_from_elsewhere(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(project / "selectors")
    for paths in ((project,), (project / "flows",), (project / "flows/one.yaml",)):
        code, told = said(capsys, *paths)
        assert (code, errors(told)) == (2, [f"there is no folder 'selectors' in {project}"])
    monkeypatch.chdir(project)
    assert main(["lint"]) == 2
    assert f"there is no folder 'selectors' in {project}" in capsys.readouterr().out
    # Nor does a run take the other half from elsewhere.
    assert main(["run", "one", "--dashboard", "http://app.localhost:1"]) == 2
    assert "no folder of selectors at selectors" in capsys.readouterr().err


def test_a_folder_is_checked_by_itself_wherever_one_stands(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = said(capsys, project)
    assert (code, errors(told)) == (0, [])
    assert (told["read"]["flows"], told["against"]) == (2, [])
    (project / "flows/one.yaml").write_text(FLOW.format(name="one", target="sub_accounts.search"))
    code, told = said(capsys, project)
    assert (code, errors(told)) == (2, ["there is no target 'sub_accounts.search'"])


def test_files_that_no_run_reads_are_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "flows/two.yml").write_text(FLOW.format(name="two", target="p.nowhere"))
    (project / "selectors/more").mkdir()
    (project / "selectors/more/q.yaml").write_text(PAGE)
    code, told = said(capsys, project)
    assert code == 2
    assert [what.rsplit("/", 1)[1] for what in errors(told) if "no run reads it" in what] == [
        "two.yml: no run reads it where it lies",
        "q.yaml: no run reads it where it lies",
    ]
    assert "there is no target 'p.nowhere'" in errors(told)
    assert told["read"]["flows"] == 3


def test_a_project_without_sign_in_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "flows/sign-in.yaml").unlink()
    code, told = said(capsys, project)
    assert (code, errors(told)) == (2, ["there is no flow 'sign-in', and every run begins with it"])


def test_what_keeps_a_file_from_being_checked_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "selectors/p.yaml").write_text("targets: [")
    code, told = said(capsys, project / "flows/one.yaml")
    assert code == 2
    assert [item["file"].rsplit("/", 1)[1] for item in told["problems"]] == ["p.yaml"]


def test_an_empty_folder_is_not_fine(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="holds nothing that can be checked"):
        lint((tmp_path,), root=ROOT, is_json=False)


def test_a_folder_far_above_of_the_same_name_is_no_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "flows/agency"
    folder.mkdir(parents=True)
    profile, logins = folder / "agency.yaml", folder / "robots.yaml"
    shutil.copy(ROOT / "selectors/profiles/practice.yaml", profile)
    logins.write_text("logins:\n  - {email: a@b.example, password: hunter2secret}\n")
    logins.chmod(0o600)
    code, told = said(capsys, profile, logins)
    assert (code, errors(told)) == (0, [])
    assert (told["read"]["profiles"], told["read"]["files of logins"]) == (1, 1)
    logins.write_text("logins: {email: a@b.example, password: hunter2secret: }\n")
    assert main(["lint", str(logins)]) == 2
    assert "hunter2secret" not in "".join(capsys.readouterr())


def test_pages_are_looked_at_once_the_files_are_right(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = Problem(what="'p.alert' is shown on a page on which nothing is wrong", next="narrow it")
    code = lint((project,), root=ROOT, is_json=True, look_at_pages=lambda: [problem])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["pages"]) == (2, True)
    assert problem.what in [one["what"] for one in told["problems"]]

    (project / "flows/one.yaml").write_text("flow: one\n")
    asked: list[str] = []
    code = lint((project,), root=ROOT, is_json=False, look_at_pages=lambda: asked.append("pages") or [])
    assert (code, asked) == (2, [])
    assert "No page was looked at: mend the files first." in capsys.readouterr().out
