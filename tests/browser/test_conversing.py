"""A conversation is gone on with in the one it was begun in, and in no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from robot.executor.browser_finder import BrowserChoice
from robot.run.model import Status
from tests.browser.small_run import SHORT, SmallRun, run_small

#: A chat whose messages outlive a reload. `?deaf` shows nothing of what is sent until then; `?mute` answers nothing
#: until then; `?other` opens another conversation after it.
CHAT = """
<h1>Chat</h1><div id=chat><ol id=log></ol><input id=box aria-label=Message><button id=send>Send</button></div>
<script>
const is = (word) => location.search.includes(word);
const kept = JSON.parse(localStorage.kept || '[["support", "Which area?"]]');
const loads = localStorage.loads = Number(localStorage.loads || 0) + 1;
chat.dataset.thread = is('other') && loads > 1 ? 'B' : 'A';
const shown = chat.dataset.thread === 'A' ? [...kept] : [['support', 'Which area?']];
if (loads > 1 && kept.length === 2) shown.push(['support', 'Your ticket is 4711']);
const draw = () => log.innerHTML = shown.map(([by, text], n) => `<li data-n="${n}" data-by="${by}"><span>${text}</span></li>`).join('');
send.onclick = () => {
  fetch('/said/' + box.value, {method: 'POST'});
  kept.push(['me', box.value]);
  localStorage.kept = JSON.stringify(kept);
  if (is('deaf')) return;
  shown.push(['me', box.value]);
  if (!is('mute')) shown.push(['support', 'Your ticket is 4711']);
  draw();
};
draw();
</script>"""

SELECTORS = """
chat: {candidates: [{id: chat}]}
box: {candidates: [{id: box}]}
send: {candidates: [{id: send}]}
nothing: {candidates: [{text: Nothing was said}]}
messages:
  list:
    rows: [{css: 'li[data-n]'}]
    fields: {n: {attribute: data-n}, by: {attribute: data-by}, text: {css: span}}
    key: n
    row: {css: "li[data-n='${key}']"}
    empty: p.nothing
"""

TALK = """
- goto: /?HOW
- converse:
    messages: p.messages
    mine: me
    conversation: {attribute: data-thread, of: p.chat}
    input: p.box
    send: p.send
    ending: ending
    look_again:
      - wait_for: {visible: p.chat}
    done: 'ticket is (?P<ticket>[0-9]+)'
    known: [{name: area, prompt: which area, answer: Phone, once: true}]
  irreversible: Asks for it
  object: request:one
  require: {visible: p.chat}
"""


def talk(choice: BrowserChoice, how: str) -> SmallRun:
    timeouts = replace(SHORT, silence=1000, afresh=1500)
    return run_small(
        choice, page=CHAT, selectors=SELECTORS, steps=TALK.replace("HOW", how), timeouts=timeouts
    )


@pytest.mark.parametrize(
    "how", ["deaf", *(pytest.param(how, marks=pytest.mark.matrix) for how in ("", "mute"))]
)
def test_what_was_missed_is_seen_on_the_page_loaded_anew(browser_choice: BrowserChoice, how: str) -> None:
    run = talk(browser_choice, how)
    assert run.result.status is Status.PASSED, run.result.problems
    assert run.posts == ["/said/Phone"]
    assert run.gate.settled == [("request:one#area", Status.PASSED)]


def test_another_conversation_after_a_press_says_nothing_about_the_press(
    browser_choice: BrowserChoice,
) -> None:
    run = talk(browser_choice, "deaf&other")
    assert run.result.status is Status.UNKNOWN, run.result.problems
    assert "its effect was not seen: another conversation is open than before" in run.result.reason
    assert run.posts == ["/said/Phone"]
    assert run.gate.settled == [("request:one#area", Status.UNKNOWN)]


def test_nothing_is_said_in_another_conversation(browser_choice: BrowserChoice) -> None:
    run = talk(browser_choice, "mute&other")
    assert run.result.status is Status.BLOCKED, run.result.problems
    assert run.result.reason == "another conversation is open than before"
    assert "1 messages were sent in this run" in run.result.problems[0].done
    assert run.posts == ["/said/Phone"]
    assert run.gate.settled == [("request:one#area", Status.PASSED)]
