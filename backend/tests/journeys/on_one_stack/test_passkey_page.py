"""A passkey in a real browser with a virtual authenticator: added, used to sign in and again, removed."""

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.browser import sign_in, window
from tests.journeys.machine import Machine

pytestmark = pytest.mark.journey

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_signs_in_and_is_removed(up: Machine, mine: Machine, browser: Browser) -> None:
    with window(browser, up.url) as elsewhere:
        sign_in(elsewhere, up, mine.user)
        elsewhere.goto("/settings/security")
        elsewhere.get_by_role("button", name="Add a passkey").click()
        elsewhere.get_by_label("Name").fill("Laptop")
        elsewhere.get_by_role("button", name="Continue").click()
        expect(elsewhere.get_by_role("alert")).to_contain_text("Passkeys work only at http://localhost:")

    local = up.url.replace("127.0.0.1", "localhost")
    with window(browser, local) as page:
        page.goto(up.read("user", "login-link", mine.user)["url"].replace(up.url, local))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("navigation", name="Pages").wait_for()
        cdp = page.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        authenticator = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

        page.goto("/settings/security")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_label("Name").fill("Laptop")
        page.get_by_role("button", name="Continue").click()
        row = page.get_by_role("table", name="Passkeys").get_by_role("row").filter(has_text="Laptop")
        expect(row).to_contain_text("never")
        (stored,) = cdp.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
        assert stored["rpId"] == "localhost"

        assert page.request.post("/api/auth/logout").ok
        page.reload()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(row).to_be_visible()
        expect(row).not_to_contain_text("never")
        assert page.request.get("/api/auth/me").json()["email"] == mine.user
        row.get_by_role("button", name="Remove Laptop").click()
        page.get_by_role("button", name="Remove it").click()
        expect(row).to_have_count(0)

        assert page.request.post("/api/auth/logout").ok
        page.reload()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("this passkey was not accepted")
