"""A wrong value stops the start with one line: the variable, the fault, a correct example."""

import pytest

from bankimport.cli.operate.preflight import check_settings
from bankimport.errors import SettingsInvalid
from bankimport.settings import load_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BANKIMPORT_PORT", "0"),
        ("BANKIMPORT_PORT", "http"),
        ("BANKIMPORT_MAX_PARALLEL_ACCOUNTS", "17"),
        ("BANKIMPORT_BANK_TIMEOUT_SECONDS", "nan"),
        ("BANKIMPORT_LLM_LOCAL_ONLY", "perhaps"),
        ("BANKIMPORT_LLM_MONTHLY_CAP", "5"),
        ("BANKIMPORT_LLM_MONTHLY_CAP", "NaN USD"),
        ("BANKIMPORT_LLM_MODEL", "gpt"),
        ("BANKIMPORT_SECRET_KEYS", ","),
        ("BANKIMPORT_SECRET_KEYS", "short"),
        ("BANKIMPORT_PUBLIC_URL", "http://"),
        ("BANKIMPORT_PUBLIC_URL", "http://[::1"),
        ("BANKIMPORT_PUBLIC_URL", "https://money.example.org:99999"),
        ("DATABASE_URL", "mysql://db/bankimport"),
        ("DATABASE_URL", "postgresql://"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "amqp://rabbitmq"),
        ("REDIS_URL", "redis+sentinel://one:26379,two/0/bankimport"),
        ("REDIS_URL", "redis+sentinel://one:26379/0"),
        ("BANKIMPORT_BROKER_URL", "sqs://"),
        ("TRUELAYER_API_URL", "https://api.truelayer.com/data/v1"),
        ("FORWARDED_ALLOW_IPS", "*"),
        ("FORWARDED_ALLOW_IPS", "10.0.3.0/24,*"),
        ("FORWARDED_ALLOW_IPS", "0.0.0.0/0"),
        ("FORWARDED_ALLOW_IPS", "::/0"),
        ("FORWARDED_ALLOW_IPS", "64.0.0.0/7"),
        ("FORWARDED_ALLOW_IPS", "proxy"),
        ("BANKIMPORT_CONSENT_WINDOW_MINUTES", "-1"),
        ("BANKIMPORT_LLM_OUTPUT_PRICE", ""),
    ],
)
def test_a_wrong_value_is_reported_with_a_correct_example(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANKIMPORT_LLM_INPUT_PRICE", "1 USD")
    monkeypatch.setenv("BANKIMPORT_LLM_OUTPUT_PRICE", "2 USD")
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid) as raised:
        check_settings(load_settings())

    assert raised.value.message.startswith(f"{name}: ")
    assert "; for example " in raised.value.message
    assert "\n" not in raised.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://db/bankimport"),
        ("DATABASE_URL", "postgresql:///bankimport?host=/run/postgresql"),
        ("REDIS_URL", "rediss://:secret@queue:6379/0"),
        ("REDIS_URL", "redis+sentinel://:secret@one:26379,two:26379/0/bankimport"),
        ("BANKIMPORT_BROKER_URL", "amqps://user:secret@rabbitmq:5671/bankimport?ssl_ca_certs=/etc/ca.crt"),
        ("TRUELAYER_API_URL", "https://api.truelayer.com/"),
        ("BANKIMPORT_PUBLIC_URL", "https://example.org/money/"),
        ("FORWARDED_ALLOW_IPS", "10.0.3.0/24, fd00:3::/64,127.0.0.1"),
    ],
)
def test_other_spellings_are_accepted(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    check_settings(load_settings())
