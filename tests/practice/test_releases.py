"""The releases of the user interface: what each changes, what it leaves, and how it is chosen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Frame, Page, expect

from tests.practice.conftest import AGENCY, DEMO, EMAIL, BrowserThread, Dashboard

LOCATION = f"/v2/location/{DEMO}"
#: Page -> its address and a text that is there once it is drawn; {domain} is the demo customer's first domain.
PAGES = {
    "Sub-Accounts": ("/sub-accounts", "Adrianne's Housekeeping Plus"),
    "Manage Client": (f"/accounts/detail/{DEMO}", "cus_"),
    "Account Snapshots": ("/snapshots", "Adrianne's Housekeeping Plus"),
    "Email Services": (f"{LOCATION}/settings/smtp_service", "LC Email"),
    "dedicated domains": (f"{LOCATION}/settings/smtp_service/dedicated_domains", "mail.adriannes"),
    "Domains": (f"{LOCATION}/settings/domain", "adriannes-housekeeping"),
    "one domain": (f"{LOCATION}/settings/domain/{{domain}}", "adriannes-housekeeping"),
    "Calendars": (f"{LOCATION}/settings/calendars", "Free Estimate"),
    "Phone System": (f"{LOCATION}/settings/phone_system", "+1512555"),
    "Trust Center": (f"{LOCATION}/settings/phone_system?tab=trust-center", "SHAKEN"),
    "My Staff": (f"{LOCATION}/settings/staff/team", "Dana"),
    "Business Profile": (f"{LOCATION}/settings/company", DEMO),
    "Contacts": (f"/v2/location/{AGENCY}/contacts/smart_list/All", "wootrecruit"),
    "Bulk Actions": (f"/v2/location/{AGENCY}/contacts/bulk/actions", "run in the background"),
}

# Everything the document says and is called: ids, classes and own attributes, and the words on it. What Naive UI
# writes by itself (random ids, hashes, `data-n-id`, `data-col-key`, the `data-name` of a tab) is left out.
_LOOK = """() => {
  const seen = { ids: new Set(), classes: new Set(), attributes: new Set(), words: [], menu: [] };
  const foreign = ["data-n-id", "data-col-key", "data-name", "data-v-app", "data-scrollbar-rail"];
  for (const element of document.body.querySelectorAll("#app *, .n-modal-container *, .hr-modal-container *")) {
    if (element.id && !/^[0-9a-f]{8}$/.test(element.id)) seen.ids.add(element.id);
    for (const name of element.classList) if (!name.startsWith("__")) seen.classes.add(name);
    for (const name of element.getAttributeNames())
      if ((name.startsWith("data-") || name === "meta" || name.startsWith("tabulator")) && !foreign.includes(name))
        seen.attributes.add(name);
    for (const name of ["aria-label", "placeholder", "title"])
      if (element.getAttribute(name)) seen.words.push(element.getAttribute(name));
    for (const child of element.childNodes)
      if (child.nodeType === 3 && child.data.trim()) seen.words.push(child.data.trim());
  }
  return Object.fromEntries(Object.entries(seen).map(([key, value]) => [key, [...value].sort()]));
}"""

# Classes of the older generation, wherever they are, menus and dialogs too.
_OLDER = """() => [...document.body.querySelectorAll("*")].flatMap((element) => [...element.classList])
  .filter((name) => !/^(__|(hr|ui|is|v)-)|-transition-/.test(name))"""

# Whether nothing has changed since this was asked last: what loads later has come.
_IS_STILL = f"""() => {{
  const now = JSON.stringify(({_LOOK})());
  const before = window.lookedBefore;
  window.lookedBefore = now;
  return now === before;
}}"""

Look = dict[str, list[str]]


def _inner(page: Page) -> Frame:
    """The page's frame, or the page itself."""
    return next((frame for frame in page.frames if frame.url.startswith("http://frames.")), page.main_frame)


def _open(page: Page, dashboard: Dashboard, name: str) -> Frame:
    address, text = PAGES[name]
    domain = dashboard.entities("domain", DEMO)[0]["id"]
    page.goto(dashboard.url + address.format(domain=domain))
    page.locator("aside").wait_for()
    if "settings/" in address and any(part in address for part in ("smtp", "calendars", "staff", "company")):
        page.frame_locator("iframe").get_by_text(text).first.wait_for()
    else:
        page.locator("main").get_by_text(text).first.wait_for()
    return _inner(page)


