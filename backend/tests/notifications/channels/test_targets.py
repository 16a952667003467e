"""Users cannot make the installation call into its own network."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from bankimport.notifications.channels import apprise_message
from bankimport.notifications.channels.targets import check_url, only_allowed_addresses, resolve
from bankimport.notifications.errors import TargetRefused
from bankimport.settings import get_settings

PRIVATE = [
    "127.0.0.1", "10.0.0.7", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
    "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1", "ff02::1",
    "2130706433", "0x7f000001", "localhost", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "::7f00:1",
    "::ffff:0:7f00:1", "fec0::1", "2001:0:7f00:1::",
]  # fmt: skip


@pytest.fixture
def _closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANKIMPORT_ALLOW_PRIVATE_TARGETS", raising=False)
    get_settings.cache_clear()


@pytest.mark.usefixtures("_closed")
@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(TargetRefused) as refusal:
        resolve(host, 80)

    assert "BANKIMPORT_ALLOW_PRIVATE_TARGETS" in refusal.value.message


@pytest.mark.usefixtures("_closed")
def test_a_public_address_is_the_one_that_is_connected_to() -> None:
    for address in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"):
        assert resolve(address, 443) == address


def test_private_addresses_are_reached_where_the_operator_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANKIMPORT_ALLOW_PRIVATE_TARGETS", "true")
    get_settings.cache_clear()
    try:
        assert resolve("192.168.1.1", 80) == "192.168.1.1"
    finally:
        get_settings.cache_clear()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/x",
        "https://",
        "file:///etc/passwd",
        "https://me:secret@example.org/",
        "http://[::1",
        "https://example.org:99999/",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_anything_but_a_plain_http_address_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        check_url(url)


@pytest.mark.usefixtures("_closed")
@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1:8080/x",
        "ntfy://localhost/topic",
        "mailto://u:p@example.org?smtp=10.0.0.1",
        "dbus://",
        "syslog://",
        "rsyslog://127.0.0.1",
        "windows://",
        "nonsense",
        "file:///etc/passwd",
        "gotify://192.168.0.2/token",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template=/etc/passwd",
        "workflows://93.184.216.34:443/WFID/SIGN/?template=http://169.254.169.254/latest",
        "slack://TokenAToken/TokenBToken/tokenctokenctokenctokenct?Template=/etc/passwd",
        "mailto://u:p@93.184.216.34?pgp=yes&pgppub=/etc/passwd",
        "fcm://project@123456/device?keyfile=/etc/passwd",
        "vapid://ada@example.org/ada@example.org",
    ],
)
def test_an_apprise_address_naming_this_machine_its_files_or_a_private_network_is_refused(address: str) -> None:
    with pytest.raises(TargetRefused):
        apprise_message.check_address(address)


@pytest.mark.usefixtures("_closed")
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("tgram://123456789:abcdefg_hijklmnopqrstuvwx/1", "tgram://…"),
        ("slack://TokenAToken/TokenBToken/tokenctokenctokenctokenct", "slack://…"),
        ("json://user:pass@93.184.216.34/secret/path", "json://93.184.216.34/…"),
    ],
)
def test_the_shown_part_of_an_apprise_address_contains_no_secret(address: str, shown: str) -> None:
    assert apprise_message.check_address(address) == shown


@pytest.mark.usefixtures("_closed")
def test_addresses_that_a_service_resolves_itself_are_checked_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with only_allowed_addresses():
            with pytest.raises(TargetRefused):
                socket.create_connection(address)
            with ThreadPoolExecutor(1) as others:
                others.submit(socket.create_connection, address).result().close()
        socket.create_connection(address).close()


@pytest.mark.usefixtures("_closed")
def test_a_name_that_changes_between_the_check_and_the_call_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise_message, "resolve", lambda host, port: "93.184.216.34")
    outcome = apprise_message.send("json://localhost:9/x", "title", "body")
    assert "private network" in str(outcome.error)
