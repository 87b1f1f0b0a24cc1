"""Absence has to be proven: what a list says while it loads, fails, is filtered or scrolls away is no absence."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Looked
from robot.run.model import Status
from tests.browser.small_run import run_small

SELECTORS = """
empty: {candidates: [{id: empty}]}
loading: {candidates: [{css: '.skeleton'}]}
failed: {candidates: [{css: '.failed'}]}
search: {candidates: [{id: search}]}
count: {candidates: [{id: count}]}
scroll: {candidates: [{id: scroll}]}
next: {candidates: [{id: next}]}
first: {candidates: [{id: first}]}
rows:
  list:
    rows: [{css: '.row'}]
    fields: {name: {css: .name}, phone: {css: .phone, as: phone}}
    key: name
    empty: p.empty
    count: p.count
    loading: [p.loading]
    errors: [p.failed]
    filters: [p.search]
    scroll: p.scroll
    next_page: p.next
    first_page: p.first
press: {row_of: p.rows, candidates: [{role: button}]}
"""
NONE = """
- goto: /
- wait_for: {none: p.rows}
"""
READ = """
- goto: /
- read: {list: p.rows, into: rows}
"""
HEAD_ROWS = "outputs: {rows: {about: x, type: list}}"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("", "nothing that says there are none"),
        ("<p class=skeleton>...</p><p id=empty>Nothing</p>", "still loading"),
        ("<p class=failed>Error</p><p id=empty>Nothing</p>", "shows an error"),
        ("<input id=search value=abc><p id=empty>Nothing</p>", "hides rows: it holds 'abc'"),
        ("<p id=empty>Nothing</p><p id=count>3 rows</p>", "0 rows read, the page says 3"),
        ("<p id=empty style='display:none'>Nothing</p>", "nothing that says there are none"),
    ],
)
def test_no_rows_is_not_taken_for_none(browser_choice: BrowserChoice, html: str, said: str) -> None:
    run = run_small(browser_choice, page=html, selectors=SELECTORS, steps=NONE)
    assert run.result.status is Status.FAILED
    assert said in dict(run.result.problems[0].details)["found"]


def test_an_empty_list_that_has_loaded_is_none(browser_choice: BrowserChoice) -> None:
    page = """<p class=skeleton id=s>...</p><input id=search><p id=empty hidden>Nothing</p>
    <script>setTimeout(() => { s.remove(); empty.hidden = false }, 300)</script>"""
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=NONE)
    assert run.result.status is Status.PASSED, run.result.problems


def test_a_row_that_comes_between_two_looks_is_seen(browser_choice: BrowserChoice) -> None:
    page = """<p id=empty>Nothing</p><script>
    setTimeout(() => { empty.outerHTML = '<div class=row><b class=name>late</b></div>' }, 60)</script>"""
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=NONE)
    assert run.result.status is Status.FAILED


VIRTUAL = """<p id=count>500 rows</p><div id=scroll style="height:300px;overflow:auto"><div id=inner style="position:relative;height:15000px"></div></div>
<script>
function draw() {
  const first = Math.floor(scroll.scrollTop / 30);
  inner.innerHTML = '';
  for (let n = first; n < Math.min(500, first + 12); n++)
    inner.insertAdjacentHTML('beforeend', `<div class=row style="position:absolute;top:${n*30}px;height:30px"><span class=name>row ${n}</span> <button onclick="fetch('/pressed/${n}',{method:'POST'})">Go</button></div>`);
}
const scroll = document.getElementById('scroll'), inner = document.getElementById('inner');
scroll.addEventListener('scroll', () => requestAnimationFrame(draw)); draw();
</script>"""


def test_a_virtual_list_is_read_whole(browser_choice: BrowserChoice) -> None:
    run = run_small(browser_choice, page=VIRTUAL, selectors=SELECTORS, steps=READ, head=HEAD_ROWS)
    assert run.result.status is Status.PASSED, run.result.problems
    rows = run.result.outputs["rows"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == [f"row {number}" for number in range(500)]


def test_a_row_out_of_view_is_scrolled_to_and_pressed(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=VIRTUAL,
        selectors=SELECTORS,
        steps="""
        - goto: /
        - click: {target: p.press, row: row 431}
        """,
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/pressed/431"]


def test_every_page_is_turned(browser_choice: BrowserChoice) -> None:
    page = """<p id=count>5 rows</p><div id=box></div><button id=first>First</button><button id=next>Next</button><script>
    let at = 0; const pages = [['a', 'b'], ['c', 'd'], ['e']];
    const draw = () => { box.innerHTML = pages[at].map(n => `<div class=row><b class=name>${n}</b></div>`).join(''); next.disabled = at === 2 };
    const box = document.getElementById('box'), next = document.getElementById('next');
    document.getElementById('first').onclick = () => { at = 0; draw() };
    next.onclick = () => { at++; setTimeout(draw, 80) }; draw();</script>"""
    run = run_small(browser_choice, page=page, selectors=SELECTORS, steps=READ, head=HEAD_ROWS)
    assert run.result.status is Status.PASSED, run.result.problems
    rows = run.result.outputs["rows"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == ["a", "b", "c", "d", "e"]


def test_a_key_is_the_whole_text_not_a_part(browser_choice: BrowserChoice) -> None:
    page = "".join(
        f"<div class=row><b class=name>{name}</b><button onclick=\"fetch('/pressed/{number}',{{method:'POST'}})\">Go</button></div>"
        for number, name in enumerate(["Acme Ltd", "Acme", "The Acme"])
    )
    run = run_small(
        browser_choice,
        page=f"<p id=count>3 rows</p>{page}",
        selectors=SELECTORS,
        steps="""
        - goto: /
        - click: {target: p.press, row: Acme}
        """,
    )
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/pressed/1"]


SEARCHED = """
<input id=search placeholder=Search><p id=count></p><ul id=list></ul><p id=empty hidden>Nothing here</p>
<script>
const all = ['one', 'two', 'three'];
let pause = 0;
function draw(rows) {
  list.innerHTML = rows.map(t => `<li data-id="${t}">${t}</li>`).join('');
  count.textContent = rows.length + ' things';
  empty.hidden = rows.length > 0;
}
// As real ones do: it waits until the typing is over, then asks the server.
search.oninput = () => {
  clearTimeout(pause);
  pause = setTimeout(async () => { ASK; draw(all.filter(t => t.includes(search.value))); }, 400);
};
draw(all);
</script>"""
SEARCHED_LIST = """
search: {candidates: [{id: search}]}
count: {candidates: [{id: count}]}
empty: {candidates: [{text: Nothing here}]}
things:
  list: {rows: [{css: 'li[data-id]'}], fields: {name: {attribute: data-id}}, key: name, empty: p.empty, count: p.count, search: p.search}
