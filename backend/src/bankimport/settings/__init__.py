"""Every environment variable, typed, with its unit; the error for a wrong value has a correct example.

servers     the servers that an installation uses, and where it is reached itself
truelayer   the application at TrueLayer, and how long the bank may take
enrichment  the model that enriches, what it may cost, and what it may be sent
limits      what TrueLayer charges, and how much may be done and kept
sign_in     how users sign in
operation   how an installation is watched, and what its workers may do
types       the types of settings, each with its check
"""

import functools
import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bankimport import clock
from bankimport.errors import SettingsInvalid
from bankimport.settings.enrichment import EnrichmentSettings
from bankimport.settings.limits import LimitSettings
from bankimport.settings.operation import OperationSettings
from bankimport.settings.servers import ServerSettings
from bankimport.settings.sign_in import SignInSettings
from bankimport.settings.truelayer import TrueLayerSettings


# Pydantic lists the fields of the last base first, so the bases are in the reverse order of docs/settings.md.
class Settings(
    OperationSettings,
    SignInSettings,
    LimitSettings,
    EnrichmentSettings,
    TrueLayerSettings,
    ServerSettings,
    BaseSettings,
):
    """The settings of every process, read once from the environment.

    Field descriptions and examples are printed by `bankimport settings` and by a start that fails.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    @property
    def redirect_uri(self) -> str:
        """The redirect URI given to TrueLayer; it must equal a registered one exactly.

        Source: docs.truelayer.com, "Generate an auth link".
        """
        return self.truelayer_redirect_uri or f"{self.browser_url}/api/truelayer/connections/callback"


def variable_of(field_name: str) -> str:
    """The environment variable that sets a field of Settings."""
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else field_name.upper()


def fault_of(field_name: str, fault: str) -> str:
    """The line about a wrong value: its variable, the fault, and a correct example."""
    name = variable_of(field_name)
    example = (Settings.model_fields[field_name].examples or [""])[0]
    return f"{name}: {fault}; for example {name}={example}"


SECRETS_FOLDERS = ("BANKIMPORT_SECRETS_DIR", "CREDENTIALS_DIRECTORY")
"""Variables that name folders with a file for each setting: ours, and systemd's (`LoadCredential=`).

Each may name several, with `:` between them as in PATH."""


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; `overrides` (by field name) win.

    A setting without a variable is read from the file of its variable's name in a folder of `SECRETS_FOLDERS`.

    Raises:
        SettingsInvalid: one line with the variable, the fault and a correct example.
    """
    clock.offset()
    values: dict[str, Any] = {variable_of(name): value for name, value in overrides.items()}
    values["_secrets_dir"] = _secrets_folders()
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsInvalid(_first_fault(error)) from None


def _secrets_folders() -> list[Path] | None:
    folders = []
    for variable in SECRETS_FOLDERS:
        for value in filter(None, os.environ.get(variable, "").split(os.pathsep)):
            if not Path(value).is_dir():
                raise SettingsInvalid(f"{variable}: {value} is not a folder; for example {variable}=/run/secrets")
            folders.append(Path(value))
    return folders or None


def _first_fault(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    location = str(first["loc"][0]) if first["loc"] else ""
    for name, field in Settings.model_fields.items():
        if location in (name, field.validation_alias):
            return fault_of(name, str(first["msg"]).removeprefix("Value error, "))
    return str(first["msg"])


@functools.cache
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsInvalid: as `load_settings`.
    """
    return load_settings()
