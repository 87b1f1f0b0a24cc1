"""Three host names on one port, and the oracle apart from them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from robot import practice
from tests.practice.conftest import Dashboard


def _get(dashboard: Dashboard, path: str, *, host: str, **headers: str) -> tuple[int, dict[str, str], str]:
    answer = dashboard.http.get(f"http://127.0.0.1:{dashboard.port}{path}", headers={"host": host, **headers})
    return answer.status_code, dict(answer.headers), answer.text


def test_app_answers_under_its_own_name_only(dashboard: Dashboard) -> None:
    assert _get(dashboard, "/", host=f"app.localhost:{dashboard.port}")[0] == 200
    for other in ("127.0.0.1", "localhost", "evil.localhost", "app.localhost.evil.example"):
        assert _get(dashboard, "/", host=f"{other}:{dashboard.port}")[0] == 421


def test_oracle_is_not_on_the_dashboard(dashboard: Dashboard) -> None:
    for host in ("app", "frames", "assets"):
        name = f"{host}.localhost:{dashboard.port}"
        for path in ("/state", "/mutations"):
            assert "phone_number" not in _get(dashboard, path, host=name)[2]
        assert dashboard.send("/reset", host=host).status_code in (404, 405)


def test_oracle_grants_no_other_origin(dashboard: Dashboard) -> None:
    origin = f"http://app.localhost:{dashboard.port}"
    answer = dashboard.http.get(f"{dashboard.oracle}/mutations", headers={"origin": origin})
    assert "access-control-allow-origin" not in answer.headers


def test_pages_do_not_know_the_oracle(dashboard: Dashboard) -> None:
    port = dashboard.oracle.rpartition(":")[2]
    for host in ("app", "frames"):
        status, headers, text = _get(dashboard, "/", host=f"{host}.localhost:{dashboard.port}")
        assert status == 200
        assert port not in text
        assert port not in headers["content-security-policy"]


def test_assets_are_granted_to_app_and_frames_only(dashboard: Dashboard) -> None:
    name = f"assets.localhost:{dashboard.port}"
    for host in ("app", "frames"):
        origin = f"http://{host}.localhost:{dashboard.port}"
        headers = _get(dashboard, "/vendor/inter.css", host=name, origin=origin)[1]
        assert headers["access-control-allow-origin"] == origin
    headers = _get(dashboard, "/vendor/inter.css", host=name, origin="http://evil.example")[1]
    assert "access-control-allow-origin" not in headers


def test_every_library_has_its_licence_beside_it(dashboard: Dashboard) -> None:
    name = f"assets.localhost:{dashboard.port}"
    for library in ("vue", "vue-router", "naive-ui", "inter", "lucide"):
        assert _get(dashboard, f"/vendor/{library}.LICENSE", host=name)[0] == 200


def test_every_component_in_use_is_bundled() -> None:
    static = Path(practice.__file__).parent / "static"
    entry = (static / "vendor" / "naive-ui.entry.js").read_text(encoding="utf-8")
    bundled = set(re.findall(r"\bN[A-Z]\w+", entry))
    texts = [path.read_text(encoding="utf-8") for path in (static / "app").rglob("*.js")]
    tags = {tag for text in texts for tag in re.findall(r"<(n-[a-z-]+)", text)}
    used = {"".join(part.capitalize() for part in tag.split("-")) for tag in tags}
    used |= {name for text in texts for name in re.findall(r"\bnaive\.(N\w+)", text)}
    assert used - bundled == set()
    exported = set(re.findall(r"\w+", entry.partition("export {")[2]))
    direct = {name for text in texts for name in re.findall(r"\bnaive\.(\w+)", text)}
    assert direct - exported == set()


def test_only_the_app_may_hold_the_frames(dashboard: Dashboard) -> None:
    policy = _get(dashboard, "/", host=f"frames.localhost:{dashboard.port}")[1]["content-security-policy"]
    assert policy.endswith(f"frame-ancestors http://app.localhost:{dashboard.port}")


def test_other_names_may_be_chosen() -> None:
    names = ("hub.woot.localhost", "embed.localhost", "cdn.localhost")
    command = [sys.executable, "-m", "robot.practice", "--json", "--with-parent", str(os.getpid())]
    with subprocess.Popen(
        [*command, "--hosts", ",".join(names)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["dashboard"]
        port = address.rpartition(":")[2]
        assert address == f"http://{names[0]}:{port}"
        shown = {
            host: httpx.get(f"http://127.0.0.1:{port}/", headers={"host": f"{host}:{port}"})
            for host in (*names[:2], "app.localhost")
        }
        process.terminate()
    assert [answer.status_code for answer in shown.values()] == [200, 200, 421]
    for name in names:
        assert f"http://{name}:{port}" in shown[names[0]].text
    assert "app.localhost" not in shown[names[0]].text


@pytest.mark.parametrize(
    ("hosts", "why"),
    [
        ("one.localhost,two.localhost", "three different names"),
        ("one.localhost,one.localhost,two.localhost", "three different names"),
        ("hub.example.com,one.localhost,two.localhost", "'hub.example.com' must end in .localhost"),
    ],
)
def test_names_that_cannot_be_are_refused(hosts: str, why: str) -> None:
    command = [sys.executable, "-m", "robot.practice", "--hosts", hosts]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode == 2
    assert why in ended.stderr
