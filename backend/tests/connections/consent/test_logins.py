"""Several logins at one bank, renewals that belong to another login, and consents that must survive failures."""

import pytest
from fastapi.testclient import TestClient
from tests.support.bank.logins import PATH, accounts, answer_with, connections, imported
from tests.support.steps.installation import Installation

from bankimport.connections.calls import tokens
from bankimport.connections.errors import ConnectionExpired
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.secrets import encrypt


def renew(installation: Installation, client: TestClient, connection_id: int, user: str) -> dict[str, str]:
    link = client.post(f"{PATH}/{connection_id}/reauthorize").raise_for_status().json()["authorization_url"]
    return installation.consent(client, link, user)


def test_two_logins_of_a_household_stay_connected_and_their_joint_account_has_two_doors(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-household")
    joint, own = accounts(client)
    imported(installation, client, first)

    second = installation.connect(client, "sim-household", "john2")

    assert [int(row["id"]) for row in connections(client)] == [first, second]
    listed = {row["account_id"]: row for row in accounts(client)}
    assert len(listed) == 3
    assert (listed[joint["account_id"]]["connection_id"], listed[joint["account_id"]]["also_through"]) == (
        str(first),
        [str(second)],
    )
    assert all(row["missing_since"] is None for row in listed.values())
    assert imported(installation, client, second, joint["account_id"])["synced"] == 0

    assert installation.connect(client, "sim-household") == first, "the same login renews its own connection"
    removed = client.delete(f"{PATH}/{first}").raise_for_status().json()
    assert removed == {"ended_at_truelayer": True, "problem": None}
    listed = {row["account_id"]: row for row in accounts(client)}
    assert own["account_id"] not in listed
    assert (listed[joint["account_id"]]["connection_id"], listed[joint["account_id"]]["also_through"]) == (
        str(second),
        [],
    )
    assert imported(installation, client, second)["duplicates"] > 0


def test_a_renewal_as_another_login_waits_and_is_replaced_added_or_cancelled(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-rotating")
    names = [row["display_name"] for row in accounts(client)]
    token = tokens.access_token(first)

    landed = renew(installation, client, first, "john2")

    assert landed == {"connected": str(first), "problem": "another_login", "about": "login"}
    (connection,) = connections(client)
    assert connection["renewal"]["state"] == "another_login"
    shared = connection["renewal"]["accounts"]
    assert [name.rpartition(" (")[0] for name in shared] == names
    assert shared[0].endswith("0002)")
    assert tokens.access_token(first) == token, "the consent that works is untouched"
    assert len(accounts(client)) == len(names)

    (connection,) = (
        client.post(f"{PATH}/{first}/renewal", json={"decision": "cancel"}).raise_for_status().json()["connections"]
    )
    assert connection["renewal"] is None
    assert tokens.access_token(first) == token
    nothing = client.post(f"{PATH}/{first}/renewal", json={"decision": "add"})
    assert (nothing.status_code, nothing.json()["code"]) == (404, "no_renewal")

    renew(installation, client, first, "john2")
    client.post(f"{PATH}/{first}/renewal", json={"decision": "add"}).raise_for_status()
    assert len(connections(client)) == 2
    assert len(accounts(client)) == 2 * len(names)

    renew(installation, client, first, "john3")
    client.post(f"{PATH}/{first}/renewal", json={"decision": "replace"}).raise_for_status()
    listed = client.get(f"{PATH}/{first}/accounts").json()["accounts"]
    assert len(listed) == 2 * len(names)
    assert sum(row["missing_since"] is None for row in listed) == len(names)
    assert tokens.access_token(first) != token


def test_a_consent_survives_any_failure_after_it_was_given(installation: Installation) -> None:
    client = installation.signed_in()
    admin = installation.simulator.admin
    admin("POST", "faults", kind="status", path="/data/v1/me", status=503, error="provider_error", times=1)
    admin("POST", "faults", kind="status", path="/data/v1/accounts", status=503, error="provider_error", times=1)
    admin("POST", "faults", kind="status", path="/data/v1/cards", status=503, error="provider_error", times=1)
    link = client.post(f"{PATH}/authorize", json={"provider_ids": ["sim-plain"]}).json()["authorization_url"]

    landed = installation.consent(client, link)

    assert (landed["problem"], landed["about"]) == ("bank_unavailable", "accounts")
    (connection,) = connections(client)
    assert (connection["bank"], connection["consent_end_assumed"], connection["status"]) == (
        "sim-plain",
        True,
        "active",
    )
    first = connection["id"]
    assert len(client.post(f"{PATH}/{first}/accounts/refresh").raise_for_status().json()["accounts"]) == 3
    (connection,) = connections(client)
    assert (connection["bank"], connection["consent_end_assumed"]) == ("Simulated bank (plain)", False)

    # A renewal whose accounts cannot be listed leaves the earlier consent in place until that one ends.
    token = tokens.access_token(first)
    for half in ("accounts", "cards"):
        admin("POST", "faults", kind="status", path=f"/data/v1/{half}", status=503, error="provider_error", times=1)
    assert renew(installation, client, first, "john")["about"] == "accounts"
    (connection,) = connections(client)
    assert connection["renewal"]["state"] == "not_listed"
    assert tokens.access_token(first) == token
    assert len(client.post(f"{PATH}/{first}/accounts/refresh").raise_for_status().json()["accounts"]) == 3
    (connection,) = connections(client)
    assert connection["renewal"] is None
    assert tokens.access_token(first) != token


def test_only_a_successful_listing_marks_an_account_as_missing(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-accounts-only")
    known = accounts(client)
    refresh = f"{PATH}/{first}/accounts/refresh"

    for status, error in ((403, "access_denied"), (404, "not_found"), (501, "endpoint_not_supported"), (503, "x")):
        installation.simulator.admin(
            "POST", "faults", kind="status", path="/data/v1/accounts", status=status, error=error, times=1
        )
        answer_with(installation, "/data/v1/cards")
        listed = client.post(refresh).raise_for_status().json()["accounts"]
        assert [row["missing_since"] for row in listed] == [None, None]
        assert [row["kind"] for row in connections(client)[0]["not_listed"]] == ["account"]
        installation.simulator.admin("DELETE", "faults")

    one = {"account_id": "new", "display_name": "Main\0", "currency": "GBP", "account_type": "CRYPTO"}
    answer_with(installation, "/data/v1/accounts", one, one, {"display_name": "no id"}, "odd")
    listed = client.post(refresh).raise_for_status().json()["accounts"]
    assert [row["missing_since"] for row in listed] == [None] * (len(known) + 1), "what is unreadable may be either"
    assert connections(client)[0]["unreadable"] == ["account 3 has no account_id", "account 4 is not an object"]
    answer_with(installation, "/data/v1/accounts", one)
    listed = client.post(refresh).raise_for_status().json()["accounts"]
    assert [row["display_name"] for row in listed if row["missing_since"] is None] == ["Main"]


def test_a_consent_ended_by_the_bank_is_detected_and_shown(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-plain")
    installation.simulator.admin("POST", "consents/revoke", provider_id="sim-plain")

    refused = client.post(f"{PATH}/{first}/accounts/refresh")

    assert (refused.status_code, refused.json()["code"]) == (409, "connection_expired")
    (connection,) = connections(client)
    assert (connection["status"], connection["consent_state"]) == ("expired", "ended")
    assert connection["consent_ended_at"] < connection["consent_expires_at"]

    extended = client.post(f"{PATH}/{first}/extend")
    assert (extended.status_code, extended.json()["code"]) == (409, "connection_expired")


@pytest.mark.parametrize(
    ("bank", "status", "outcome"),
    [("sim-older-extend", 200, True), ("sim-no-extend", 409, "cannot_extend")],
)
def test_results_of_extending(installation: Installation, bank: str, status: int, outcome: object) -> None:
    client = installation.signed_in()
    first = installation.connect(client, bank)

    extended = client.post(f"{PATH}/{first}/extend")

    assert extended.status_code == status
    assert outcome in (extended.json().get("extended"), extended.json().get("code"))
    assert tokens.access_token(first)


def test_an_extension_that_needs_the_user_returns_to_the_same_consent(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-plain")
    link = client.post(f"{PATH}/{first}/extend").raise_for_status().json()["authorization_url"]

    assert installation.consent(client, link) == {"connected": str(first)}
    assert len(connections(client)) == 1
    assert len(accounts(client)) == 3


def test_an_end_in_9999_is_unknown_and_a_removed_bank_is_deleted_at_truelayer(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-never-ends")

    (connection,) = connections(client)
    assert connection["consent_end_assumed"]
    assert 88 <= connection["consent_days_left"] <= 90
    assert client.get(client.get(f"{PATH}/calendar").json()["url"]).status_code == 200

    client.delete(f"{PATH}/{first}").raise_for_status()
    assert connections(client) == []
    with pytest.raises(Exception, match="removed"):
        tokens.access_token(first)


def test_an_ended_consent_leaves_no_usable_token(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-plain")
    installation.simulator.admin("POST", "consents/revoke", provider_id="sim-plain")
    installation.simulator.admin("POST", "tokens/expire")

    with pytest.raises(ConnectionExpired):
        tokens.access_token(first, rejected=True)
    assert client.delete(f"{PATH}/{first}").json() == {"ended_at_truelayer": True, "problem": None}


@pytest.mark.parametrize(("user", "is_other"), [("john", False), ("john2", True)])
def test_an_unlisted_renewal_is_adopted_when_the_old_consent_has_ended(
    installation: Installation, user: str, is_other: bool
) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "sim-accounts-only")
    for half in ("accounts", "cards"):
        installation.simulator.admin("POST", "faults", kind="status", path=f"/data/v1/{half}", status=503, times=1)
    assert renew(installation, client, first, user)["about"] == "accounts"
    with session_scope() as session:
        connection = session.get_one(BankConnection, first)
        connection.access_token_expires_at, connection.refresh_token_encrypted = None, encrypt("dead")

    assert tokens.access_token(first)

    (shown,) = connections(client)
    assert (shown["status"], shown["renewal"]) == ("active", None)
    listed = client.post(f"{PATH}/{first}/accounts/refresh").raise_for_status().json()["accounts"]
    assert [row["missing_since"] for row in listed] == [None, None], "the accounts of the first login are all there are"
    (shown,) = connections(client)
    assert shown["status"] == ("expired" if is_other else "active")
    assert (shown["renewal"] or {}).get("state") == ("another_login" if is_other else None)


def test_a_replaced_logins_account_is_never_matched_by_name_alone(installation: Installation) -> None:
    client = installation.signed_in()
    hidden = {"number": "00000000", "sort_code": "XX-XX-XX", "iban": "NOT_SUPPORTED_BY_PROVIDER"}
    nameless = {"display_name": "Current Account", "currency": "GBP", "account_number": hidden}
    answer_with(installation, "/data/v1/accounts", {"account_id": "a1", **nameless})
    first = installation.connect(client, "sim-accounts-only")
    (account,) = accounts(client)
    answer_with(installation, "/data/v1/accounts")
    assert renew(installation, client, first, "john2")["about"] == "login"

    answer_with(installation, "/data/v1/accounts", {"account_id": "b1", **nameless})
    client.post(f"{PATH}/{first}/renewal", json={"decision": "replace"}).raise_for_status()

    listed = {row["account_id"]: row["missing_since"] for row in accounts(client)}
    assert len(listed) == 2
    assert listed[account["account_id"]] is not None
