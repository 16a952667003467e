"""Save consents and tokens to a file, so that a restarted simulator still knows them."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from truelayer_simulator.state import AccessToken, Consent, Simulator


def keep_in(simulator: Simulator, path: Path) -> None:
    """Load the file if it exists, and write it again whenever consents or tokens change."""
    if path.exists():
        _load(simulator, json.loads(path.read_text(encoding="utf-8")))
    simulator.remember = lambda: _save(simulator, path)


def _save(simulator: Simulator, path: Path) -> None:
    stored = {
        "consents": [asdict(consent) for consent in simulator.consents.values()],
        "refresh": {token: consent.credentials_id for token, consent in simulator.refresh.items()},
        "access": {
            token: [access.consent.credentials_id, access.expires_at.isoformat(), access.number]
            for token, access in simulator.access.items()
            if access.expires_at > simulator.now()
        },
    }
    written = path.with_suffix(".new")
    written.write_text(json.dumps(stored, default=str), encoding="utf-8")
    written.replace(path)


def _load(simulator: Simulator, stored: dict[str, Any]) -> None:
    for values in stored["consents"]:
        moments = {name: datetime.fromisoformat(values[name]) for name in ("given_at", "expires_at")}
        consent = Consent(**(values | moments))
        simulator.consents[consent.credentials_id] = consent
        key = (consent.provider_id, consent.user)
        simulator.consent_numbers[key] = max(simulator.consent_numbers[key], consent.number)
    simulator.refresh |= {token: simulator.consents[name] for token, name in stored["refresh"].items()}
    for token, (name, expires_at, number) in stored["access"].items():
        simulator.access[token] = AccessToken(simulator.consents[name], datetime.fromisoformat(expires_at), number)
