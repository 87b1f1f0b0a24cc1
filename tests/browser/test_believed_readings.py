"""One page for each way in which a list was once believed too early, and what is read of it now."""

from __future__ import annotations

from typing import Any

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.executor.timeouts import Timeouts
from robot.run.model import Status
from tests.browser.small_run import SHORT, SmallRun, run_small

SELECTORS = """
empty: {candidates: [{id: empty}]}
count: {candidates: [{id: count}]}
box: {candidates: [{id: no-such-box}]}
next: {candidates: [{id: next}]}
first: {candidates: [{id: first}]}
rows:
  list:
    rows: [{css: .row}]
    fields: {name: {css: .name}, note: {css: .note}}
    key: name
    empty: p.empty
    count: p.count
    scroll: p.box
strict:
  list: {rows: [{css: .row}], fields: {name: {css: .name}, note: {css: .note, required: true}}, key: name, empty: p.empty}
counted:
  list: {rows: [{css: .row}], fields: {name: {css: .name}}, key: name, count: {target: p.count, pattern: '(\\d+) items'}}
paged:
  list: {rows: [{css: .row}], fields: {name: {css: .name}}, key: name, empty: p.empty, next_page: p.next, first_page: p.first}
"""
#: Longer than whatever a page here waits for by itself.
WITHIN = Timeouts(require=9_000, target=3_000, expect=3_000, goal=3_000)
ROW = "<div class=row><b class=name>{}</b></div>"
ADD = """<script>
const add = name => document.body.insertAdjacentHTML('beforeend', `<div class=row><b class=name>${name}</b></div>`);
const late = () => { document.getElementById('empty')?.remove(); add('late') };
SCRIPT
</script>"""
#: Ways in which something comes later than the page has loaded.
LATER = {
    "fetch": "fetch('/slow').then(late)",
    "xhr": "{ const one = new XMLHttpRequest(); one.open('GET', '/slow'); one.onload = late; one.send() }",
    "timer": "setTimeout(late, 900)",
    "timer, then fetch": "setTimeout(() => fetch('/slow').then(late), 700)",
    "fetch, then timer": "fetch('/slow').then(() => setTimeout(late, 900))",
    "script": "{ const one = document.createElement('script'); one.src = '/slow.js'; document.head.append(one) }",
    "interval": "{ let n = 0; const id = setInterval(() => { if (++n === 2) { clearInterval(id); late() } }, 600) }",
}


def look(choice: BrowserChoice, page: str, step: str, timeouts: Timeouts = WITHIN, **more: Any) -> SmallRun:
    return run_small(
        choice,
        page=page,
        selectors=SELECTORS,
        steps=f"- goto: /\n- {step}\n",
        head="outputs: {rows: {about: x, type: list}}",
        pages={"/slow": "ok", "/slow.js": "late()"},
        slow={"/slow": 0.9, "/slow.js": 0.9},
        timeouts=timeouts,
        **more,
    )


def read(choice: BrowserChoice, page: str, name: str = "rows", **more: Any) -> list[str]:
    """The keys that were read. Fails where the reading was not believed."""
    run = look(choice, page, f"read: {{list: p.{name}, into: rows}}", **more)
    assert run.result.status.is_good, run.result.reason
    rows = run.result.outputs["rows"]
    assert isinstance(rows, list)
    return [row["name"] for row in rows]


def unread(
    choice: BrowserChoice, page: str, name: str = "rows", timeouts: Timeouts = SHORT, **more: Any
) -> str:
    """Why a reading was not believed."""
    run = look(choice, page, f"read: {{list: p.{name}, into: rows}}", timeouts, **more)
    assert run.result.status is Status.FAILED, run.result.outputs
    return run.result.reason


@pytest.mark.parametrize("script", LATER.values(), ids=list(LATER))
def test_an_empty_text_is_not_believed_while_the_page_is_at_work(
    browser_choice: BrowserChoice, script: str
) -> None:
    page = "<p id=empty>Nothing</p>" + ADD.replace("SCRIPT", script)
    assert read(browser_choice, page) == ["late"]


