"""Scenarios are checked when they are read, add up, and do to requests what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from robot.practice.scenario import EFFECTS, GROUPS, ScenarioError, all_scenarios, parse_rule, read_scenario
from tests.practice.conftest import AGENCY, DEMO, Dashboard
from tests.practice.served import Served

NUMBERS = f"/locations/{DEMO}/numbers/search"


@pytest.fixture
def served(dashboard: Dashboard) -> Served:
    return Served(dashboard)


@pytest.mark.matrix
def test_every_shipped_scenario_is_one(dashboard: Dashboard) -> None:
    """And can be put in force."""
    for name, scenario in all_scenarios().items():
        assert scenario.facts, f"{name} does not say which facts it is made from"
        assert scenario.settings or scenario.data or scenario.rules, f"{name} does nothing"
        assert scenario.group in GROUPS
        dashboard.tell("/scenarios", {"names": [name]})
        dashboard.tell("/reset")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("scenario: other", "must be the file's name"),
        ("scenario: one\ntitle: One\ngroup: fun", "'group' is one of"),
        ("scenario: one\ntitle: One\ngroup: time\nsettings: {pace: 1}", "no such setting: pace"),
        ("scenario: one\ntitle: One\ngroup: time\nrule: []", "unknown key 'rule'"),
        ("scenario: one\ntitle: One\ngroup: time\nrules: [{path: '[', do: {status: 500}}]", "no pattern"),
        (
            "scenario: one\ntitle: One\ngroup: time\nrules: [{path: x, do: {explode: 1}}]",
            "unknown key 'explode'",
        ),
        ("scenario: one\ntitle: One\ngroup: time\ndata: [{add: user, remove: user}]", "exactly one of"),
        ("scenario: [", "one.yaml"),
    ],
)
def test_a_file_that_is_no_scenario_says_why(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"one\.yaml: ") as caught:
        read_scenario(path)
    assert why in str(caught.value)


def test_a_rule_needs_one_effect() -> None:
    with pytest.raises(ScenarioError, match="exactly one of"):
        parse_rule({"path": "x", "do": {"status": 500, "stale": True}})


def test_settings_of_several_add_up_and_a_reset_undoes_all(dashboard: Dashboard) -> None:
    dashboard.tell("/scenarios", {"names": ["product-tour", "announcement", "messages-never-come"]})
    settings = dashboard.ask("/settings")
    assert settings["overlays"] == ["guide", "announcement"]
    assert settings["toasts"] == "never"
    dashboard.tell("/reset")
    assert dashboard.ask("/settings")["overlays"] == []
    assert dashboard.ask("/scenarios")["chosen"] == []


def test_one_that_does_not_exist_is_refused(dashboard: Dashboard) -> None:
    answer = dashboard.http.post(f"{dashboard.oracle}/scenarios", json={"names": ["nothing-like-it"]})
    assert (answer.status_code, "nothing-like-it" in answer.text) == (400, True)
    command = [sys.executable, "-m", "robot.practice", "--scenario", "nothing-like-it"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode == 2
    assert "no such scenario: nothing-like-it" in ended.stderr


def test_all_are_listed_by_group() -> None:
    command = [sys.executable, "-m", "robot.practice", "--list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    assert [line for line in listed.splitlines() if line and not line.startswith(" ")] == [
        group for group in GROUPS if any(one.group == group for one in all_scenarios().values())
    ]
    assert all(f"  {name} " in listed for name in all_scenarios())


def _rule(dashboard: Dashboard, do: dict[str, Any], **more: Any) -> None:
    dashboard.tell("/rules", {"path": "/numbers/search$", "do": do, **more})


def test_an_answer_fails_as_often_as_the_rule_says(dashboard: Dashboard) -> None:
    _rule(dashboard, {"status": 503}, nth=2, times=2)
    assert [dashboard.call(NUMBERS).status_code for _ in range(5)] == [200, 503, 503, 200, 200]


def test_a_connection_breaks_off_before_or_after_the_work(dashboard: Dashboard, served: Served) -> None:
    number = served.post(NUMBERS)["rows"][0]
    dashboard.tell("/rules", {"path": "/delete$", "times": 1, "do": {"drop": "before"}})
    with pytest.raises(httpx.RemoteProtocolError):
        dashboard.call(f"/locations/{DEMO}/numbers/{number['id']}/delete", {"word": "Delete"})
    assert served.mutations() == []
    dashboard.tell("/rules", {"path": "/delete$", "times": 1, "do": {"drop": "after"}})
    with pytest.raises(httpx.RemoteProtocolError):
        dashboard.call(f"/locations/{DEMO}/numbers/{number['id']}/delete", {"word": "Delete"})
    assert served.mutations() == [f"delete phone_number:{number['number']}"]


def test_a_stale_list_is_the_old_one_until_a_page_is_loaded(dashboard: Dashboard, served: Served) -> None:
    _rule(dashboard, {"stale": True})
    before = served.post(NUMBERS)
    served.post(f"/locations/{DEMO}/numbers/{before['rows'][0]['id']}/delete", {"word": "Delete"})
    assert served.post(NUMBERS) == before
    page = f"http://127.0.0.1:{dashboard.port}/agency_dashboard"
    dashboard.http.get(page, headers={"host": f"app.localhost:{dashboard.port}"}).raise_for_status()
    assert served.post(NUMBERS)["rows"] == before["rows"][1:]


def test_rows_come_in_another_order(dashboard: Dashboard, served: Served) -> None:
    before = served.post(NUMBERS)["rows"]
    _rule(dashboard, {"reverse": True})
    assert served.post(NUMBERS)["rows"] == before[::-1]


def test_data_changes_in_the_sub_account_of_the_request_only(dashboard: Dashboard, served: Served) -> None:
    change = {"add": "phone_number", "set": {"number": "+1{new}", "friendly_name": "of {location_id}"}}
    everything = len(dashboard.ask("/state")["entity"])
    before = served.post(NUMBERS)["rows"]
    _rule(dashboard, {"data": [change]}, times=1)
    rows = served.post(NUMBERS)["rows"]
    assert len(rows) == len(before) + 1
    assert rows[-1]["friendly_name"] == f"of {DEMO}"
    assert rows[-1]["number"] not in [row["number"] for row in before]
    assert len(dashboard.ask("/state")["entity"]) == everything + 1
    assert served.mutations() == []


def test_a_refusal_may_say_why(dashboard: Dashboard, served: Served) -> None:
    _rule(dashboard, {"refuse": "Not you"}, times=1)
    _rule(dashboard, {"refuse": {"title": "Not now", "message": "It is in use."}}, nth=2)
    assert served.refused(NUMBERS) == {"code": "forbidden", "title": "Not you"}
    assert served.refused(NUMBERS) == {"code": "forbidden", "title": "Not now", "message": "It is in use."}


def test_users_can_be_made_members_of_more_sub_accounts(dashboard: Dashboard) -> None:
    before = {row["id"]: row["body"]["location_ids"] for row in dashboard.entities("user")}
    dashboard.tell("/scenarios", {"names": ["user-is-shared", "user-is-agency-owner"]})
    everywhere = {row["id"] for row in dashboard.entities("sub_account")}
    for row in dashboard.entities("user"):
        places = row["body"]["location_ids"]
        if row["body"]["is_owner"]:
            assert set(places) == everywhere
        elif row["body"]["type"] == "account":
            assert places[:-1] == before[row["id"]]
            assert len(set(places)) == len(places)
        else:
            assert places == before[row["id"]]


def test_a_contact_is_copied_with_its_address_in_capitals(dashboard: Dashboard) -> None:
    dashboard.tell("/scenarios", {"names": ["contacts-of-one-person"]})
    mails = [row["body"]["email"] for row in dashboard.entities("contact", AGENCY)]
    assert "adrianne@adriannes-housekeeping.example" in mails
    assert "ADRIANNE@ADRIANNES-HOUSEKEEPING.EXAMPLE" in mails


def test_jobs_take_as_long_as_the_setting_says(dashboard: Dashboard, served: Served) -> None:
    served.set(job_s=500)
    [contact, *_] = served.post(f"/locations/{AGENCY}/contacts/search")["rows"]
    action = {"change": "remove", "ids": [contact["id"]], "tags": contact["tags"], "name": "one"}
    served.post(f"/locations/{AGENCY}/bulk-actions/start", action)
    served.advance(490)
    assert served.post(f"/locations/{AGENCY}/bulk-actions/search")["rows"][0]["status"] == "queued"
    served.advance(20)
    assert served.post(f"/locations/{AGENCY}/bulk-actions/search")["rows"][0]["status"] == "processing"


def test_pages_can_have_the_times_of_the_real_ones(served: Served) -> None:
    assert served.post("/boot")["pace"]["skeletonMs"] == 30
    served.set(page_pace="real")
    assert served.post("/boot")["pace"] == {
        "skeletonMs": 900,
        "blankFrameMs": 1500,
        "toastMs": 4500,
        "name": "real",
    }


def test_a_bulk_action_is_complete_though_its_first_contact_failed(
    dashboard: Dashboard, served: Served
) -> None:
    served.set(bulk_outcome="partly")
    rows = served.post(f"/locations/{AGENCY}/contacts/search")["rows"][:2]
    action = {"change": "remove", "ids": [row["id"] for row in rows], "all_tags": True, "name": "two"}
    served.post(f"/locations/{AGENCY}/bulk-actions/start", action)
    served.advance()
    served.advance()
    [done] = served.post(f"/locations/{AGENCY}/bulk-actions/search")["rows"]
    assert (done["status"], done["stats"]["failed"], done["stats"]["successful"]) == ("complete", 1, 1)
    tags = {row["id"]: row["body"]["tags"] for row in dashboard.entities("contact", AGENCY)}
    assert tags[rows[0]["id"]] == rows[0]["tags"]
    assert tags[rows[1]["id"]] == []


def test_of_a_suspended_account_no_registration_is_told(dashboard: Dashboard, served: Served) -> None:
    assert served.post(f"/locations/{DEMO}/trust")["campaigns"]
    dashboard.tell("/scenarios", {"names": ["suspended-account"]})
    trust = served.post(f"/locations/{DEMO}/trust")
    assert (trust["suspended"], trust["brands"], trust["campaigns"]) == (True, [], [])


def test_a_dialog_that_does_not_exist_names_nothing(dashboard: Dashboard) -> None:
    answer = dashboard.http.post(f"{dashboard.oracle}/settings", json={"dialog_names_other": ["nothing"]})
    assert (answer.status_code, "no such dialog: nothing" in answer.text) == (400, True)


def test_a_session_ends_and_a_token_grows_old(dashboard: Dashboard) -> None:
    _rule(dashboard, {"expire": "tokens"}, times=1)
    assert dashboard.call(NUMBERS).status_code == 401
    dashboard.sign_in()
    assert dashboard.call(NUMBERS).status_code == 200


def test_chance_is_the_same_for_the_same_seed(dashboard: Dashboard) -> None:
    def tries() -> list[int]:
        dashboard.tell("/reset")
        _rule(dashboard, {"status": 500}, chance=0.5)
        return [dashboard.call(NUMBERS).status_code for _ in range(12)]

    first = tries()
    assert {200, 500} == set(first)
    assert tries() == first


def test_every_scenario_and_effect_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs/practice.md").read_text(encoding="utf-8")
    for name, scenario in all_scenarios().items():
        assert f"| {scenario.group} | `{name}` | {scenario.title} |" in text
    assert all(f"| `{name}` | {what} |" in text for name, what in EFFECTS.items())
