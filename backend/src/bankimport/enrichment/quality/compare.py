"""Compare a score with an earlier one of the same rows; pure."""

from pydantic import BaseModel, ValidationError

from bankimport.enrichment.quality.score import PartScore, Score
from bankimport.errors import InvalidRequest


class Difference(BaseModel):
    """A figure before and now; None: not measured."""

    figure: str
    before: float | None
    now: float | None


def read_score(text: str) -> Score:
    """Read the output of `evaluate --json`.

    Raises:
        InvalidRequest: it is something else.
    """
    try:
        return Score.model_validate_json(text)
    except ValidationError as error:
        raise InvalidRequest(
            f"this is not a result of `enrichment evaluate --json`: {error.errors()[0]['msg']}"
        ) from None


def differences(before: Score, now: Score) -> list[Difference]:
    """The figures of both: the overall ones, then those of countries and groups."""
    found = [
        Difference(figure=name, before=getattr(before, name), now=getattr(now, name))
        for name in ("accuracy", "macro_f1", "unknown_rate", "right_when_answered", "asks", "calls")
    ]
    for parts_before, parts_now in ((before.countries, now.countries), (before.groups, now.groups)):
        found += [
            Difference(figure=f"accuracy {name}", before=_accuracy(parts_before, name), now=_accuracy(parts_now, name))
            for name in sorted({part.part for part in [*parts_before, *parts_now]})
        ]
    return found


def _accuracy(parts: list[PartScore], name: str) -> float | None:
    return next((part.accuracy for part in parts if part.part == name), None)
