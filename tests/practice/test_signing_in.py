"""Password, code, session, tokens."""

from __future__ import annotations

import time

from tests.practice.conftest import DEMO, EMAIL, PASSWORD, Dashboard, code_at


def test_wrong_password_is_refused(dashboard: Dashboard) -> None:
    answer = dashboard.send("/api/session/login", {"email": EMAIL, "password": "guess"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Unable to log you in at this time")


def test_unknown_email_is_refused(dashboard: Dashboard) -> None:
    answer = dashboard.send("/api/session/login", {"email": "nobody@woot.example", "password": PASSWORD})
    assert (answer.status_code, answer.json()["title"]) == (401, "User does not exist in this Agency")


def test_wrong_code_is_refused_and_five_of_them_end_the_challenge(dashboard: Dashboard) -> None:
    challenge = dashboard.send("/api/session/login", {"email": EMAIL, "password": PASSWORD}).json()[
        "challenge"
    ]
    right = code_at(time.time())
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = dashboard.send("/api/session/verify", {"challenge": challenge, "code": wrong})
        assert answer.status_code == 401
    answer = dashboard.send("/api/session/verify", {"challenge": challenge, "code": right})
    assert answer.status_code == 401


def test_code_of_the_step_before_is_accepted(dashboard: Dashboard) -> None:
    challenge = dashboard.send("/api/session/login", {"email": EMAIL, "password": PASSWORD}).json()[
        "challenge"
    ]
    code = code_at(time.time() - 30)
    assert dashboard.send("/api/session/verify", {"challenge": challenge, "code": code}).status_code == 200


def test_password_alone_opens_nothing(dashboard: Dashboard) -> None:
    challenge = dashboard.send("/api/session/login", {"email": EMAIL, "password": PASSWORD}).json()[
        "challenge"
    ]
    answer = dashboard.send("/api/boot", headers={"authorization": f"Bearer {challenge}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token")


def test_token_is_renewed_at_the_assets_host_until_the_session_ends(dashboard: Dashboard) -> None:
    session = dashboard.sign_in()
    renewed = dashboard.send("/v1/token", {"refreshToken": session["refreshToken"]}, host="assets")
    assert renewed.status_code == 200
    assert renewed.json()["accessToken"] != session["accessToken"]
    dashboard.tell("/expire")
    refused = dashboard.send("/v1/token", {"refreshToken": session["refreshToken"]}, host="assets")
    assert (refused.status_code, refused.json()["code"]) == (401, "session")
    assert dashboard.call(f"/locations/{DEMO}").status_code == 401
    dashboard.sign_in()


def test_signing_in_is_not_a_mutation(dashboard: Dashboard) -> None:
    dashboard.sign_in()
    dashboard.call("/boot")
    assert dashboard.ask("/mutations") == []


def test_session_timeout_setting_ends_a_session(dashboard: Dashboard) -> None:
    session = dashboard.sign_in()
    dashboard.tell("/settings", {"session_timeout_s": 0})
    refused = dashboard.send("/v1/token", {"refreshToken": session["refreshToken"]}, host="assets")
    assert refused.status_code == 401


def _give(dashboard: Dashboard, code: str) -> int:
    first = dashboard.send("/api/session/login", {"email": EMAIL, "password": PASSWORD}).json()
    answer = dashboard.send("/api/session/verify", {"challenge": first["challenge"], "code": code})
    return answer.status_code


def test_the_first_codes_are_refused_for_good(dashboard: Dashboard) -> None:
    dashboard.tell("/settings", {"codes_refused": 1})
    now = time.time()
    assert [_give(dashboard, code_at(now)), _give(dashboard, code_at(now))] == [401, 401]
    assert [_give(dashboard, code_at(now + 30)), _give(dashboard, code_at(now + 30))] == [200, 200]
    dashboard.tell("/settings", {"codes_refused": -1})
    assert [_give(dashboard, code_at(now + shift)) for shift in (0, -30)] == [401, 401]


def test_a_code_is_good_once(dashboard: Dashboard) -> None:
    dashboard.tell("/settings", {"codes_once": True})
    now = time.time()
    codes = [code_at(now), code_at(now), code_at(now + 30), code_at(now + 30)]
    assert [_give(dashboard, code) for code in codes] == [200, 401, 200, 401]
