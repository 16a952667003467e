"""Requests that wait for banks and receivers have places: few of a user, and not all of the process."""

from contextlib import ExitStack

import pytest
from sqlalchemy import text
from tests.support.steps.installation import Installation

from bankimport.db.session import get_engine, session_scope
from bankimport.edge.waiting import PLACES, TooManyWaiting, WaitingPlaces


def test_a_user_has_a_few_places_and_all_users_together_have_more() -> None:
    places = WaitingPlaces(in_all=3, of_a_user=2)

    with ExitStack() as taken:
        taken.enter_context(places.place(1))
        taken.enter_context(places.place(1))
        with pytest.raises(TooManyWaiting), places.place(1):
            pass
        taken.enter_context(places.place(2))
        with pytest.raises(TooManyWaiting), places.place(3):
            pass
    with places.place(3), places.place(1):
        pass


def test_a_user_whose_requests_wait_is_refused_more_and_others_are_served(installation: Installation) -> None:
    ada, bob = installation.signed_in("ada@example.org"), installation.signed_in("bob@example.org")
    of_ada = installation.connect(ada, "sim-plain")
    of_bob = installation.connect(bob, "sim-plain")
    hook = ada.post("/api/webhooks", json={"name": "mine", "url": "http://1.1.1.1/"}).json()["id"]
    of_a_connection = f"/api/truelayer/connections/{of_ada}"

    with ExitStack() as taken:
        for _ in range(4):
            taken.enter_context(PLACES.place(1))
        refused = [
            ada.post(f"{of_a_connection}/accounts/refresh"),
            ada.post(f"{of_a_connection}/extend"),
            ada.post(f"{of_a_connection}/renewal", json={"decision": "cancel"}),
            ada.delete(of_a_connection),
            ada.post(f"/api/webhooks/{hook}/test"),
            ada.post("/api/webhooks", json={"name": "mine", "url": "http://1.1.1.1/"}),
            ada.patch(f"/api/webhooks/{hook}", json={"name": "other"}),
            ada.post("/api/notifications/channels", json={"name": "x", "address": "json://1.1.1.1/"}),
        ]
        assert ada.get("/api/truelayer/connections").status_code == 200
        assert bob.post(f"/api/truelayer/connections/{of_bob}/accounts/refresh").status_code == 200
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(429, "too_many_waiting")}
    assert {answer.headers["retry-after"] for answer in refused} == {"5"}
    assert ada.post(f"{of_a_connection}/accounts/refresh").status_code == 200


def test_a_full_pool_is_answered_503_with_the_time_to_try_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    pool = get_engine().pool
    monkeypatch.setattr(pool, "_timeout", 0.01)

    with ExitStack() as taken:
        for _ in range(pool.size() * 2):  # type: ignore[attr-defined]
            taken.enter_context(get_engine().connect())
        answer = client.get("/api/auth/me")

    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "5")
    assert client.get("/api/auth/me").status_code == 200


def test_the_database_ends_a_transaction_that_is_left_idle(installation: Installation) -> None:
    installation.user()
    with session_scope() as session:
        assert session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "5min"