def _looks(page: Page, dashboard: Dashboard, release: str) -> dict[str, Look]:
    """Every page of a release; the pages of `PAGES`, and their sidebar."""
    dashboard.tell("/settings", {"release": release})
    looks: dict[str, Look] = {}
    for name in PAGES:
        inner = _open(page, dashboard, name)
        for frame in {inner, page.main_frame}:
            frame.wait_for_function(_IS_STILL, polling=150)
        look: Look = inner.evaluate(_LOOK)
        if inner is not page.main_frame:
            look = {key: look[key] + found for key, found in page.evaluate(_LOOK).items()}
        looks[name] = {key: sorted(found) for key, found in look.items()}
    return looks


@pytest.fixture(scope="module")
def looks(server: Dashboard, browser_thread: BrowserThread) -> Callable[[str], dict[str, Look]]:
    """The pages of a release, looked at once."""
    known: dict[str, dict[str, Look]] = {}

    def look(release: str) -> dict[str, Look]:
        if release not in known:
            server.tell("/reset")
            known[release] = browser_thread.run(lambda page: _looks(page, server, release), signed_in=server)
        return known[release]

    return look


@pytest.mark.matrix
def test_relabelled_says_other_things_under_the_same_names(looks: Callable[[str], dict[str, Look]]) -> None:
    for name, usual in looks("baseline").items():
        new = looks("relabelled")[name]
        assert new["ids"] == usual["ids"], name
        assert new["classes"] == usual["classes"], name
        assert new["attributes"] == usual["attributes"], name
        assert len(new["words"]) == len(usual["words"]), name
        assert len(set(new["words"]) - set(usual["words"])) > 25, name


@pytest.mark.matrix
def test_rebuilt_says_the_same_under_other_names(looks: Callable[[str], dict[str, Look]]) -> None:
    for name, usual in looks("baseline").items():
        new = looks("rebuilt")[name]
        assert new["words"] == usual["words"], name
        assert not set(new["ids"]) & set(usual["ids"]), name
        assert [one for one in new["ids"] if not one.startswith("ui-")] == [], name
        assert [one for one in new["classes"] if not re.match(r"(hr|ui|is|v)-", one)] == [], name
        assert not set(new["attributes"]) & set(usual["attributes"]), name


@pytest.mark.matrix
def test_rearranged_has_the_same_things_elsewhere(looks: Callable[[str], dict[str, Look]]) -> None:
    for name, usual in looks("baseline").items():
        new = looks("rearranged")[name]
        lost = {one for one in usual["ids"] if one not in new["ids"]}
        assert lost == set(), name
        missing = set(usual["words"]) - set(new["words"])
        assert missing <= {"My Business", "Business Services", "Other Settings"}, name


def _menu(page: Page, dashboard: Dashboard, release: str) -> list[tuple[str, str]]:
    """Label and address of the settings entries, in their order."""
    dashboard.tell("/settings", {"release": release})
    _open(page, dashboard, "Phone System")
    entries = page.get_by_role("navigation", name=re.compile("Settings|Configuration")).locator(
        "a[href^='/v2']"
    )
    found: list[Any] = entries.evaluate_all("(all) => all.map((a) => [a.innerText, a.getAttribute('href')])")
    return [(label, address) for label, address in found]


