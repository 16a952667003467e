"""How the URL of the queue's server becomes settings of Celery; `make test-engines` runs clusters on each kind."""

import ssl

import pytest
from kombu.utils.url import parse_url

from bankimport.broker import celery_settings, fault_of_server, redis_client
from bankimport.processes.ports import free_port

OPTIONS = {"visibility_timeout": 1, "socket_timeout": 2, "max_retries": 3}


def test_a_redis_url_is_celery_s_own() -> None:
    url = "redis://:secret@queue:6379/0"
    assert celery_settings(url, OPTIONS) == {"broker_url": url, "broker_transport_options": OPTIONS}


def test_sentinels_become_urls_of_celery_and_the_service_an_option() -> None:
    found = celery_settings("redis+sentinel://me:s%2Fecret@one:1,two:2/3/money", OPTIONS)
    parts = [parse_url(url) for url in found["broker_url"].split(";")]
    assert [(part["hostname"], part["port"]) for part in parts] == [("one", 1), ("two", 2)]
    assert {(part["transport"], part["userid"], part["password"], part["virtual_host"]) for part in parts} == {
        ("sentinel", "me", "s/ecret", "3")
    }
    added = {"master_name": "money", "sentinel_kwargs": {"socket_timeout": 2}}
    assert found["broker_transport_options"] == OPTIONS | added


def test_a_client_of_sentinels_has_the_servers_credentials() -> None:
    client = redis_client("redis+sentinel://:s%2Fecret@one:1,two:2/3/money", socket_timeout=1)
    assert client.connection_pool.service_name == "money"  # type: ignore[attr-defined]
    options = client.connection_pool.connection_kwargs
    assert (options["db"], options["username"], options["password"]) == (3, None, "s/ecret")


def test_rabbitmq_confirms_and_its_certificate_is_verified() -> None:
    found = celery_settings("amqps://me:secret@queue:5671/money?ssl_ca_certs=/ca.crt", OPTIONS)
    assert found["broker_url"] == "amqps://me:secret@queue:5671/money"
    verified = {"cert_reqs": ssl.CERT_REQUIRED, "ca_certs": "/ca.crt", "server_hostname": "queue"}
    assert found["broker_use_ssl"] == verified
    assert found["broker_transport_options"]["confirm_publish"] is True
    assert found["broker_transport_options"]["max_retries"] == 3
    assert not {"socket_timeout", "visibility_timeout"} & set(found["broker_transport_options"])


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:{}/0", "amqp://127.0.0.1:{}//", "redis+sentinel://127.0.0.1:{}/0/a"]
)
def test_a_server_that_does_not_answer_is_reported_in_one_line(url: str) -> None:
    fault = fault_of_server(url.format(free_port()), 1)
    assert fault
    assert "\n" not in fault
