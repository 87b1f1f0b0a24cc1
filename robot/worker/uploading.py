"""Stores, beside a worker's work, what is not stored yet: evidence of runs that were cut off, or met no store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from robot.ledger.database import told
from robot.uploads import Uploads

LOG = logging.getLogger("offboard.uploads")

#: How often it is looked for such, in s.
EVERY_S = 60.0


@contextmanager
def uploading(uploads: Uploads, *, every_s: float = EVERY_S) -> Iterator[None]:
    """While the block goes on, and once more when it has ended; does nothing where no store is named.

    Raises SetupError for an address that is not understood.
    """
    if not uploads.url:
        yield
        return
    uploads.check_address()
    is_over = threading.Event()
    thread = threading.Thread(
        target=_upload_until, args=(uploads, is_over, every_s), name="uploads", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        _upload(uploads)


def _upload_until(uploads: Uploads, is_over: threading.Event, every_s: float) -> None:
    while True:
        _upload(uploads, is_over.is_set)
        if is_over.wait(every_s):
            return


def _upload(uploads: Uploads, is_stopped: Callable[[], bool] = lambda: False) -> None:
    try:
        done = uploads.upload_all(is_stopped=is_stopped)
    except SQLAlchemyError as error:
        LOG.warning("the database is away: %s", told(error))
        return
    except OSError as error:
        LOG.warning("the recordings cannot be read: %s", error)
        return
    if done.stored:
        LOG.info("%d runs were stored in %s", len(done.stored), uploads.store.shown)
    if done.removed:
        LOG.info("%d runs that were stored a week ago were removed here", len(done.removed))
    if done.problem:
        LOG.warning("%s; %d runs are not stored yet", done.problem.what, len(done.left))
