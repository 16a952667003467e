"""One request to a model: a structured answer, one timeout, no retry, tokens always counted."""

import asyncio
import time

from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
from pydantic_ai import Agent, NativeOutput, UsageLimits
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelHTTPError,
    UnexpectedModelBehavior,
)
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.usage import RunUsage

from bankimport.enrichment.model.prompt import INSTRUCTIONS, Labels, most_output_tokens
from bankimport.enrichment.model.reply import Reply
from bankimport.enrichment.models import LlmCallStatus
from bankimport.pricing.tokens import Tokens
from bankimport.settings import Settings


async def request(settings: Settings, model: str, text: str, count: int) -> Reply:
    """Send one request and wait until it ends; never raises because of the server."""
    usage = RunUsage()
    started_at = time.perf_counter()

    def reply(status: LlmCallStatus, error: str | None = None, **more: object) -> Reply:
        used = Tokens(usage.input_tokens, usage.output_tokens, usage.cache_read_tokens) if usage.requests else None
        values = {"labels": (), "used": used, **more}
        return Reply(status=status, error=error, latency_ms=round((time.perf_counter() - started_at) * 1000), **values)  # type: ignore[arg-type]

    nothing = Tokens(0, 0)
    try:
        async with asyncio.timeout(settings.llm_timeout_s):
            agent = Agent(
                _model(settings, model), output_type=NativeOutput(Labels), instructions=INSTRUCTIONS, retries=0
            )
            result = await agent.run(
                text,
                usage=usage,
                usage_limits=UsageLimits(request_limit=1),
                model_settings={"max_tokens": most_output_tokens(count), "timeout": settings.llm_timeout_s},
            )
            return reply(LlmCallStatus.ANSWERED, labels=result.output.labels)
    except ModelHTTPError as error:
        is_worth = error.status_code in (408, 409, 429) or error.status_code >= 500
        # A rejected request is not charged; for one that failed inside the server that is uncertain.
        used = nothing if error.status_code < 500 else None
        message = f"HTTP {error.status_code}"
        return reply(
            LlmCallStatus.FAILED, message, used=used, is_worth_retrying=is_worth, retry_after=error.retry_after
        )
    except (ContentFilterError, UnexpectedModelBehavior) as error:
        return reply(LlmCallStatus.MALFORMED, type(error).__name__, is_worth_retrying=True)
    except (ModelAPIError, TimeoutError, OSError) as error:
        return reply(LlmCallStatus.FAILED, type(error).__name__, is_worth_retrying=True)


def _model(settings: Settings, model: str) -> Model:
    provider, _, name = model.partition(":")
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else "none"
    if provider == "anthropic":
        anthropic = AsyncAnthropic(api_key=key, base_url=settings.llm_base_url, max_retries=0)
        return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=anthropic))
    openai = AsyncOpenAI(api_key=key, base_url=settings.llm_base_url, max_retries=0)
    return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=openai))
