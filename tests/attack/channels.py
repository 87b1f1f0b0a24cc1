"""Ways out of a browser, and ears that hear whether anything came.

Each way is a page of its own, told where to knock: `{address}` is an http address, `{host}:{port}` the same without
scheme, and something listens there for TCP and for UDP.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Ear:
    """One port of this machine, for TCP and UDP, and what came in."""

    port: int
    heard: list[str] = field(default_factory=list)
    is_heard: threading.Event = field(default_factory=threading.Event)

    def hear(self, what: str) -> None:
        self.heard.append(what)
        self.is_heard.set()


@contextmanager
def ear() -> Iterator[Ear]:
    tcp, udp, port = _pair()
    found = Ear(port=port)

    def listen_tcp() -> None:
        while True:
            try:
                connection, _ = tcp.accept()
            except OSError:
                return
            found.hear("tcp")
            connection.close()

    def listen_udp() -> None:
        while True:
            try:
                data, _ = udp.recvfrom(4096)
            except OSError:
                return
            if data == b"end" or udp.fileno() == -1:
                return
            found.hear("udp")

    threads = [threading.Thread(target=one, daemon=True) for one in (listen_tcp, listen_udp)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        tcp.shutdown(socket.SHUT_RDWR)
        tcp.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", ("127.0.0.1", port))
        for thread in threads:
            thread.join(timeout=5)
        udp.close()


def _pair() -> tuple[socket.socket, socket.socket, int]:
    while True:
        tcp = socket.socket()
        tcp.bind(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            continue
        tcp.listen()
        return tcp, udp, tcp.getsockname()[1]


#: By name, in order; one name may come more than once.
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way out."""

    #: Of the page; every `{address}`, `{host}` and `{port}` is filled in.
    html: str = ""
    headers: Headers = ()
    #: Whether an unfenced browser takes it within the test's time: the check of the check.
    is_heard_unfenced: bool = True
    #: Other documents of the same host, by path, as (type, text).
    others: tuple[tuple[str, str, str], ...] = ()


def script(text: str) -> str:
    return f"<!doctype html><title>way</title><body><script>{text}</script>"


_ICE = """
  const c = new RTCPeerConnection({iceServers: [%s]});
  c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o));
"""

