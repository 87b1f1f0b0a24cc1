"""What the browser asks by itself, `confirm` and the like, and windows that a page opens: as the flow says, or not.

A dialog that no flow expects is turned down, and the act that led to it stops at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Dialog

from robot.names import fold

#: Answers to a dialog: by it, what it may say (empty: anything).
Expected = tuple[bool, str]


class Dialogs:
    """Those of one run."""

    def __init__(self, remark: Callable[[str], None]) -> None:
        self._remark = remark
        self._is_acting = False
        self._expected: Expected | None = None
        self._may_open = False
        #: What came since the act began that its flow does not expect, in words.
        self.unexpected: list[str] = []

    @contextmanager
    def during(self, expected: Expected | None, *, may_open: bool) -> Iterator[None]:
        """While entered, an act is made. expected: whether its dialog is accepted, and what it has to say."""
        self._is_acting, self._expected, self._may_open = True, expected, may_open
        self.unexpected = []
        try:
            yield
        finally:
            self._is_acting, self._expected = False, None

    def answer(self, dialog: Dialog) -> None:
        """Answers one. A page that asks whether to leave is left."""
        said = fold(dialog.message)
        self._remark(f"browser dialog ({dialog.type}): {said}")
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        if self._is_acting and self._expected is not None:
            is_accepted, wanted = self._expected
            if not wanted or fold(wanted) == said:
                # Once: a second one is another question.
                self._expected = None
                dialog.accept() if is_accepted else dialog.dismiss()
                return
            self.unexpected.append(f"the browser asks '{said}', and '{fold(wanted)}' was expected")
        elif self._is_acting and dialog.type != "alert":
            self.unexpected.append(f"the browser asks '{said}', and the flow does not say how to answer")
        dialog.dismiss()

    def note_window(self, url: str) -> None:
        """To be told of a window that was closed as it came."""
        self._remark(f"a new window was closed: {url}")
        if self._is_acting and not self._may_open:
            self.unexpected.append(f"a new window opened ({url}), and the flow does not say so")
