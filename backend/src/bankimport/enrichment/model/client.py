"""Which model may be asked, and one request to it, whose libraries are loaded when it is first made."""

import asyncio
from ipaddress import ip_address
from urllib.parse import urlsplit

from bankimport.enrichment.model.reply import Reply
from bankimport.errors import SettingsInvalid
from bankimport.settings import Settings, variable_of


def chosen_model(settings: Settings) -> str | None:
    """The model that may be asked, `provider:name`, or None when none is set.

    Raises:
        SettingsInvalid: no such provider, or only a local one is allowed and this is not.
    """
    model = settings.llm_model
    if model is None:
        return None
    provider, _, name = model.partition(":")
    if provider not in ("openai", "anthropic") or not name:
        raise SettingsInvalid(
            f"{variable_of('llm_model')}: begins with openai: (also for servers that speak like it, with "
            f"{variable_of('llm_base_url')}) or anthropic:; for example openai:gpt-5-mini"
        )
    if settings.llm_local_only and not _is_loopback(settings.llm_base_url):
        raise SettingsInvalid(
            f"{variable_of('llm_local_only')} is set, and {variable_of('llm_base_url')} is no loopback address; "
            "for example http://127.0.0.1:11434/v1"
        )
    return model


def ask(settings: Settings, model: str, text: str, count: int) -> Reply:
    """Send one request and wait for its end; never raises for what a server does."""
    # The libraries of models take seconds to load, and most processes never ask one.
    from bankimport.enrichment.model.request import request

    return asyncio.run(request(settings, model, text, count))


def _is_loopback(address: str | None) -> bool:
    host = urlsplit(address or "").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