@pytest.mark.parametrize("script", LATER.values(), ids=list(LATER))
def test_a_first_row_is_not_all_while_the_page_is_at_work(browser_choice: BrowserChoice, script: str) -> None:
    page = ROW.format("one") + ADD.replace("SCRIPT", script)
    assert read(browser_choice, page) == ["one", "late"]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_an_empty_text_is_not_believed_where_an_answer_was_refused(
    browser_choice: BrowserChoice, status: int
) -> None:
    page = "<p id=empty>Nothing</p><script>fetch('/refused')</script>"
    assert "/refused" in unread(browser_choice, page, refused={"/refused": status})


def test_a_count_does_not_outweigh_an_answer_that_nobody_may_see(browser_choice: BrowserChoice) -> None:
    page = "<p id=count>1 row</p><script>fetch('/refused')</script>" + ROW.format("one")
    assert "/refused" in unread(browser_choice, page, refused={"/refused": 403})


def test_a_count_outweighs_an_answer_that_was_not_there(browser_choice: BrowserChoice) -> None:
    page = "<p id=count>1 row</p><script>fetch('/refused')</script>" + ROW.format("one")
    assert read(browser_choice, page, refused={"/refused": 404}) == ["one"]


VIRTUAL = """<div id=list style="height:200px;overflow:auto"><div id=inner style="position:relative"></div></div><script>
const names = NAMES; let loaded = LOADED, drawing = 0, loading = 0;
const list = document.getElementById('list'), inner = document.getElementById('inner');
const draw = () => {
  inner.style.height = loaded * 40 + 'px';
  const first = Math.floor(list.scrollTop / 40);
  inner.innerHTML = names.slice(0, loaded).map((name, n) => n < first || n > first + 6 ? '' :
    `<div class=row style="position:absolute;height:40px;top:${n * 40}px"><b class=name>${name}</b></div>`).join('');
};
list.onscroll = () => {
  clearTimeout(drawing); drawing = setTimeout(draw, DELAY);
  if (!loading && loaded < names.length && list.scrollTop + 200 >= list.scrollHeight - 2)
    loading = setTimeout(() => { loading = 0; loaded = Math.min(names.length, loaded + 12); draw() }, 900);
};
draw();
</script>"""


def virtual(names: list[str], *, loaded: int | None = None, delay: int = 0) -> str:
    page = VIRTUAL.replace("NAMES", str(names)).replace("LOADED", str(loaded or len(names)))
    return page.replace("DELAY", str(delay))


NAMES = [f"row {number}" for number in range(30)]


@pytest.mark.parametrize("delay", [0, 150, 400])
def test_a_list_that_draws_late_is_read_whole_whatever_box_is_named(
    browser_choice: BrowserChoice, delay: int
) -> None:
    assert read(browser_choice, virtual(NAMES, delay=delay)) == NAMES


def test_a_list_that_loads_more_at_its_end_is_read_whole(browser_choice: BrowserChoice) -> None:
    assert read(browser_choice, virtual(NAMES, loaded=12, delay=30)) == NAMES


def test_a_row_that_is_not_drawn_is_not_missing(browser_choice: BrowserChoice) -> None:
    run = look(
        browser_choice,
        virtual(NAMES, delay=150),
        "wait_for: {no_row: {list: p.rows, row: row 25}}\n  timeout: 4s",
    )
    assert run.result.status is Status.FAILED
    assert "'row 25' is still there" in dict(run.result.problems[0].details)["found"]


def test_two_rows_of_one_key_are_two_though_never_drawn_together(browser_choice: BrowserChoice) -> None:
    names = [*NAMES[:-1], "row 0"]
    assert read(browser_choice, virtual(names)) == names
    run = look(browser_choice, virtual(names), "wait_for: {row: {list: p.rows, row: row 0}}\n  timeout: 3s")
    assert "stands there 2 times" in dict(run.result.problems[0].details)["found"]


def test_a_part_of_a_list_that_is_never_drawn_is_told(browser_choice: BrowserChoice) -> None:
    page = virtual(NAMES).replace("drawing = setTimeout(draw, 0);", "")
    assert "a band below its rows stays blank" in unread(browser_choice, page)


def test_what_css_paints_is_not_what_is_read(browser_choice: BrowserChoice) -> None:
    page = "<style>.name { text-transform: uppercase }</style>" + ROW.format("acme Ltd")
    assert read(browser_choice, page) == ["acme Ltd"]
    run = look(browser_choice, page, "wait_for: {row: {list: p.rows, row: acme Ltd}}")
    assert run.result.status.is_good


