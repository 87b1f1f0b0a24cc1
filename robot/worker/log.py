"""The log of workers: one line an event, as text or as JSON, without secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from robot.harmless import harmless
from robot.run.events import Event, RunFinished, RunStarted, TaskFinished
from robot.run.redact import Redactor
from robot.screen import LogHandler, error_json

LOG = logging.getLogger("offboard.run")

#: What a line may say besides its message, in this order.
FIELDS = (
    "job",
    "turn",
    "customer",
    "case",
    "login",
    "worker",
    "run",
    "flow",
    "task",
    "state",
    "status",
    "reason",
    "seconds",
)


class JsonLines(logging.Formatter):
    """`{"at": ..., "level": ..., "event": ..., "job": ...}`, one object a line."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_more(record),
        }
        if record.exc_info:
            values["trace"] = self.formatException(record.exc_info)
        # Each value by itself: masked as a whole line it might be no JSON any more.
        masked = {
            name: self._redactor.text(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return error_json(masked, default=str)


class TextLines(logging.Formatter):
    """`03:12:44 begins  job=... customer=...`"""

    def __init__(self, redactor: Redactor, zone: tzinfo | None = None) -> None:
        """zone: whose clocks the lines go by; this machine's unless given."""
        super().__init__()
        self._redactor = redactor
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone(self._zone)
        level = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        words = "  ".join(f"{name}={value}" for name, value in _more(record).items() if value != "")
        text = f"{at:%H:%M:%S}  {level}{record.getMessage()}" + (f"  {words}" if words else "")
        # Masked before it is made harmless: a secret is known as it is.
        text = harmless(self._redactor.text(text))
        if record.exc_info:
            text += "\n" + harmless(self._redactor.text(self.formatException(record.exc_info)), lines=True)
        return text


def _more(record: logging.LogRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


def set_up_log(*, is_json: bool, secrets: Iterable[str], zone: tzinfo | None = None) -> None:
    """Sends the log of this process to standard error. zone: whose clocks its lines go by, where they are text."""
    redactor = Redactor(tuple(secrets))
    handler = LogHandler()
    handler.setFormatter(JsonLines(redactor) if is_json else TextLines(redactor, zone))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("offboard").setLevel(logging.INFO)
    # The engine's library brings a handler of its own.
    library = logging.getLogger("dbos")
    library.handlers[:] = []
    library.propagate = True


class RunLog:
    """A listener that logs how runs go on."""

    def __init__(self) -> None:
        self._run = ""

    def notice(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._run = event.run_id
                LOG.info(
                    "run started", extra={"run": event.run_id, "flow": event.flow, "login": event.operator}
                )
            case TaskFinished(result=result):
                LOG.info(
                    "task ended",
                    extra={
                        "run": self._run,
                        "task": result.task,
                        "status": str(result.status),
                        "reason": result.reason,
                        "seconds": round(result.duration_ms / 1000, 1),
                    },
                )
            case RunFinished(run=run):
                LOG.info(
                    "run ended",
                    extra={
                        "run": run.run_id,
                        "flow": run.flow,
                        "status": str(run.status),
                        "reason": run.reason,
                        "seconds": round(run.duration_ms / 1000, 1),
                    },
                )
            case _:
                pass