WAYS: dict[str, Way] = {
    "WebRTC to a STUN server": Way(html=script(_ICE % "{urls: 'stun:{host}:{port}'}")),
    "WebRTC to a TURN server over TCP": Way(
        html=script(_ICE % "{urls: 'turn:{host}:{port}?transport=tcp', username: 'a', credential: 'b'}"),
    ),
    "WebRTC to a TURN server over TLS": Way(
        html=script(_ICE % "{urls: 'turns:{host}:{port}?transport=tcp', username: 'a', credential: 'b'}"),
    ),
    "WebRTC to a peer": Way(
        html=script(
            """(async () => {
  const a = new RTCPeerConnection(), b = new RTCPeerConnection();
  a.createDataChannel('x');
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  await a.setRemoteDescription(b.localDescription);
  for (const kind of ['udp', 'tcp'])
    await a.addIceCandidate({sdpMid: '0', candidate:
      `candidate:1 1 ${kind} 2122260223 {host} {port} typ host${kind === 'tcp' ? ' tcptype passive' : ''}`});
})()"""
        ),
    ),
    "WebRTC of a frame": Way(
        html=script(
            """const frame = document.createElement('iframe'); document.body.append(frame);
  const RTCPeerConnection = frame.contentWindow.RTCPeerConnection;"""
            + _ICE % "{urls: 'stun:{host}:{port}'}"
        ),
    ),
    "WebRTC of a frame with a document of its own": Way(
        html='<iframe srcdoc="<script>'
        "const c = new RTCPeerConnection({iceServers: [{urls: 'stun:{host}:{port}'}]});"
        "c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o))</script>\"></iframe>",
    ),
    "WebRTC of a window": Way(
        html=script("""const w = window.open('/other'); """),
        others=(("/other", "text/html", script(_ICE % "{urls: 'stun:{host}:{port}'}")),),
        is_heard_unfenced=False,  # without a click no window opens
    ),
    "WebTransport": Way(
        html=script("new WebTransport('https://{host}:{port}/').ready.catch(() => 0)"),
    ),
    "WebTransport with a certificate of its own": Way(
        html=script(
            """new WebTransport('https://{host}:{port}/', {serverCertificateHashes:
  [{algorithm: 'sha-256', value: new Uint8Array(32)}]}).ready.catch(() => 0)"""
        ),
    ),
    "WebTransport of a worker": Way(
        html=script(
            """new Worker(URL.createObjectURL(new Blob([
  "new WebTransport('https://{host}:{port}/').ready.catch(() => 0)"])))"""
        ),
    ),
    "a name looked up ahead": Way(
        html="<link rel=dns-prefetch href='{address}'><link rel=preconnect href='{address}'>",
        is_heard_unfenced=False,  # the one without windows does neither
    ),
    "a connection opened ahead, by a header": Way(
        html="<title>way</title>", headers=(("Link", "<{address}>; rel=preconnect"),), is_heard_unfenced=False
    ),
    "a file loaded ahead": Way(
        html="<link rel=prefetch href='{address}a'><link rel=preload as=script href='{address}b'>"
        "<link rel=modulepreload href='{address}c'>"
    ),
    "speculation rules": Way(
        html='<script type=speculationrules>{"prefetch": [{"urls": ["{address}"], "eagerness": "immediate"}],'
        ' "prerender": [{"urls": ["{address}p"], "eagerness": "immediate"}]}</script>',
        is_heard_unfenced=False,  # not every browser, nor each time
    ),
    "a refresh by a header": Way(html="<title>way</title>", headers=(("Refresh", "0; url={address}"),)),
    "a refresh by the page": Way(html="<meta http-equiv=refresh content='0; url={address}'>"),
    "a form that sends itself": Way(
        html="<form method=post action='{address}'></form><script>document.forms[0].submit()</script>"
    ),
    "a beacon": Way(html=script("navigator.sendBeacon('{address}', 'text')")),
    "a ping": Way(html="<a href='#x' ping='{address}'>x</a><script>document.links[0].click()</script>"),
    "fetch that outlives the page": Way(
        html=script(
            "fetch('{address}', {mode: 'no-cors', keepalive: true}).catch(() => 0); location = 'about:blank'"
        )
    ),
    "fetch of a worker": Way(
        html=script("new Worker(URL.createObjectURL(new Blob([\"fetch('{address}').catch(() => 0)\"])))")
    ),
    "a script of a worker": Way(
        html=script("new Worker(URL.createObjectURL(new Blob([\"importScripts('{address}')\"])))")
    ),
    "fetch of a shared worker": Way(
        html=script(
            "new SharedWorker(URL.createObjectURL(new Blob([\"fetch('{address}').catch(() => 0)\"])))"
        )
    ),
    "a web socket": Way(html=script("new WebSocket('ws://{host}:{port}/')")),
    "a web socket of a worker": Way(
        html=script("new Worker(URL.createObjectURL(new Blob([\"new WebSocket('ws://{host}:{port}/')\"])))")
    ),
    "an event source": Way(html=script("new EventSource('{address}')")),
    "a module": Way(html=script("import('{address}').catch(() => 0)")),
    "a worklet": Way(
        html=script(
            "CSS.paintWorklet?.addModule('{address}').catch(() => 0); "
            "new AudioContext().audioWorklet.addModule('{address}').catch(() => 0)"
        ),
        is_heard_unfenced=False,
    ),
    "a picture": Way(html="<img src='{address}'>"),
    "a style sheet, its import, its font, its cursor": Way(
        html="<link rel=stylesheet href='{address}s'><style>@import '{address}i'; "
        "@font-face {{font-family: f; src: url({address}f)}} body {{font-family: f; cursor: url({address}c), auto;"
        " background: url({address}b)}}</style>text"
    ),
    "media and its track": Way(html="<video src='{address}' autoplay muted></video>"),
    "an object": Way(html="<object data='{address}'></object><embed src='{address}e'>"),
    "a frame": Way(html="<iframe src='{address}'></iframe>"),
    "a fenced frame": Way(
        html="<fencedframe></fencedframe>"
        + script(
            "try {{ document.querySelector('fencedframe').config = new FencedFrameConfig('{address}') }} catch {{}}"
        ),
        is_heard_unfenced=False,
    ),
    "a portal": Way(html="<portal src='{address}'></portal>", is_heard_unfenced=False),
    "an icon and a manifest": Way(
        html="<link rel=icon href='{address}i'><link rel=manifest href='{address}m'>", is_heard_unfenced=False
    ),
    "a picture of a vector graphic": Way(
        html="<svg><image href='{address}'/><use href='{address}#x'/></svg>"
    ),
    "a style sheet of XML": Way(
        html="<iframe src='/other'></iframe>",
        others=(("/other", "text/xml", "<?xml-stylesheet type='text/xsl' href='{address}'?><a/>"),),
        is_heard_unfenced=False,  # only one of the same origin is loaded
    ),
    "a report of a rule that was broken": Way(
        html="<img src='/nothing.png'>",
        headers=(("Content-Security-Policy", "img-src 'none'; report-uri {address}"),),
    ),
    "a report of the network": Way(
        html="<img src='/nothing.png'>",
        headers=(
            ("Reporting-Endpoints", 'default="{address}"'),
            ("Report-To", '{{"group": "n", "max_age": 9, "endpoints": [{{"url": "{address}"}}]}}'),
            ("NEL", '{{"report_to": "n", "max_age": 9, "success_fraction": 1.0}}'),
        ),
        is_heard_unfenced=False,  # only over https
    ),
    "a redirect": Way(html="<img src='/other'>", others=(("/other", "302 {address}", ""),)),
    "a window": Way(html=script("window.open('{address}')"), is_heard_unfenced=False),
    "a link of another program": Way(
        html=script(
            "location = 'mailto:a@{host}'; setTimeout(() => location = 'web+x://{host}:{port}', 100)"
        ),
        is_heard_unfenced=False,
    ),
    "a background fetch": Way(
        html=script(
            """navigator.serviceWorker.register('/other').then(() => navigator.serviceWorker.ready)
  .then(r => r.backgroundFetch.fetch('x', ['{address}'])).catch(() => 0)"""
        ),
        others=(("/other", "text/javascript", "self.addEventListener('fetch', () => 0)"),),
        is_heard_unfenced=False,  # asks for a permission first
    ),
    "a push subscription": Way(
        html=script(
            """navigator.serviceWorker.register('/other').then(() => navigator.serviceWorker.ready)
  .then(r => r.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: new Uint8Array(65).fill(4)}))
  .catch(() => 0)"""
        ),
        others=(("/other", "text/javascript", "self.addEventListener('push', () => 0)"),),
        is_heard_unfenced=False,
    ),
    "fetch of a service worker": Way(
        html=script("navigator.serviceWorker.register('/other').catch(() => 0)"),
        others=(("/other", "text/javascript", "fetch('{address}', {mode: 'no-cors'}).catch(() => 0)"),),
    ),
    "a sign-in by another site": Way(
        html=script(
            """navigator.credentials.get({identity: {providers:
  [{configURL: '{address}', clientId: 'x'}]}}).catch(() => 0)"""
        ),
        is_heard_unfenced=False,  # only over https
    ),
    "a payment": Way(
        html=script(
            """new PaymentRequest([{supportedMethods: 'https://{host}:{port}/pay'}],
  {total: {label: 'x', amount: {currency: 'USD', value: '1'}}}).canMakePayment().catch(() => 0)"""
        ),
        is_heard_unfenced=False,
    ),
    "an interest group": Way(
        html=script(
            """try { navigator.joinAdInterestGroup({name: 'x', owner: 'https://{host}:{port}',
  updateURL: 'https://{host}:{port}/u'}, 60).catch(() => 0) } catch {}"""
        ),
        is_heard_unfenced=False,
    ),
}


