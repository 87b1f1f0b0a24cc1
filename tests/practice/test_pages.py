"""A few pages in a real browser: do they look and behave as dashboard-facts says?"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.practice.conftest import AGENCY, DEMO, BrowserThread, Dashboard, sign_in


def test_signing_in_returns_to_the_page_asked_for(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    def act(page: Page) -> None:
        sign_in(page, dashboard, f"/v2/location/{DEMO}/settings/tags")
        expect(page).to_have_url(re.compile(f"/v2/location/{DEMO}/settings/tags$"))
        # What the page still asks for would find the session ended by itself.
        page.wait_for_load_state("networkidle")
        dashboard.tell("/expire")
        page.locator("#sb_phone-system").click()
        expect(page.locator("#email")).to_be_visible()

    browser_thread.run(act)
    browser_thread.forget_session()


def test_a_number_goes_through_menu_word_and_toast(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    number = dashboard.entities("phone_number", DEMO)[1]["body"]["number"]

    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/phone_system")
        row = page.locator("tr.hr-data-table-tr", has_text=number)
        row.get_by_role("button", name="Actions").click()
        page.locator(".hr-dropdown-option", has_text="Delete").click()
        dialog = page.get_by_role("dialog", name="Delete Phone Number")
        expect(dialog).to_contain_text(f"the contact with the phone number {number}")
        confirm = dialog.get_by_role("button", name="Confirm Delete")
        dialog.get_by_placeholder("Delete").fill("delete")
        expect(confirm).to_be_disabled()
        dialog.get_by_placeholder("Delete").fill("Delete")
        confirm.click()
        expect(page.locator(".n-notification-main__header")).to_have_text("Phone number deleted")
        expect(row).to_have_count(0)
        assert [one["object"] for one in dashboard.ask("/mutations")] == [f"phone_number:{number}"]

    browser_thread.run(act, signed_in=dashboard)


def test_own_twilio_account_is_asked_about_releasing_before_anything_happens(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    place = next(one for one in dashboard.entities("sub_account") if one["body"]["telephony"] == "twilio")
    number = dashboard.entities("phone_number", place["id"])[0]["body"]["number"]

    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{place['id']}/settings/phone_system")
        row = page.locator("tr.hr-data-table-tr", has_text=number)
        question = page.get_by_role("dialog", name="Release your phone number as well?")
        for answer in ("Close", "No"):
            row.get_by_role("button", name="Actions").click()
            page.locator(".hr-dropdown-option", has_text="Delete").click()
            dialog = page.get_by_role("dialog", name="Delete Phone Number")
            dialog.get_by_placeholder("Delete").fill("Delete")
            dialog.get_by_role("button", name="Confirm Delete").click()
            expect(question).to_be_visible()
            assert dashboard.ask("/mutations") == []
            question.get_by_role("button", name=answer).click()
            expect(question).to_have_count(0)
        expect(page.locator(".n-notification-main__header")).to_have_text("Phone number removed")
        [mutation] = dashboard.ask("/mutations")
        assert mutation["detail"]["released"] is False

    browser_thread.run(act, signed_in=dashboard)


def test_switcher_finds_by_name_and_leads_into_the_sub_account(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    def act(page: Page) -> None:
        page.goto(dashboard.url + "/")
        expect(page.locator(".sidebar-v2-agency")).to_be_visible()
        page.locator("#location-switcher-sidbar-v2").click()
        page.get_by_placeholder("Search for a sub-account").fill("Adrianne's Housekeeping")
        # Rows exist only in view, and names are no identities: the address says where we are.
        expect(page.locator("#location-list-containrer .hl_account")).not_to_have_count(0)
        page.locator(".hl_account").filter(
            has=page.get_by_text("Adrianne's Housekeeping", exact=True)
        ).click()
        expect(page).to_have_url(re.compile(f"/v2/location/{DEMO}/"))
        expect(page.locator(".hl_switcher-loc-name")).to_have_text("Adrianne's Housekeeping")
        page.locator("#sb_settings").click()
        assert page.locator("#sb_calendars").count() == 2
        page.locator("#backButtonv2").click()
        page.locator("#location-switcher-sidbar-v2").click()
        page.locator("#switcher-agency-switch").click()
        expect(page.locator(".sidebar-v2-agency")).to_be_visible()

    browser_thread.run(act, signed_in=dashboard)


def test_staff_is_in_a_frame_of_another_host_or_in_the_page(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    def act(page: Page) -> None:
        dashboard.tell("/settings", {"frames": {"staff": "frame-then-main"}})
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/staff/team")
        inside = page.frame_locator('iframe[name="settings-app"]')
        expect(inside.locator(".page-title").first).to_be_visible()
        frame = page.frame(name="settings-app")
        assert frame is not None
        assert frame.url.startswith(f"http://frames.localhost:{dashboard.port}/v2/location/{DEMO}/")
        page.locator("#sb_tags").click()
        expect(page.locator("iframe")).to_have_count(0)
        page.locator("#sb_my-staff").click()
        expect(page.locator("main .page-title").first).to_be_visible()
        expect(page.locator("iframe")).to_have_count(0)

    browser_thread.run(act, signed_in=dashboard)


def test_contacts_rows_exist_only_while_in_view(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{AGENCY}/contacts/smart_list/All")
        page.get_by_text("Page Size: 20").click()
        page.locator(".n-dropdown-option", has_text="100").click()
        total = len(dashboard.entities("contact", AGENCY))
        expect(page.locator(".pipeline-ribbon .count")).to_have_text(f"{total} Contacts")
        expect(page.locator(".tabulator-row").first).to_be_visible()
        assert page.locator(".tabulator-row").count() < total
        page.fill("#list-view-record-search", "ad")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Type at least 3 characters")).to_be_visible()

    browser_thread.run(act, signed_in=dashboard)


def test_every_menu_entry_leads_somewhere(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/tags")
        addresses = _menu_addresses(page)
        assert len(addresses) > 30
        page.goto(f"{dashboard.url}/settings/team")
        addresses += _menu_addresses(page)
        assert len(addresses) > 50
        for address in addresses:
            # In-app navigation, as a click on the entry does.
            page.evaluate(
                "(to) => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }",
                address,
            )
            expect(page).to_have_url(dashboard.url + address)
            expect(page.locator(f'#sidebar-v2 a.active[href="{address}"]').first).to_be_attached()

    browser_thread.run(act, signed_in=dashboard)


def _menu_addresses(page: Page) -> list[str]:
    page.locator("#sidebar-v2 #backButtonv2").wait_for()
    found = page.locator("#sidebar-v2 a.nav-link:not(.back)").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href'))"
    )
    return [str(address) for address in found]


def test_old_token_is_renewed_out_of_sight_in_page_and_frame(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/staff/team")
        inside = page.frame_locator("iframe")
        expect(inside.get_by_text("3 users")).to_be_visible()
        dashboard.tell("/expire", {"tokens": True})
        inside.get_by_placeholder("name, email, phone, ids").fill("dana")
        expect(inside.get_by_text("1 user", exact=True)).to_be_visible()
        dashboard.tell("/expire", {"tokens": True})
        page.locator("#sb_phone-system").click()
        expect(page.locator("tr.hr-data-table-tr").nth(1)).to_contain_text("+1")

    browser_thread.run(act, signed_in=dashboard)


def test_nothing_is_loaded_from_elsewhere(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        seen: set[str] = set()
        page.on("request", lambda request: seen.add(request.url))
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/staff/team")
        page.frame_locator("iframe").locator(".page-title").first.wait_for()
        own = tuple(f"http://{host}.localhost:{dashboard.port}/" for host in ("app", "frames", "assets"))
        assert [url for url in seen if not url.startswith((*own, "data:"))] == []

    browser_thread.run(act, signed_in=dashboard)


def test_all_records_of_the_list_are_offered_whatever_was_searched_for(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    dashboard.tell("/settings", {"selects_whole_list": True})

    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{AGENCY}/contacts/smart_list/All")
        total = page.locator(".pipeline-ribbon .count").inner_text().split()[0]
        page.locator("#list-view-record-search").fill("adrianne@adriannes-housekeeping.example")
        page.locator("#list-view-record-search").press("Enter")
        expect(page.locator(".pipeline-ribbon .count")).to_have_text("1 Contact")
        page.locator(".tabulator-row input[type=checkbox]").check()
        page.get_by_role("button", name=f"Select all {total} records").click()
        expect(page.locator(".selected-bar")).to_contain_text(f"You have selected {total} records")

    browser_thread.run(act, signed_in=dashboard)


def test_rows_change_places_as_the_pointer_moves(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    dashboard.tell("/settings", {"rows_move": True})

    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/phone_system")
        numbers = page.locator("tr.hr-data-table-tr .number-cell .cell-main")
        expect(numbers.first).to_be_visible()
        before = numbers.all_inner_texts()
        page.mouse.move(500, 400)
        expect(numbers).to_have_text(before[::-1])

    browser_thread.run(act, signed_in=dashboard)


def test_a_page_that_was_just_drawn_is_deaf_for_a_moment(
    dashboard: Dashboard, browser_thread: BrowserThread
) -> None:
    dashboard.tell("/settings", {"deaf_ms": 3000})

    def act(page: Page) -> None:
        page.goto(dashboard.url + f"/v2/location/{DEMO}/settings/domain")
        internal = page.get_by_role("button", name="Internal")
        internal.click()
        clicked_at = page.evaluate("performance.now()")
        expect(internal).to_have_attribute("aria-pressed", "false")
        page.wait_for_function("at => performance.now() > at", arg=clicked_at + 3000)
        expect(internal).to_have_attribute("aria-pressed", "false")
        internal.click()
        expect(internal).to_have_attribute("aria-pressed", "true")

    browser_thread.run(act, signed_in=dashboard)
