"""List pages made at random, each with its own truth: how its rows come, how they are drawn, what it says of them.

One page knows nothing of how lists are read; what it shows in the end is `truth`.
"""

from __future__ import annotations

import json
import random
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

#: How rows reach the page, how they are drawn there, and what brings the next of them.
SOURCES = (
    "inline",
    "timer",
    "fetch",
    "timer-then-fetch",
    "first-then-rest",
    "xhr",
    "socket",
    "events",
    "drip",
)
DRAWINGS = ("list", "table", "cards", "skipped", "component", "absolute", "padded", "spacer-rows")
FEEDS = ("all", "all", "all", "pages", "append", "on-scroll", "at-bottom", "unnamed-more")
#: Drawings that draw only the rows in view.
VIRTUAL = ("absolute", "padded", "spacer-rows")
#: How many rows a page loads at once that loads more of them later.
_AT_ONCE = 12
_DELAYS = (0, 0, 30, 150, 400, 900, 1500, 2200, 3000)
#: How long a channel of news stays open, in s: a page whose channel ends asks for everything anew, and has it twice.
_OPEN_S = 120
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page, by the seed that made it."""

    seed: int
    spec: dict[str, Any]
    #: Key and phone of every row, in order; keys may repeat.
    truth: tuple[tuple[str, str], ...]

    @property
    def is_readable(self) -> bool:
        """Whether selectors name all that the page shows."""
        rest = self.spec["feed"] == "unnamed-more" and len(self.truth) > _AT_ONCE
        return not self.spec["second_kind"] and not rest

    def describe(self) -> str:
        """The page in one line."""
        return f"seed {self.seed}: {json.dumps(self.spec, sort_keys=True)}"


def make_page(seed: int) -> ListPage:
    """The page of that seed."""
    rng = random.Random(f"list page {seed}")  # noqa: S311 - pages, not secrets
    number = rng.choice([0, 0, 1, 1, 2, 3, 7, 12, 26, 40])
    names = [f"Customer {index:03d}" for index in range(number)]
    if number > 2 and rng.random() < 0.25:
        names[-1] = names[0]
    drawing = rng.choice(DRAWINGS)
    feed = rng.choice(FEEDS) if drawing not in VIRTUAL else rng.choice(("all", "all", "on-scroll"))
    spec = {
        "names": names,
        "source": rng.choice(SOURCES),
        "drawing": drawing,
        "feed": feed,
        "answer_ms": rng.choice(_DELAYS),
        "start_ms": rng.choice(_DELAYS),
        "draw_ms": rng.choice((0, 0, 0, 150, 400, 1000, 2500)),
        "count": rng.choice(("none", "none", "all", "loaded")),
        "empty": rng.choice(("at-end", "at-end", "flash", "from-start")),
        "skeleton": rng.random() < 0.3,
        "box": rng.choice(("inner", "document", "outer")),
        "height": rng.choice((180, 300, 420)),
        "row_px": rng.choice((24, 40, 64)),
        "capitals": rng.random() < 0.3,
        "at_once": _AT_ONCE,
        "second_kind": number > 3 and rng.random() < 0.12,
        "noise": [one for one in ("beat", "poll", "toast", "clock", "idle-socket") if rng.random() < 0.2],
    }
    truth = tuple((name, f"+1512555{index:04d}") for index, name in enumerate(names))
    return ListPage(seed=seed, spec=spec, truth=truth)


SELECTORS = """
empty: {candidates: [{id: empty}]}
count: {candidates: [{id: count}]}
next: {candidates: [{id: next}]}
first: {candidates: [{id: first}]}
box: {candidates: [{css: .no-such-box}]}
plain:
  list:
    rows: [{css: '.row.known'}]
    fields: {name: {css: .name}, phone: {css: .phone, as: phone}}
    key: name
    empty: p.empty
    count: p.count
    scroll: p.box
paged:
  list:
    rows: [{css: '.row.known'}]
    fields: {name: {css: .name}, phone: {css: .phone, as: phone}}
    key: name
    empty: p.empty
    count: p.count
    next_page: p.next
    first_page: p.first
