"""The pages an offboarding passes, in a real browser: menus, dialogs, frames and the support chat."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.practice.conftest import DEMO, BrowserThread, Dashboard
from tests.practice.served import Served, sign_in


def test_saas_goes_through_three_dialogs(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        sign_in(page, dashboard, "/sub-accounts")
        page.get_by_placeholder("Search by Sub-Account").fill("Adrianne's Housekeeping")
        page.locator(f"#loc-opts-{DEMO}").click()
        page.locator(".n-dropdown-option", has_text="Manage Client").click()
        page.locator("#saas-subscription").get_by_role("button", name="Disable SaaS").click()
        compliance = page.get_by_role("dialog", name="Disable SaaS Mode for Adrianne's Housekeeping")
        disable = compliance.get_by_role("button", name="Disable SaaS")
        for box in compliance.get_by_role("checkbox").all():
            expect(disable).to_be_disabled()
            box.click()
        disable.click()
        page.get_by_role("button", name="Confirm Disable").click()
        page.get_by_role("button", name="Close Now").click()
        expect(page.locator("#saas-status")).to_have_text("Disabling")
        dashboard.tell("/advance", {"seconds": 3600})
        page.locator("#sb_agency-accounts", has_text="Sub-Accounts").click()
        page.locator(f"#loc-opts-{DEMO}").click()
        expect(page.locator(".n-dropdown-option", has_text="Switch To SaaS")).to_be_visible()

    browser_thread.run(act)
    assert Served(dashboard).mutations() == [f"disable saas:{DEMO}"]


def test_snapshot_is_refreshed_with_all_assets(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        sign_in(page, dashboard, "/snapshots")
        page.get_by_placeholder("Search by snapshot name or ID").fill("Adrianne's Housekeeping")
        row = page.locator("#account-snapshots [data-snapshot-id]").filter(
            has=page.get_by_role("button", name="Adrianne's Housekeeping", exact=True)
        )
        expect(row).to_have_count(1)
        row.get_by_role("button", name="Refresh snapshot").click()
        dialog = page.get_by_role("dialog", name="Refresh snapshot")
        expect(dialog.get_by_text("18 of 21 assets selected")).to_be_visible()
        dialog.get_by_role("checkbox", name="Select All").click()
        dialog.get_by_role("button", name="Refresh", exact=True).click()
        expect(dialog.get_by_text("Snapshot refreshed successfully.")).to_be_visible()
        dialog.locator("#modal-footer-btn-negative-action").click()
        row.locator(".snapshot-name").click()
        history = page.locator("#snapshot-version-history")
        expect(history.locator("[data-version-id]")).to_have_count(3)
        expect(history.locator("[data-version-id]").first).to_contain_text("Olive Operator")

    browser_thread.run(act)


def test_user_is_removed_inside_a_frame(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        sign_in(page, dashboard, f"/v2/location/{DEMO}/settings/staff/team")
        frame = page.frame_locator('iframe[name="settings-app"]')
        row = frame.locator("[data-user-id]", has_text="Priya Raman")
        expect(row.locator("li[data-location-id]")).to_have_count(2)
        row.get_by_role("button", name="Remove from this sub-account").click()
        dialog = frame.get_by_role("dialog")
        expect(dialog).to_contain_text("Are you sure you want to remove Priya Raman from this sub-account?")
        dialog.get_by_placeholder("Enter REMOVE to Confirm").fill("REMOVE")
        dialog.get_by_role("button", name="Remove", exact=True).click()
        expect(frame.locator(".n-notification-main__header")).to_have_text("User Removed Successfully")
        dashboard.tell("/advance", {"seconds": 3600})
        page.reload()
        expect(frame.locator("[data-user-id]")).to_have_count(2)

    browser_thread.run(act)


def test_email_domain_in_use_stays(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    lawn = Served(dashboard).account("Harbor Lawn & Garden")

    def act(page: Page) -> None:
        sign_in(page, dashboard, f"/v2/location/{lawn}/settings/smtp_service")
        frame = page.frame_locator('iframe[name="isv-app"]')
        frame.get_by_role("button", name="Dedicated Domain And IP").click()
        card = frame.locator('[data-domain="mail.harbor-lawn.example"]')
        card.get_by_role("button", name="Domain Options").click()
        frame.locator(".n-dropdown-option", has_text="Delete domain").click()
        dialog = frame.get_by_role("dialog", name="Delete domain?")
        dialog.get_by_role("textbox").fill("Delete")
        dialog.get_by_role("button", name="Delete", exact=True).click()
        expect(frame.locator(".n-notification-main__header")).to_have_text("Domain Cannot Be Removed")
        expect(card).to_be_visible()

    browser_thread.run(act)
    assert Served(dashboard).mutations() == []


def test_chat_asks_one_thing_at_a_time(dashboard: Dashboard, browser_thread: BrowserThread) -> None:
    def act(page: Page) -> None:
        sign_in(page, dashboard, f"/v2/location/{DEMO}/settings/phone_system")
        page.locator("#hl_header--help-icon").click()
        drawer = page.locator("#help-drawer")
        drawer.get_by_role("button", name="Start Chat").click()
        drawer.get_by_role("button", name="AI Support Chat").click()
        drawer.get_by_role("button", name="Self-service account settings").click()
        drawer.get_by_role("button", name="Phone", exact=True).click()
        expect(drawer.locator('[data-from="bot"]').last).to_contain_text("Please describe the issue.")
        drawer.get_by_label("Type your message").fill("Customer has cancelled.\nPlease delete the campaign.")
        drawer.get_by_role("button", name="Send message").click()
        expect(drawer.locator('[data-from="bot"]').last).to_contain_text("anything else")
        drawer.get_by_role("button", name="Close Help & Support drawer").click()
        page.locator("#hl_header--help-icon").click()
        drawer.locator("button.help-thread", has_text="Customer has cancelled.").click()
        expect(drawer.locator("[data-from]")).to_have_count(8)

    browser_thread.run(act)
