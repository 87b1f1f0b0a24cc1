"""Animations of the page and of its frames run faster than they were written to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from robot.executor.motion import hasten_animations
from tests.browser.small_run import serving

#: How much time passes for animations while a second of the clock passes.
_SPEED = """() => new Promise(done => {
  const [clock, shown] = [performance.now(), document.timeline.currentTime];
  setTimeout(() => done((document.timeline.currentTime - shown) / (performance.now() - clock)), 400);
})"""


@pytest.mark.parametrize("name", ["main", "inner"])
def test_animations_are_hastened(own_browser: Browser, name: str) -> None:
    with serving({"/": "<p>main</p>", "/inner": "<p>inner</p>"}) as served:
        elsewhere = served.address.replace("app.", "frames.")
        page = own_browser.new_page()
        hasten_animations(page)
        page.goto(served.address)
        page.evaluate(
            "address => { document.body.innerHTML = `<iframe src='${address}'>` }", f"{elsewhere}/inner"
        )
        page.frame_locator("iframe").get_by_text("inner").wait_for()
        frame = page.main_frame if name == "main" else page.frames[-1]
        assert frame.evaluate(_SPEED) > 4
        page.close()
