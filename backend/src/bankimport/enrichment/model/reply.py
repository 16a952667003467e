"""The result of one request to a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from bankimport.enrichment.model.prompt import Label
from bankimport.enrichment.models import LlmCallStatus
from bankimport.pricing.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a request. `used` is None if unknown; `retry_after` is in seconds, if the model gave it."""

    status: LlmCallStatus
    labels: Sequence[Label]
    used: Tokens | None
    latency_ms: int
    error: str | None = None
    retry_after: float | None = None
    is_worth_retrying: bool = False