def filled(text: str, port: int, host: str) -> str:
    for name, value in (
        ("{address}", f"http://{host}:{port}/"),
        ("{host}", host),
        ("{port}", str(port)),
        ("{{", "{"),
        ("}}", "}"),
    ):
        text = text.replace(name, value)
    return text


@contextmanager
def serving_ways(ports: dict[str, int], host: str = "127.0.0.1") -> Iterator[str]:
    """Serves each way under its place in WAYS (`/0`, `/1`, ...). Yields the address of this server."""
    numbers = list(WAYS)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            first, _, rest = self.path.strip("/").partition("/")
            name = numbers[int(first)] if first.isdigit() and int(first) < len(numbers) else None
            if name is None:
                self._answer(404, "text/plain", "")
                return
            way = WAYS[name]
            for path, kind, text in way.others:
                if rest and path == f"/{rest}":
                    if kind.startswith("302 "):
                        self.send_response(302)
                        self.send_header("location", filled(kind[4:], ports[name], host))
                        self.end_headers()
                    else:
                        self._answer(200, kind, filled(text, ports[name], host))
                    return
            html = filled(way.html, ports[name], host).replace("'/other", f"'/{first}/other")
            self._answer(
                200,
                "text/html",
                html,
                [(key, filled(value, ports[name], host)) for key, value in way.headers],
            )

        def _answer(self, status: int, kind: str, text: str, more: Headers = ()) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("service-worker-allowed", "/")
            for key, value in more:
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://app.localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
