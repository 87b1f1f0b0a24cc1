"""What the browser says of a document that went away while it was looked at."""

from __future__ import annotations

from playwright.sync_api import Error as PlaywrightError


def is_gone(error: PlaywrightError) -> bool:
    """Whether an error only says that a document or frame went away while we looked."""
    text = error.message
    return any(
        part in text
        for part in (
            "Execution context was destroyed",
            "Frame was detached",
            "frame was detached",
            "Cannot find context",
            "because of a navigation",
            # Said of a frame that is moved to another process while it loads; of a page that is really closed
            # the next wait says it again.
            "Target page, context or browser has been closed",
        )
    )