def test_a_row_that_is_not_painted_is_read(browser_choice: BrowserChoice) -> None:
    page = "<style>.row { content-visibility: auto; contain-intrinsic-size: 40px }</style>"
    page += "".join(ROW.format(f"row {number}") for number in range(60))
    assert read(browser_choice, page) == [f"row {number}" for number in range(60)]


SHADOW = """<script>
customElements.define('one-row', class extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'MODE'}).innerHTML = `<b class=name>${this.dataset.name}</b>` }
})</script><style>one-row { display: block; height: 40px }</style>
<one-row class=row data-name=one></one-row><one-row class=row data-name=two></one-row>"""


def test_a_field_in_an_open_shadow_root_is_read(browser_choice: BrowserChoice) -> None:
    assert read(browser_choice, SHADOW.replace("MODE", "open")) == ["one", "two"]


def test_one_in_a_closed_shadow_root_is_unreadable_and_not_empty(browser_choice: BrowserChoice) -> None:
    assert "a row shows no name" in unread(browser_choice, SHADOW.replace("MODE", "closed"))


@pytest.mark.parametrize(
    "cell", ["<canvas class=note width=50 height=20></canvas>", "<x-closed class=note></x-closed>"]
)
def test_a_field_that_cannot_be_read_is_told(browser_choice: BrowserChoice, cell: str) -> None:
    page = f"""<style>x-closed {{ display: inline-block; width: 40px; height: 20px }}</style>
    <div class=row><b class=name>one</b><i class=note>x</i></div><div class=row><b class=name>two</b>{cell}</div>"""
    assert "the row 'two' shows no note that can be read" in unread(browser_choice, page)


def test_a_field_that_every_row_has_is_missed(browser_choice: BrowserChoice) -> None:
    page = "<div class=row><b class=name>one</b><i class=note>x</i></div>" + ROW.format("two")
    assert read(browser_choice, page) == ["one", "two"]
    assert "the row 'two' shows no note that can be read" in unread(browser_choice, page, "strict")


@pytest.mark.parametrize(
    "page",
    [
        "<section><p id=empty>No active ones</p></section><table><tbody><tr><td>Past one</td></tr></tbody></table>",
        "<div><p id=empty>Nothing</p><ul><li>One entry</li></ul></div>",
        "<div><p id=empty>Nothing</p><div class=item>One</div><div class=item>Two</div></div>",
        "<div role=table><div id=empty>Nothing</div><div role=row><div role=cell>One</div></div></div>",
    ],
)
def test_an_empty_text_beside_rows_that_no_selector_matches_proves_nothing(
    browser_choice: BrowserChoice, page: str
) -> None:
    assert "beside the empty text look like rows" in unread(browser_choice, f"<main>{page}</main>")


@pytest.mark.parametrize(
    "page",
    [
        "<nav><ul><li>Home</li><li>Other</li></ul></nav><main><h1>Rows</h1><p id=empty>Nothing</p></main>",
        "<div class=tools><button>Add</button><button>Sort</button></div><table><thead><tr><th>A</th></tr></thead>"
        "<tbody><tr><td id=empty>Nothing</td></tr></tbody></table>",
        "<div><div class=card><h2>Brands</h2><table><tbody><tr><td>One</td></tr></tbody></table></div>"
        "<div class=card><h2>Rows</h2><p id=empty>Nothing</p></div></div>",
    ],
)
def test_what_stands_around_an_empty_text_on_any_page_is_no_row(
    browser_choice: BrowserChoice, page: str
) -> None:
    assert read(browser_choice, page) == []


@pytest.mark.parametrize(
    "other",
    ["<div class='row' hidden>x</div>", "<p>Something else</p>", "<div class='line'>Group</div>"],
)
def test_what_stands_beside_rows_may_be_no_row(browser_choice: BrowserChoice, other: str) -> None:
    assert read(browser_choice, f"<div>{ROW.format('one')}{other}{ROW.format('two')}</div>") == ["one", "two"]


@pytest.mark.parametrize(
    "other",
    ["<div class=line><b class=other>two</b><i>x</i></div>", "<div class=line><b>two</b><i>y</i></div>"],
)
def test_what_looks_like_the_rows_is_missed_in_them(browser_choice: BrowserChoice, other: str) -> None:
    page = f"<div><div class=row><b class=name>one</b><i>x</i></div>{other}</div>"
    assert "look like rows, and no selector matches them" in unread(browser_choice, page)


