"""What comes of one request to a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from bankimport.enrichment.model.prompt import Label
from bankimport.enrichment.models import LlmCallStatus
from bankimport.pricing.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request. `used` is None when it is not known; `retry_after` in seconds when the model said it."""

    status: LlmCallStatus
    labels: Sequence[Label]
    used: Tokens | None
    latency_ms: int
    error: str | None = None
    retry_after: float | None = None
    is_worth_retrying: bool = False