"""

_HEAD = """<!doctype html><meta charset=utf-8><title>Customers</title><style>
body { margin: 0; font: 14px sans-serif } .row { box-sizing: border-box; overflow: hidden }
.capitals .name { text-transform: uppercase } .cards { display: grid; grid-template-columns: 1fr 1fr 1fr }
.skipped .row { content-visibility: auto; contain-intrinsic-size: auto 40px }
.bone { height: 20px; background: #ddd } table { border-spacing: 0 } td { padding: 0 8px }
</style><h1>Customers</h1><div id=noise></div><main id=main></main><script>const spec = SPEC;</script>"""

_APP = r"""<script>
class RowCard extends HTMLElement {
  set data(row) { const root = this.shadowRoot || this.attachShadow({mode: 'open'}); root.innerHTML = inside(row, 'span'); }
}
customElements.define('row-card', RowCard);
const main = document.getElementById('main');
const virtual = ['absolute', 'padded', 'spacer-rows'].includes(spec.drawing);
const PAGE = 5, AT_ONCE = spec.at_once;
let all = [], shown_page = 0, loaded = 0, is_done = false, is_asking = false;
const wait = ms => new Promise(done => setTimeout(done, ms));
const phone = index => `(512) 555-${String(index).padStart(4, '0')}`;
const inside = (row, tag) => `<${tag} class=name>${row.name}</${tag}> <${tag} class=phone>${phone(row.index)}</${tag}>`;
const kind = row => spec.second_kind && row.index % 3 === 2 ? 'row other' : 'row known';

main.className = spec.capitals ? 'capitals' : '';
main.innerHTML = `<div id=top></div><div id=outer><div id=box><div id=inner></div></div></div><div id=foot></div>`;
const top_ = document.getElementById('top'), box = document.getElementById('box'), inner = document.getElementById('inner'), foot = document.getElementById('foot');
const outer = document.getElementById('outer');
const scroller = spec.box === 'document' ? document.scrollingElement : spec.box === 'outer' ? outer : box;
if (scroller === box || scroller === outer) { scroller.style.height = spec.height + 'px'; scroller.style.overflowY = 'auto'; }
const listener = spec.box === 'document' ? document : scroller;
const view = () => spec.box === 'document' ? innerHeight : spec.height;

const count = () => {
  if (spec.count === 'none' || (!is_done && spec.count === 'all')) return;
  const number = spec.count === 'all' ? spec.names.length : all.length;
  if (!document.getElementById('count')) top_.insertAdjacentHTML('beforeend', '<p id=count></p>');
  document.getElementById('count').textContent = `${number} Customers`;
};
const say_empty = is_shown => {
  const there = document.getElementById('empty');
  if (is_shown && !there) foot.insertAdjacentHTML('afterbegin', '<p id=empty>No customers found</p>');
  if (!is_shown && there) there.remove();
};
const element = row => {
  if (spec.drawing === 'component') { const card = document.createElement('row-card'); card.className = kind(row); card.style.display = 'block'; card.data = row; return card; }
  const one = document.createElement(spec.drawing === 'table' || spec.drawing === 'spacer-rows' ? 'tr' : 'div');
  one.className = kind(row); one.style.height = spec.row_px + 'px';
  one.innerHTML = inside(row, one.localName === 'tr' ? 'td' : 'span');
  return one;
};
const draw_now = () => {
  const rows = spec.feed === 'pages' ? all.slice(shown_page * PAGE, shown_page * PAGE + PAGE) : all;
  say_empty(!rows.length && is_done);
  count();
  if (!virtual) {
    if (spec.drawing === 'table') { inner.innerHTML = '<table><tbody></tbody></table>'; inner.querySelector('tbody').replaceChildren(...rows.map(element)); }
    else { inner.className = spec.drawing; inner.replaceChildren(...rows.map(element)); }
    return;
  }
  const offset = spec.box === 'document' ? scroller.scrollTop : scroller.scrollTop;
  const first = Math.max(0, Math.floor(offset / spec.row_px) - 1), last = Math.min(rows.length, first + Math.ceil(view() / spec.row_px) + 3);
  const part = rows.slice(first, last);
  if (spec.drawing === 'absolute') {
    inner.style.cssText = `position:relative;height:${rows.length * spec.row_px}px`;
    inner.replaceChildren(...part.map(row => { const one = element(row); one.style.position = 'absolute'; one.style.width = '100%'; one.style.top = rows.indexOf(row) * spec.row_px + 'px'; return one; }));
  } else if (spec.drawing === 'padded') {
    inner.style.cssText = `padding-top:${first * spec.row_px}px;padding-bottom:${(rows.length - last) * spec.row_px}px`;
    inner.replaceChildren(...part.map(element));
  } else {
    inner.innerHTML = `<table style="width:100%"><tbody><tr style="height:${first * spec.row_px}px"></tr><tr style="height:${(rows.length - last) * spec.row_px}px"></tr></tbody></table>`;
    const end = inner.querySelector('tbody').lastElementChild;
    part.forEach(row => end.before(element(row)));
  }
};
let drawing = 0;
const draw = (late = spec.draw_ms) => { if (!late) return draw_now(); clearTimeout(drawing); drawing = setTimeout(draw_now, late); };

const ask = async (from, to) => (await fetch(`/rows?from=${from}&to=${to}&ms=${spec.answer_ms}`)).json();
const ask_old = (from, to) => new Promise(done => { const one = new XMLHttpRequest(); one.open('GET', `/rows?from=${from}&to=${to}&ms=${spec.answer_ms}`); one.onload = () => done(JSON.parse(one.responseText)); one.send(); });
const take = (rows, ended) => { all = [...all, ...rows]; is_done = ended; skeleton(false); draw(); };
const skeleton = is_on => {
  const there = document.getElementById('bones');
  if (is_on && !there) foot.insertAdjacentHTML('beforeend', '<div id=bones><div class=bone></div><div class=bone></div></div>');
  if (!is_on && there) there.remove();
};
const parts = ['append', 'on-scroll', 'at-bottom', 'unnamed-more'].includes(spec.feed);
const load = async () => {
  const total = spec.names.length, to = parts ? Math.min(total, loaded + AT_ONCE) : total;
  const every = spec.names.map((name, index) => ({name, index}));
  const from = loaded; loaded = to;
  if (spec.source === 'inline') return take(every.slice(from, to), true);
  if (spec.source === 'timer') { await wait(spec.answer_ms); return take(every.slice(from, to), true); }
  if (spec.source === 'xhr') return take(await ask_old(from, to), true);
  if (spec.source === 'first-then-rest' && to > from) { take(await ask(from, from + 1), false); return take(await ask(from + 1, to), true); }
  if (spec.source === 'drip') { for (let at = from; at < to; at += 4) { await wait(Math.min(spec.answer_ms, 600)); take(every.slice(at, Math.min(to, at + 4)), at + 4 >= to); } if (to === from) take([], true); return; }
  if (spec.source === 'socket' || spec.source === 'events') return new Promise(done => {
    const hear = text => { const told = JSON.parse(text); take(told.rows, told.ended); if (told.ended) done(); };
    const place = `rows?from=${from}&to=${to}&ms=${spec.answer_ms}&seed=${location.pathname.slice(1)}`;
    if (spec.source === 'socket') new WebSocket(`ws://${location.host}/socket/${place}`).onmessage = event => hear(event.data);
    else new EventSource(`/events/${place}`).onmessage = event => hear(event.data);
  });
  return take(await ask(from, to), true);
};
const more = async () => {
  if (is_asking || loaded >= spec.names.length) return;
  is_asking = true;
  if (spec.feed === 'at-bottom') await wait(900);
  is_done = false;
  await load(); is_asking = false; controls();
};
const controls = () => {
  const rest = loaded < spec.names.length;
  let bar = document.getElementById('bar');
  if (!bar) { foot.insertAdjacentHTML('beforeend', '<div id=bar></div>'); bar = document.getElementById('bar'); }
  bar.innerHTML = '';
  if (spec.feed === 'pages' && spec.names.length > PAGE) {
    bar.innerHTML = '<button id=first>First</button><button id=next>Next</button>';
    const last = Math.ceil(spec.names.length / PAGE) - 1;
    const turn = to => { shown_page = to; draw(); controls(); };
    document.getElementById('first').disabled = shown_page === 0; document.getElementById('next').disabled = shown_page >= last;
    document.getElementById('first').onclick = () => turn(0); document.getElementById('next').onclick = () => turn(shown_page + 1);
  }
  if (rest && spec.feed === 'append') { bar.innerHTML = '<button id=next>Load more</button>'; document.getElementById('next').onclick = () => more(); }
  if (rest && spec.feed === 'unnamed-more') { bar.innerHTML = '<button class=more>Load more</button>'; bar.firstChild.onclick = () => more(); }
};
const at_end = () => scroller.scrollTop + view() >= scroller.scrollHeight - 40;
listener.addEventListener('scroll', () => {
  if (virtual) draw();
  if (['on-scroll', 'at-bottom'].includes(spec.feed) && at_end()) more();
});
const noises = {
  beat: () => setInterval(() => { document.getElementById('noise').dataset.beat = Date.now(); }, 700),
  poll: () => { const again = async () => { await fetch('/beat'); setTimeout(again, 900); }; again(); },
  toast: () => { document.getElementById('noise').innerHTML = '<p>Saved</p>'; setTimeout(() => { document.getElementById('noise').innerHTML = ''; }, 2500); },
  clock: () => { document.getElementById('noise').insertAdjacentHTML('beforeend', '<i id=clock></i>'); setInterval(() => { document.getElementById('clock').textContent = new Date().toISOString(); }, 500); },
  'idle-socket': () => new WebSocket(`ws://${location.host}/socket/idle`),
};
(async () => {
  spec.noise.forEach(name => noises[name]());
  if (spec.empty === 'from-start') say_empty(true);
  if (spec.skeleton) skeleton(true);
  if (spec.source === 'timer-then-fetch' || spec.empty === 'flash') await wait(spec.start_ms);
  if (spec.empty === 'flash') { say_empty(true); await wait(200); say_empty(false); }
  is_asking = true; await load(); is_asking = false; controls();
  if (spec.feed === 'on-scroll' || spec.feed === 'at-bottom') { const fill = async () => { while (loaded < spec.names.length && scroller.scrollHeight <= view() + 40) { await more(); await wait(30); } }; await wait(spec.draw_ms + 20); await fill(); }
})();
</script>"""


@contextmanager
def serving_lists(pages: dict[int, ListPage]) -> Iterator[str]:
    """Serves the pages at `/<seed>`, with what they ask for; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.startswith("/socket/"):
                self._talk(parts.path, parse_qs(parts.query))
            elif parts.path.startswith("/events/"):
                self._tell(parse_qs(parts.query))
            elif parts.path == "/rows":
                time.sleep(float(parse_qs(parts.query)["ms"][0]) / 1000)
                self._answer(json.dumps(self._rows(parse_qs(parts.query))), "application/json")
            elif parts.path == "/beat":
                self._answer("{}", "application/json")
            elif parts.path[1:].isdigit():
                page = pages[int(parts.path[1:])]
                self._answer(_HEAD.replace("SPEC", json.dumps(page.spec)) + _APP, "text/html")
            else:
                self._answer("", "text/plain")

        def _rows(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
            page = pages[int(urlsplit(self.headers.get("referer") or "/0").path[1:] or 0)]
            return _part(page, query)

        def _answer(self, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _told(self, query: dict[str, list[str]], seed: int) -> Iterator[str]:
            """First half of the rows, then the others, each after its time."""
            rows = _part(pages[seed], query)
            half = len(rows) // 2
            for chosen, is_last in ((rows[:half], False), (rows[half:], True)):
                if chosen or is_last:
                    time.sleep(float(query["ms"][0]) / 1000)
                    yield json.dumps({"rows": chosen, "ended": is_last})

        def _tell(self, query: dict[str, list[str]]) -> None:
            seed = int(urlsplit(self.headers.get("referer") or "/0").path[1:])
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            self.close_connection = True
            try:
                for text in self._told(query, seed):
                    self.wfile.write(f"data: {text}\n\n".encode())
                    self.wfile.flush()
                time.sleep(_OPEN_S)
            except OSError:
                pass

        def _talk(self, path: str, query: dict[str, list[str]]) -> None:
            key = self.headers["sec-websocket-key"]
            self.send_response(101)
            self.send_header("upgrade", "websocket")
            self.send_header("connection", "Upgrade")
            self.send_header(
                "sec-websocket-accept",
                b64encode(sha1(f"{key}{_MAGIC}".encode(), usedforsecurity=False).digest()).decode(),
            )
            self.end_headers()
            self.close_connection = True
            try:
                if not path.endswith("idle"):
                    for text in self._told(query, int(query["seed"][0])):
                        self.wfile.write(_frame(text))
                        self.wfile.flush()
                time.sleep(_OPEN_S)
            except OSError:
                pass

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://app.localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _part(page: ListPage, query: dict[str, list[str]]) -> list[dict[str, Any]]:
    first, last = int(query["from"][0]), int(query["to"][0])
    return [{"name": name, "index": index} for index, name in enumerate(page.spec["names"])][first:last]


def _frame(text: str) -> bytes:
    """A text frame as a WebSocket's server sends it."""
    body = text.encode()
    size = bytes([len(body)]) if len(body) < 126 else bytes([126]) + len(body).to_bytes(2, "big")
    return b"\x81" + size + body