@pytest.mark.parametrize(
    ("said", "control"),
    [
        ("Load more", "<button>Load more</button>"),
        ("Next", "<div class=pager><button disabled>Previous</button><button>Next</button></div>"),
        ("Go to next page", '<button aria-label="Go to next page"><i></i></button>'),
        ("Showing 1 to 1 of 42", "<p>Showing 1 to 1 of 42</p>"),
        ("Page 1 of 3", "<p>Page <b>1</b> of <b>3</b></p>"),
    ],
)
def test_more_than_a_list_names_is_told(browser_choice: BrowserChoice, said: str, control: str) -> None:
    page = f"<div>{ROW.format('one')}{control}</div>"
    assert f"'{said}' says that there may be more" in unread(browser_choice, page)


def test_a_count_of_what_was_loaded_so_far_does_not_outweigh_a_button_for_more(
    browser_choice: BrowserChoice,
) -> None:
    page = f"<p id=count>1 row</p><div>{ROW.format('one')}<button>Load more</button></div>"
    assert "'Load more' says that there may be more" in unread(browser_choice, page)


@pytest.mark.parametrize(
    "control",
    [
        "<button disabled>Next</button>",
        "<p>Showing 1 to 1 of 1</p>",
        "<p>Page 1 of 1</p>",
        "<button>Next step</button>",
        "<button hidden>Load more</button>",
    ],
)
def test_what_says_that_there_is_no_more_is_no_hindrance(browser_choice: BrowserChoice, control: str) -> None:
    assert read(browser_choice, f"<div>{ROW.format('one')}{control}</div>") == ["one"]


def test_a_button_that_loads_more_is_pressed_until_it_is_gone(browser_choice: BrowserChoice) -> None:
    page = f"""<div id=list>{ROW.format("one")}</div><button id=next>Load more</button><script>
    let n = 1; next.onclick = () => setTimeout(() => {{ list.insertAdjacentHTML('beforeend', `<div class=row><b class=name>more ${{n++}}</b></div>`); if (n > 3) next.remove() }}, 200);
    </script>"""
    assert read(browser_choice, page, "paged") == ["one", "more 1", "more 2", "more 3"]


def test_a_page_that_was_turned_and_shows_the_same_is_not_the_end(browser_choice: BrowserChoice) -> None:
    page = ROW.format("one") + "<button id=next>Next</button>"
    assert "a page was turned, and no other rows came" in unread(browser_choice, page, "paged")


@pytest.mark.parametrize(
    "sign", ["<div aria-busy=true>WRAP</div>", "<div>WRAP<div role=progressbar>...</div></div>"]
)
def test_a_sign_of_loading_counts_on_any_page(browser_choice: BrowserChoice, sign: str) -> None:
    assert "still loading" in unread(browser_choice, sign.replace("WRAP", ROW.format("one")))


@pytest.mark.parametrize("text", ["1 2 1 items more", "Page 1 of 3", "1.5k", "one"])
def test_a_number_is_not_guessed_at(browser_choice: BrowserChoice, text: str) -> None:
    page = f"<p id=count>{text}</p>" + ROW.format("one")
    assert "does not say plainly how many there are" in unread(browser_choice, page)


def test_a_pattern_says_where_the_number_stands(browser_choice: BrowserChoice) -> None:
    page = "<p id=count>Page 1 of 3, 1 items</p>" + ROW.format("one")
    assert read(browser_choice, page, "counted") == ["one"]


def test_a_row_is_not_believed_while_the_page_asks(browser_choice: BrowserChoice) -> None:
    """A list that is painted from a cache, and asked for anew."""
    page = """<div class=row id=row><b class=name>one</b><i class=note>off</i></div><script>
    fetch('/slow').then(() => { row.querySelector('.note').textContent = 'on' })</script>"""
    step = "wait_for: {row: {list: p.rows, row: one, where: row.note == 'off'}}\n  timeout: 3s"
    run = look(browser_choice, page, step)
    assert run.result.status is Status.FAILED


def test_a_list_that_is_redrawn_by_a_clock_and_scrolls_is_not_read_to_an_end(
    browser_choice: BrowserChoice,
) -> None:
    page = virtual(NAMES, loaded=12) + "<script>setInterval(draw, 300)</script>"
    assert "it goes on being redrawn, and scrolls, and has no count" in unread(
        browser_choice, page, timeouts=WITHIN
    )