def test_the_sidebar_of_each_release(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        icons = {}
        for release in ("baseline", "relabelled", "rebuilt"):
            _menu(page, dashboard, release)
            icons[release] = page.locator("aside nav svg").evaluate_all(
                "(all) => all.map((one) => one.innerHTML)"
            )
        usual = _menu(page, dashboard, "baseline")
        relabelled = _menu(page, dashboard, "relabelled")
        rearranged = _menu(page, dashboard, "rearranged")
        assert [address for _, address in relabelled] == [address for _, address in usual]
        assert ("Team Members", f"{LOCATION}/settings/staff/team") in relabelled
        assert icons["relabelled"] != icons["baseline"] == icons["rebuilt"]
        assert _menu(page, dashboard, "rebuilt") == usual
        assert sorted(rearranged) == sorted(usual)
        assert rearranged != usual
        assert rearranged[0] == ("Phone System", f"{LOCATION}/settings/phone_system")

    browser_thread.run(act, signed_in=dashboard)


def test_every_release_can_delete_a_number(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    """The word, the number and the effect are the same; the way there is not."""
    titles = {"relabelled": "Permanently Delete Phone Number"}
    confirms = {"relabelled": "Yes, Delete"}
    numbers = [one["body"]["number"] for one in dashboard.entities("phone_number", DEMO)]

    def act(page: Page) -> None:
        for release, number in zip(("relabelled", "rebuilt", "rearranged"), numbers, strict=True):
            dashboard.tell("/settings", {"release": release})
            _open(page, dashboard, "Phone System")
            row = page.locator("tbody tr", has_text=number)
            if release == "rearranged":
                row.get_by_role("group", name="Actions").get_by_role("button", name="Delete").click()
            else:
                row.get_by_role("button", name="Options" if release == "relabelled" else "Actions").click()
                menu = page.locator(".hr-dropdown-option")
                menu.filter(has_text="Delete").click()
            dialog = page.get_by_role("dialog", name=titles.get(release, "Delete Phone Number"))
            expect(dialog).to_contain_text(number)
            assert (dialog.locator("xpath=self::*[contains(@class, 'drawer')]").count() == 1) == (
                release == "rearranged"
            )
            if release == "rebuilt":
                assert page.evaluate(_OLDER) == []
            confirm = dialog.get_by_role("button", name=confirms.get(release, "Confirm Delete"))
            expect(confirm).to_be_disabled()
            dialog.get_by_placeholder("Delete").fill("Delete")
            confirm.click()
            expect(row).to_have_count(0)
        assert [one["object"] for one in dashboard.ask("/mutations")] == [
            f"phone_number:{n}" for n in numbers
        ]

    browser_thread.run(act, signed_in=dashboard)


def test_an_email_domain_is_deleted_in_its_frame(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    domains = [one["body"]["domain"] for one in dashboard.entities("email_domain", DEMO)]

    def act(page: Page) -> None:
        for release, domain in zip(("relabelled", "rearranged"), domains, strict=True):
            dashboard.tell("/settings", {"release": release})
            page.goto(f"{dashboard.url}{LOCATION}/settings/smtp_service/dedicated_domains")
            inside = page.frame_locator("iframe")
            card = inside.locator(f".dedicated-domain-card[data-domain='{domain}']")
            if release == "relabelled":
                card.get_by_role("button", name="Sending domain menu").click()
                inside.get_by_text("Remove domain permanently", exact=True).click()
                dialog = inside.get_by_role("dialog", name="Permanently delete this domain?")
            else:
                card.get_by_role("button", name="Delete domain").click()
                dialog = inside.get_by_role("dialog", name="Delete domain?")
            expect(dialog).to_contain_text(domain)
            dialog.get_by_role("textbox").fill("Delete")
            dialog.get_by_role("button", name=re.compile("^Delete")).click()
            expect(card).to_have_count(0)
        assert [one["object"] for one in dashboard.ask("/mutations")] == [
            f"email_domain:{one}" for one in domains
        ]

    browser_thread.run(act, signed_in=dashboard)


def test_saas_dialogs_of_each_release(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    name = "Adrianne's Housekeeping"
    usual = ("Disable SaaS", f"Disable SaaS Mode for {name}", "Also cancel associated SaaS subscription")
    words = {
        "relabelled": (
            "Turn Off SaaS",
            f"Turn Off SaaS Mode for {name}",
            "End the SaaS subscription as well",
        ),
        "rebuilt": usual,
        "rearranged": usual,
    }

    def act(page: Page) -> None:
        for release, (button, title, tick) in words.items():
            dashboard.tell("/settings", {"release": release})
            _open(page, dashboard, "Manage Client")
            page.locator("main").get_by_role("button", name=button, exact=True).click()
            dialog = page.get_by_role("dialog", name=title)
            for box in dialog.get_by_role("checkbox").all():
                box.click()
            dialog.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("checkbox", name=tick)).to_be_visible()
            assert page.locator("#saas-disable").count() == (0 if release == "rebuilt" else 1)
        assert dashboard.ask("/mutations") == []

    browser_thread.run(act, signed_in=dashboard)


def test_help_and_remove_tags_of_each_release(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    words = {
        "relabelled": (
            "Support Center",
            "Chat With Us",
            "Ask the Assistant",
            "Write a reply",
            "Take Off Tags",
        ),
        "rebuilt": ("Need Help?", "Start Chat", "AI Support Chat", "Type your message", "Remove Tags"),
    }
    words["rearranged"] = words["rebuilt"]

    def act(page: Page) -> None:
        for release, (open_it, chat, assistant, field, tags) in words.items():
            dashboard.tell("/settings", {"release": release})
            _open(page, dashboard, "Contacts")
            page.get_by_role("checkbox", name="Select row").first.click()
            page.get_by_role("toolbar").get_by_role("button", name=tags).click()
            dialog = page.get_by_role("dialog", name=tags)
            expect(dialog).to_be_visible()
            dialog.get_by_role("button", name="Cancel").click()
            expect(dialog).to_have_count(0)
            page.get_by_role("button", name=open_it, exact=True).click()
            page.get_by_role("button", name=chat, exact=True).click()
            page.get_by_role("button", name=assistant, exact=True).click()
            expect(page.get_by_label(field, exact=True)).to_be_visible()
            if release == "rebuilt":
                assert page.evaluate(_OLDER) == []
            assert page.locator(".hs-chat").count() == (0 if release == "rebuilt" else 1)

    browser_thread.run(act, signed_in=dashboard)


def test_sign_in_of_each_release(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        for release, label, button in (
            ("baseline", "Email", "Sign in"),
            ("relabelled", "Email address", "Log in"),
            ("rebuilt", "Email", "Sign in"),
            ("rearranged", "Email", "Sign in"),
        ):
            dashboard.tell("/settings", {"release": release})
            page.goto(dashboard.url)
            page.get_by_label(label, exact=True).fill(EMAIL)
            expect(page.get_by_role("button", name=button)).to_be_visible()
            assert page.locator("#email").count() == (0 if release == "rebuilt" else 1)
            assert page.locator(".hl_login").count() == (0 if release == "rebuilt" else 1)

    browser_thread.run(act)


def test_a_frame_shows_the_release_of_the_document_around_it(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    def act(page: Page) -> None:
        dashboard.tell("/settings", {"release": "relabelled"})
        _open(page, dashboard, "Phone System")
        dashboard.tell("/settings", {"release": "baseline"})
        page.locator("#sb_my-staff").click()
        expect(page.frame_locator("iframe").get_by_role("heading", name="Team Members")).to_be_visible()
        page.reload()
        expect(page.frame_locator("iframe").get_by_role("heading", name="My Staff")).to_be_visible()

    browser_thread.run(act, signed_in=dashboard)


def test_no_wording_is_relabelled_twice(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    """A text may pass through `label` more than once on its way to the page."""

    def act(page: Page) -> None:
        page.goto(dashboard.url)
        again = page.evaluate(
            """async () => {
              const main = document.querySelector('script[type=module]').src;
              const { RELEASES } = await import(new URL("releases/index.js", main));
              return Object.values(RELEASES).flatMap(({ labels = {} }) =>
                Object.values(labels).filter((text) => text in labels && labels[text] !== text));
            }"""
        )
        assert again == []

    browser_thread.run(act)


def test_unknown_release_is_refused_by_the_oracle(dashboard: Dashboard) -> None:
    answer = dashboard.http.post(f"{dashboard.oracle}/settings", json={"release": "nightly"})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "no such release: nightly; there are baseline, relabelled, rebuilt, rearranged"
    }
    assert dashboard.ask("/settings")["release"] == "baseline"


def test_unknown_release_is_refused_at_the_start() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "robot.practice", "--release", "nightly"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 2
    assert "invalid choice: 'nightly'" in said.stderr
    assert "relabelled" in said.stderr


def test_the_release_of_the_start_outlives_a_reset() -> None:
    command = [sys.executable, "-m", "robot.practice", "--json", "--with-parent", str(os.getpid())]
    process = subprocess.Popen([*command, "--release", "rebuilt"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        oracle = json.loads(process.stdout.readline())["oracle"]
        assert httpx.get(f"{oracle}/settings").json()["release"] == "rebuilt"
        httpx.post(f"{oracle}/settings", json={"release": "relabelled"})
        assert httpx.get(f"{oracle}/settings").json()["release"] == "relabelled"
        httpx.post(f"{oracle}/reset")
        assert httpx.get(f"{oracle}/settings").json()["release"] == "rebuilt"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
