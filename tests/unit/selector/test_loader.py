from __future__ import annotations

from pathlib import Path

import pytest

from robot.errors import SelectorError
from robot.selector.loader import load_selectors, parse_page
from robot.selector.store import SelectorStore

PAGE = """
about: A page.
source: documented
date: "2026-09"
frame: either
targets:
  save:
    candidates:
      - role: button
        name: Save
      - css: ".save"
  dialog:
    kind: dialog
    frame: main
    source: inferred
    date: "2026-10"
    candidates:
      - id: dialog
  rows:
    list:
      rows: [{css: "tr"}]
      fields: {name: {css: "td"}}
      key: name
      empty: page.empty
  empty:
    candidates: [{text: Nothing here}]
"""


def test_targets_have_full_names_and_what_their_file_says_for_all() -> None:
    targets = parse_page(PAGE, "selectors/page.yaml")
    assert list(targets) == ["page.save", "page.dialog", "page.rows", "page.empty"]
    save, dialog = targets["page.save"], targets["page.dialog"]
    assert (save.frame, save.source, save.date) == ("either", "documented", "2026-09")
    assert (dialog.frame, dialog.source, dialog.date) == ("main", "inferred", "2026-10")
    assert str(save.span) == "selectors/page.yaml:7:3"
    assert [candidate.describe() for candidate in save.target.candidates] == [
        'role=button "Save"',
        'css ".save"',
    ]
    assert str(save.target.candidates[1].span) == "selectors/page.yaml:11:9"


def test_an_element_is_no_list() -> None:
    targets = parse_page(PAGE, "selectors/page.yaml")
    assert targets["page.rows"].list.key == "name"
    with pytest.raises(SelectorError, match="is an element, not a list"):
        _ = targets["page.save"].list


def test_every_mistake_of_a_file_is_told_in_its_order() -> None:
    text = (
        PAGE.replace("kind: dialog", "knd: dialog")
        .replace("key: name", "key: nam")
        .replace("id: dialog", "ID: x")
    )
    with pytest.raises(SelectorError) as caught:
        parse_page(text, "selectors/page.yaml")
    told = [(str(problem.where), problem.what) for problem in caught.value.problems]
    assert [where.split(":")[1] for where, _ in told] == sorted(
        [where.split(":")[1] for where, _ in told], key=int
    )
    assert any("unknown key 'knd'" in what for _, what in told)
    assert any("unknown key 'ID'" in what for _, what in told)
    assert any("'key' must be one of the fields" in what for _, what in told)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("      empty: page.empty\n", "", "needs 'empty' or 'count'"),
        ('      - css: ".save"', '      - css: ".save"\n        id: save', "needs exactly one of"),
        ('{css: "td"}', '{css: "td", pattern: "("}', "is no pattern"),
        (
            "    candidates:\n      - id: dialog\n",
            "    about: Nothing to find it by.\n",
            "needs 'candidates' or 'list'",
        ),
        ("        name: Save\n", "        name: ${Save}\n", "holds no name"),
    ],
)
def test_mistakes_have_their_own_words(old: str, new: str, what: str) -> None:
    assert PAGE.count(old) == 1
    with pytest.raises(SelectorError) as caught:
        parse_page(PAGE.replace(old, new), "selectors/page.yaml")
    assert any(what in problem.what for problem in caught.value.problems), str(caught.value)


@pytest.mark.parametrize("text", ["", "- a", "just words", "a: [", "a: 1\na: 2"])
def test_what_is_no_page_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_page(text, "selectors/page.yaml")
    assert all(
        problem.where and problem.where.path == "selectors/page.yaml" for problem in caught.value.problems
    )


def test_a_folder_is_read_whole_though_some_files_are_broken(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text(PAGE)
    (tmp_path / "broken.yaml").write_text("targets: [")
    (tmp_path / "latin.yaml").write_bytes(b"about: caf\xe9\n")
    (tmp_path / "notes.txt").write_text("not a selector file")
    store, problems = load_selectors(tmp_path)
    assert "page.save" in store
    assert len(list(store)) == 4
    assert sorted(
        Path(problem.where.path).name if problem.where else "latin.yaml" for problem in problems
    ) == [
        "broken.yaml",
        "latin.yaml",
    ]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SelectorError, match="no folder of selectors"):
        load_selectors(tmp_path / "nowhere")


def test_an_unknown_name_gets_a_hint() -> None:
    store = SelectorStore(parse_page(PAGE, "selectors/page.yaml"))
    with pytest.raises(SelectorError) as caught:
        store.find("page.sav")
    assert caught.value.problem.next == "did you mean 'page.save'?"


def test_an_overlay_replaces_only_what_it_names() -> None:
    store = SelectorStore(parse_page(PAGE, "selectors/page.yaml"))
    other = parse_page(PAGE.replace("name: Save", "name: Keep"), "selectors/page.yaml")
    laid_over = store.overlaid({"page.save": other["page.save"]})
    assert laid_over.find("page.save").target.candidates[0].describe() == 'role=button "Keep"'
    assert laid_over.find("page.rows") is store.find("page.rows")
    assert store.find("page.save").target.candidates[0].describe() == 'role=button "Save"'
