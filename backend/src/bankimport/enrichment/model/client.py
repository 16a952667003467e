"""Which model may be called, and one request to it; its libraries are loaded at the first request."""

import asyncio
from ipaddress import ip_address
from urllib.parse import urlsplit

from bankimport.enrichment.model.reply import Reply
from bankimport.errors import SettingsInvalid
from bankimport.settings import Settings, variable_of


def chosen_model(settings: Settings) -> str | None:
    """The model that may be called, `provider:name`, or None if none is set.

    Raises:
        SettingsInvalid: no such provider, or only a local one is allowed and this is not local.
    """
    model = settings.llm_model
    if model is None:
        return None
    provider, _, name = model.partition(":")
    if provider not in ("openai", "anthropic") or not name:
        raise SettingsInvalid(
            f"{variable_of('llm_model')}: must begin with openai: (also for compatible servers, with "
            f"{variable_of('llm_base_url')}) or anthropic:; for example openai:gpt-5-mini"
        )
    if settings.llm_local_only and not _is_loopback(settings.llm_base_url):
        raise SettingsInvalid(
            f"{variable_of('llm_local_only')} is set, but {variable_of('llm_base_url')} is not a loopback address; "
            "for example http://127.0.0.1:11434/v1"
        )
    return model


def ask(settings: Settings, model: str, text: str, count: int) -> Reply:
    """Send one request and wait until it ends; never raises because of the server."""
    # The libraries of models take seconds to load, and most processes never call one.
    from bankimport.enrichment.model.request import request

    return asyncio.run(request(settings, model, text, count))


def _is_loopback(address: str | None) -> bool:
    host = urlsplit(address or "").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