"""


@pytest.mark.parametrize("ask", ["await fetch('/search', {method: 'POST'})", "0"], ids=["server", "page"])
def test_a_list_is_not_believed_before_it_has_answered_to_its_search(
    browser_choice: BrowserChoice, ask: str
) -> None:
    """Right after the typing it still shows, whole and at rest, what the search before it found."""
    steps = """
    - goto: /
    - wait_for: {row: {list: p.things, row: three}}
    - fill: {target: p.search, value: one}
    - wait_for: {no_row: {list: p.things, row: three}}
      timeout: 5s
    - fill: {target: p.search, value: ""}
    - read: {list: p.things, into: rows}
      timeout: 5s
    """
    run = run_small(browser_choice, page=SEARCHED.replace("ASK", ask), selectors=SEARCHED_LIST, steps=steps)
    assert run.result.status is Status.PASSED, run.result.problems
    [read] = [event.found for event in run.of(Looked) if event.purpose == "read"]
    assert read.startswith("3 rows")


ASKS = """
<p id=empty>Nothing</p>
<script>fetch('/numbers/visits?at=1')</script>
"""


def test_none_is_not_believed_while_an_answer_was_lost(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice, page=ASKS, selectors=SELECTORS, steps=NONE, broken=("/numbers/visits?at=1",)
    )
    assert run.result.status is Status.FAILED
    found = dict(run.result.problems[0].details)["found"]
    assert "the answer to GET app.localhost/numbers/visits was lost on the way" in found


GOES_ON = """
<p id=empty>Nothing</p>
<button id=next onclick="history.pushState({}, '', '/next')">next</button>
<script>fetch('/numbers/visits?at=1')</script>
"""
#: Goes to another page of the same document once what the first one lacks is older than what is asked for ahead.
LATER = """
- goto: /
- wait_for: {visible: p.old}
  timeout: 10s
- click: p.go_on
  expect: {address: /next}
- wait_for: {none: p.rows}
"""


def test_what_another_page_lacked_is_not_missed_on_this_one(browser_choice: BrowserChoice) -> None:
    """Within one document, as in-app navigation goes."""
    page = GOES_ON + "<script>setTimeout(() => { document.body.dataset.old = 'yes' }, 2500)</script>"
    selectors = (
        SELECTORS
        + """
go_on: {candidates: [{id: next}]}
old: {candidates: [{css: "body[data-old]"}]}
"""
    )
    run = run_small(
        browser_choice, page=page, selectors=selectors, steps=LATER, broken=("/numbers/visits?at=1",)
    )
    assert run.result.status.is_good, run.result.reason


def test_what_was_asked_for_right_before_the_page_is_its_own(browser_choice: BrowserChoice) -> None:
    selectors = SELECTORS + "go_on: {candidates: [{id: next}]}"
    steps = LATER.replace("- wait_for: {visible: p.old}\n  timeout: 10s\n", "")
    page = (
        GOES_ON.replace("<script>fetch", "<script>const ask = () => fetch")
        .replace('onclick="', 'onclick="ask().then(() => ')
        .replace("'/next')\"", "'/next'))\"")
    )
    run = run_small(
        browser_choice, page=page, selectors=selectors, steps=steps, broken=("/numbers/visits?at=1",)
    )
    assert run.result.status is Status.FAILED
    assert "was lost on the way" in dict(run.result.problems[0].details)["found"]


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("*/visits", Status.PASSED),
        ("app.localhost/*", Status.PASSED),
        ("app.localhost/visits", Status.FAILED),
    ],
)
def test_what_the_profile_calls_background_is_not_missed(
    browser_choice: BrowserChoice, pattern: str, status: Status
) -> None:
    run = run_small(
        browser_choice,
        page=ASKS,
        selectors=SELECTORS,
        steps=NONE,
        broken=("/numbers/visits?at=1",),
        background=(pattern,),
    )
    assert run.result.status is status
