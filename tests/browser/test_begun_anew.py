"""A task that begins anew repeats no press whose effect is not known to be absent, and knows where it went itself."""

from __future__ import annotations

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.events import Noted
from robot.run.model import Status
from tests.browser.small_run import run_small

SELECTORS = """
cancel: {candidates: [{id: cancel}]}
to_second: {candidates: [{id: second}]}
never: {candidates: [{id: never}]}
kept: {candidates: [{id: kept}]}
dialog: {kind: dialog, candidates: [{role: dialog}]}
confirm: {candidates: [{id: confirm}]}
"""
#: An application whose links load pages, and whose button sends something.
FIRST = """<button id=cancel onclick="fetch('/cancel_plan', {method: 'SENDS'}).then(() => { kept.hidden = false })">Cancel</button>
<p id=kept hidden>done</p><a id=second href="/second">Second</a>"""
STEPS = """
- goto: /
- click: p.cancel
  expect: {visible: p.kept}
- click: p.to_second
  expect: {visible: p.never}
"""


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_going_to_a_page_is_no_reason_to_begin_anew(browser_choice: BrowserChoice, method: str) -> None:
    run = run_small(
        browser_choice,
        page=FIRST.replace("SENDS", method),
        pages={"/second": "<p>second</p>"},
        selectors=SELECTORS,
        steps=STEPS,
    )
    assert run.result.status is Status.FAILED
    assert run.posts == ["/cancel_plan"]
    assert not [noted for noted in run.of(Noted) if "starting over" in noted.text]


RELOADS = """<p>second</p><script>
if (!sessionStorage.again) { sessionStorage.again = 1; setTimeout(() => location.reload(), 200) }
</script>"""


@pytest.mark.parametrize(
    ("marked", "times"), [("", 1), ("\n  reversible: true", 2)], ids=["unmarked", "reversible"]
)
def test_what_was_sent_is_not_sent_again(browser_choice: BrowserChoice, marked: str, times: int) -> None:
    """The second page loads itself anew, which is a reason to begin anew."""
    steps = STEPS.replace("{visible: p.kept}", "{visible: p.kept}" + marked)
    run = run_small(
        browser_choice,
        page=FIRST.replace("SENDS", "POST"),
        pages={"/second": RELOADS},
        selectors=SELECTORS,
        steps=steps,
    )
    assert [noted for noted in run.of(Noted) if "starting over" in noted.text]
    assert run.posts == ["/cancel_plan"] * times
    assert run.result.status is (Status.UNKNOWN if times == 1 else Status.FAILED)
    if times == 1:
        assert (
            "was done before the task began anew, and sent POST app.localhost/cancel_plan"
            in run.result.reason
        )


def test_what_a_goal_shows_to_be_undone_is_done_again(browser_choice: BrowserChoice) -> None:
    page = FIRST.replace("SENDS", "POST").replace("kept.hidden = false", "0")
    steps = """
    - goto: /
    - goal: {visible: p.kept}
      timeout: 1s
      not_yet: {visible: p.cancel}
      do:
        - click: p.cancel
        - click: p.to_second
          expect: {visible: p.never}
    """
    run = run_small(browser_choice, page=page, pages={"/second": RELOADS}, selectors=SELECTORS, steps=steps)
    assert run.posts == ["/cancel_plan"] * 2, run.result.problems


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("<button id=cancel onclick=\"fetch('/plan', {method: 'DELETE'})\">x</button>", "DELETE app.localhost/plan"),
        ("<button id=cancel onclick=\"fetch('/plan/release', {method: 'POST'})\">x</button>", "POST app.localhost/plan/release"),
        ("<form method=post action=/plan><button id=cancel>x</button></form>", "POST app.localhost/plan"),
        ("<div role=dialog><button id=cancel onclick=\"fetch('/plan', {method: 'POST'})\">OK</button></div>", "POST app.localhost/plan"),
        ("<div role=dialog><button id=cancel onclick=\"fetch('/plan/search', {method: 'POST'})\">OK</button></div>", ""),
        ("<button id=cancel onclick=\"fetch('/plan/search', {method: 'POST'})\">x</button>", ""),
        ("<button id=cancel onclick=\"fetch('/plan')\">x</button>", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_live", [False, True], ids=["here", "live"])
def test_an_act_is_judged_by_what_it_did(
    browser_choice: BrowserChoice, monkeypatch: pytest.MonkeyPatch, page: str, sent: str, is_live: bool
) -> None:
    if is_live:
        monkeypatch.setattr("robot.profile.is_loopback", lambda host: False)
    steps = "- goto: /\n- click: p.cancel\n- wait_for: {address: {matches: app}}\n- click: p.confirm\n"
    run = run_small(
        browser_choice,
        page=page + "<button id=confirm onclick=\"fetch('/after', {method: 'POST'})\">y</button>",
        pages={"/plan": "<button id=confirm onclick=\"fetch('/after', {method: 'POST'})\">y</button>"},
        selectors=SELECTORS,
        steps=steps,
    )
    told = f"'click p.cancel' sent {sent}, and its flow does not say that it changes anything"
    if sent and is_live:
        assert (run.result.status, run.result.reason) == (Status.UNKNOWN, told)
        assert "/after" not in run.posts
    else:
        assert "/after" in run.posts, run.result.problems
        noted = [noted.text for noted in run.of(Noted) if "sent" in noted.text]
        advice = "; with 'changes: true' at p.yaml:4:3 the linter warns of it"
        assert noted == ([told + advice] if sent else [])
