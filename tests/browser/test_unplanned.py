"""A loop works the rows that are planned; the others are left alone and told of, and the task ends blocked."""

from __future__ import annotations

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import RecordingGate, run_small

PAGE = """
<table>
<tr class=row><td class=name>one</td><td><button onclick="remove(this)">Delete</button></td></tr>
<tr class=row><td class=name>two</td><td><button onclick="remove(this)">Delete</button></td></tr>
<tr class=row><td class=name>three</td><td><button onclick="remove(this)">Delete</button></td></tr>
</table>
<p id=empty hidden>Nothing</p>
<script>
function remove(button) {
  fetch('/delete/' + button.closest('tr').querySelector('.name').textContent, {method: 'POST'});
  button.closest('tr').remove();
  document.getElementById('empty').hidden = document.querySelector('.row') !== null;
}
</script>
"""
SELECTORS = """
empty: {candidates: [{id: empty}]}
rows:
  list:
    rows: [{css: '.row'}]
    fields: {name: {css: .name}}
    key: name
    empty: p.empty
delete: {row_of: p.rows, candidates: [{role: button}]}
"""
STEPS = """
- goto: /
- for_each: {list: p.rows, as: row, object: "thing:${row.name}"}
  do:
    - click: {target: p.delete, row: "${row.name}"}
      irreversible: "Deletes ${row.name}"
      object: "thing:${row.name}"
      require: {row: {list: p.rows, row: "${row.name}"}}
      expect: {no_row: {list: p.rows, row: "${row.name}"}}
"""


def test_what_is_not_planned_is_left_alone_and_the_others_are_worked(browser_choice: BrowserChoice) -> None:
    gate = RecordingGate(unplanned=("thing:two",))
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=STEPS, gate=gate, view="any")
    assert run.posts == ["/delete/one", "/delete/three"]
    assert [intent.object for intent in gate.armed] == ["thing:one", "thing:three"]
    assert run.result.status is Status.BLOCKED
    assert run.result.reason == "thing:two is not planned"
    assert "two" in run.text


def test_what_is_planned_is_worked_whole(browser_choice: BrowserChoice) -> None:
    run = run_small(browser_choice, page=PAGE, selectors=SELECTORS, steps=STEPS, view="any")
    assert run.posts == ["/delete/one", "/delete/two", "/delete/three"]
    assert run.result.status is Status.PASSED
