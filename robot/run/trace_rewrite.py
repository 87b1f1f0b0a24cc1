"""A Playwright trace without what must not be kept, still readable by Playwright's trace viewer.

Out go: headers and cookies of requests and responses, request bodies, bodies of API answers, what was typed into
password and code boxes, stacks (they name files of this machine), and every secret the redactor knows. What
shows the page stays: snapshots, styles, scripts, pictures, fonts, the film strip.

Written against trace format 10 (Playwright 1.65): a zip of `*.trace` and `*.network` (one JSON object a line),
`*.stacks`, `resources/` (bodies) and `screencast/` (pictures). Must not know of runs.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from robot.run.redact import MASK, Redactor

#: Bodies that a snapshot needs to be drawn.
_DRAWN = frozenset({"document", "stylesheet", "image", "font", "script"})
_DRAWN_TYPE = re.compile(
    r"text/(html|css|javascript|plain)|image/|font/|application/(xhtml|javascript|x-javascript|font)|svg"
)
_TEXT_FILE = re.compile(r"\.(html?|css|m?js|svg|txt|json|xml|xhtml|dat)\Z")
#: Keys whose value is emptied wherever it stands.
_EMPTIED = re.compile(
    "(headers|extraHTTPHeaders|cookies|queryString|postData|jsonData|formData|multipartData"
    "|httpCredentials|storageState|clientCertificates|proxy)\\Z"
)
_CODE_WORDS = re.compile(
    r"otp|one.?time|passcode|(security|verification|confirm|2fa|auth).{0,2}code", re.IGNORECASE
)
#: Methods of calls that carry what is typed, and the parameters it is in.
_TYPING = {
    "fill": ("value",),
    "type": ("text",),
    "press": ("key",),
    "pressSequentially": ("text",),
    "keyboardType": ("text",),
    "keyboardInsertText": ("text",),
    "keyboardPress": ("key",),
    "keyboardDown": ("key",),
    "keyboardUp": ("key",),
}


def rewrite_trace(source: Path, target: Path, redactor: Redactor) -> None:
    """Writes the cleaned trace to `target`.

    Raises: zipfile.BadZipFile, ValueError or KeyError when `source` is not a trace that can be understood, and
    OSError; `target` may then be half written, and must not be kept.
    """
    with (
        zipfile.ZipFile(source) as raw,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as clean,
    ):
        names = raw.namelist()
        kept_text = []
        for name in names:
            if name.endswith((".trace", ".network")):
                text = "".join(_clean_lines(raw, name, redactor))
                kept_text.append(text)
                clean.writestr(name, text)
        if not kept_text:
            raise ValueError("the trace holds no events")
        referred = set(re.findall(r'(?:resources|screencast)/[^"\\]+', "\n".join(kept_text)))
        for name in names:
            if name in referred:
                clean.writestr(name, _clean_body(name, raw.read(name), redactor))


def _read_lines(raw: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with raw.open(name) as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _clean_lines(raw: zipfile.ZipFile, name: str, redactor: Redactor) -> Iterator[str]:
    """Two readings: the first learns which calls typed into a secret box, the second cleans."""
    secret_calls = {str(event.get("callId")) for event in _read_lines(raw, name) if _names_secret_box(event)}
    for event in _read_lines(raw, name):
        cleaned = redactor.json(_clean_event(event, secret_calls))
        yield json.dumps(cleaned, ensure_ascii=False, separators=(",", ":")) + "\n"


def _clean_event(event: dict[str, Any], secret_calls: set[str]) -> dict[str, Any]:
    kind = event.get("type")
    if kind == "resource-snapshot":
        _clean_request(event["snapshot"])
    elif kind == "frame-snapshot":
        _clean_snapshot(event["snapshot"].get("html"))
    elif kind == "before":
        _clean_call(event, secret_calls)
    elif kind == "log" and event.get("callId") in secret_calls:
        event["message"] = re.sub(
            r"\b(fill|type|press|pressSequentially)\(.*\)", rf"\1({MASK})", str(event["message"])
        )
    return {
        key: _emptied(value) if key != "snapshot" or kind != "frame-snapshot" else value
        for key, value in event.items()
    }


def _emptied(value: Any) -> Any:
    """The value with what stands under keys like `headers` and `cookies` emptied, at any depth."""
    if isinstance(value, dict):
        return {
            key: _nothing_like(item) if _EMPTIED.match(key) else _emptied(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_emptied(item) for item in value]
    return value


def _nothing_like(value: Any) -> Any:
    """An empty value of the same kind, so that readers of the trace still find what they expect."""
    return type(value)() if isinstance(value, list | dict | str) else None


def _clean_request(snapshot: dict[str, Any]) -> None:
    """Takes out the request's body always, and the answer's unless a page is drawn with it."""
    request, content = snapshot["request"], snapshot["response"]["content"]
    request.pop("postData", None)
    is_drawn = snapshot.get("_resourceType") in _DRAWN and _DRAWN_TYPE.search(
        str(content.get("mimeType", ""))
    )
    if not is_drawn or request.get("method") != "GET":
        for key in ("_file", "_sha1", "text", "encoding"):
            content.pop(key, None)


def _clean_call(event: dict[str, Any], secret_calls: set[str]) -> None:
    """Masks what a call types: where it is a secret box, and where it goes to the keyboard and no box is known."""
    method = str(event.get("method", ""))
    params = event.get("params")
    if not isinstance(params, dict) or method not in _TYPING:
        return
    is_keyboard = method.startswith("keyboard")
    for name in _TYPING[method]:
        text = params.get(name)
        is_named_key = name == "key" and isinstance(text, str) and len(text) > 1
        if (
            isinstance(text, str)
            and (event.get("callId") in secret_calls or is_keyboard)
            and not is_named_key
        ):
            params[name] = MASK


def _clean_snapshot(node: Any) -> None:
    """Empties secret boxes in a page snapshot: a node is [tag, attributes, ...children], a text or a reference."""
    if not isinstance(node, list) or not node:
        return
    if isinstance(node[0], str) and node[0].upper() == "INPUT" and len(node) > 1 and _is_secret_box(node[1]):
        for name in ("value", "__playwright_value_"):
            if name in node[1]:
                node[1][name] = ""
    for child in node[2:] if isinstance(node[0], str) else ():
        _clean_snapshot(child)


def _is_secret_box(attributes: dict[str, Any]) -> bool:
    """Whether an <input> takes a password or a one-time code, going by what its author wrote on it."""
    text = {key.lower(): str(value) for key, value in attributes.items() if value is not None}
    if text.get("type", "").lower() == "password" or text.get("maxlength") == "1":
        return True
    if text.get("autocomplete", "").lower() in ("one-time-code", "current-password", "new-password"):
        return True
    return any(_CODE_WORDS.search(text.get(key, "")) for key in ("id", "name", "placeholder", "aria-label"))


def _names_secret_box(event: dict[str, Any]) -> bool:
    """Whether this is the log line of a call that says it resolved to a secret box."""
    message = str(event.get("message", "")) if event.get("type") == "log" else ""
    if "<input" not in message:
        return False
    reader = _InputReader()
    reader.feed(message[message.index("<input") :])
    return reader.is_secret


class _InputReader(HTMLParser):
    """Reads the attributes of an element as Playwright's log writes it."""

    is_secret = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input" and _is_secret_box({name: value or "" for name, value in attrs}):
            self.is_secret = True


def _clean_body(name: str, body: bytes, redactor: Redactor) -> bytes:
    """Cleans a kept body where it is text; pictures and fonts are left as they are."""
    if not _TEXT_FILE.search(name):
        return body
    try:
        return redactor.text(body.decode("utf-8")).encode()
    except UnicodeDecodeError:
        return redactor.text(body.decode("latin-1")).encode("latin-1", "replace")
