"""Sign-in through a provider in a real browser: linked, used, and followed by the user's own second factor."""

import pyotp
import pytest
from playwright.sync_api import Page, expect
from tests.journeys.machine import Machine
from tests.support.sign_in.oidc_provider import Provider

from bankimport.clock import utc_now

pytestmark = pytest.mark.journey


def test_an_account_at_a_provider_signs_in_and_the_second_factor_is_needed(
    mine: Machine, page: Page, provider: Provider
) -> None:
    provider.claims = {"sub": f"subject of {mine.user}"}
    page.goto("/settings/security")
    page.get_by_role("button", name="Link an account at Work").click()
    row = page.get_by_role("table", name="Linked accounts").get_by_role("row").filter(has_text="Work")
    expect(row).to_contain_text("never")

    sign_out(page)
    page.get_by_role("button", name="Sign in with Work").click()
    expect(row).to_be_visible()
    expect(row).not_to_contain_text("never")
    assert page.request.get("/api/auth/me").json()["email"] == mine.user

    app = pyotp.TOTP(page.request.post("/api/auth/totp").json()["secret"])
    confirmed = page.request.post("/api/auth/totp/confirm", data={"code": app.at(utc_now())}).json()
    sign_out(page)
    page.get_by_role("button", name="Sign in with Work").click()
    page.get_by_role("heading", name="One more step").wait_for()
    assert page.request.get("/api/auth/me").status == 401
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("that is not the code")
    page.get_by_label("Code").fill(confirmed["backup_codes"][0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(row).to_be_visible()
    assert page.request.get("/api/auth/me").json()["email"] == mine.user

    sign_out(page)
    page.get_by_role("button", name="Sign in with Work").click()
    page.get_by_role("button", name="Sign in another way").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()


def sign_out(page: Page) -> None:
    assert page.request.post("/api/auth/logout").ok
    page.reload()
