"""Hold a simulated bank: it answers nothing until a test has seen what it waits for."""

from truelayer_simulator.launch import RunningSimulator

_HELD_MS = 3_600_000


def hold_bank(simulator: RunningSimulator, bank_id: str) -> None:
    """Let the bank answer no call until it is released."""
    set_delay(simulator, bank_id, _HELD_MS)


def release_bank(simulator: RunningSimulator, bank_id: str) -> None:
    """Let the bank answer at once, also the calls that wait."""
    set_delay(simulator, bank_id, 0)


def hold_from_call(simulator: RunningSimulator, bank_id: str, path: str, number: int) -> None:
    """Let the bank answer calls to this path up to the one with this number, counted from 0, and hold all from it on.

    Deleting the simulator's faults releases them.
    """
    simulator.admin(
        "POST", "faults", kind="slow", provider_id=bank_id, path=path, after_calls=number, delay_ms=_HELD_MS
    )


def set_delay(simulator: RunningSimulator, bank_id: str, delay_ms: int) -> None:
    """Let the bank answer each call so long after it was made."""
    simulator.admin("PATCH", f"profiles/{bank_id}", delay_ms=delay_ms)
