"""Check before the start what would otherwise show only in use: folders, ports, servers. One line per fault."""

from bankimport.broker import fault_of_server
from bankimport.enrichment.model.client import chosen_model
from bankimport.errors import SettingsInvalid
from bankimport.settings import Settings, fault_of

PATIENCE_S = 10


def check_settings(settings: Settings) -> None:
    """Refuse to start with settings that contradict each other.

    Raises:
        SettingsInvalid: the model cannot be used, or only one of its two prices is set.
    """
    chosen_model(settings)
    if (settings.llm_input_price is None) != (settings.llm_output_price is None):
        lacking = "llm_input_price" if settings.llm_input_price is None else "llm_output_price"
        raise SettingsInvalid(fault_of(lacking, "must be set too, because the other token price is set"))


def check_servers(settings: Settings) -> None:
    """Refuse to start with a configured database or queue that cannot be reached.

    Raises:
        SettingsInvalid: it cannot be reached; the embedded ones are not checked.
    """
    if settings.database_url is not None:
        check_database(settings.database_url)
    for name in ("redis_url", "queue_url"):
        if (url := getattr(settings, name)) is not None and (fault := fault_of_server(url, PATIENCE_S)):
            raise SettingsInvalid(fault_of(name, f"cannot be used, {fault}"))


def check_database(database_url: str) -> None:
    """Check that the database can be reached.

    Raises:
        SettingsInvalid: it cannot be reached.
    """
    import psycopg

    from bankimport.db.session import plain_url

    try:
        psycopg.connect(plain_url(database_url), connect_timeout=PATIENCE_S).close()
    except psycopg.Error as error:
        raise SettingsInvalid(fault_of("database_url", f"cannot be used, {_first_line(error)}")) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
