"""The servers of the queue and of live progress that a cluster uses, each of which can be killed and started again.

`make test-engines` chooses them: `rabbitmq` has a broker beside Valkey, `sentinel` three Sentinels that watch a Valkey
with a replica, `tls` one Redis with TLS and a password.
"""

import shutil
from pathlib import Path

from bankimport.broker import fault_of_server
from bankimport.processes import valkey
from bankimport.processes.child import Child
from bankimport.processes.guardian import Guardian
from bankimport.processes.password import server_password
from bankimport.processes.ports import free_port
from bankimport.processes.valkey import start_valkey
from bankimport.settings import variable_of
from tests.support.servers.engines import ENGINES, make_certificate, start_broker

PATIENCE_S = 2.0
SENTINELS = 3
_RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class QueueServers:
    """All servers of a folder; `environment` says how our processes reach them."""

    def __init__(self, folder: Path, guardian: Guardian) -> None:
        self._folder, self._guardian = folder, guardian
        self._port = free_port()
        self.environment = {"REDIS_URL": ""}
        self.children: dict[str, Child] = {}
        if "sentinel" in ENGINES:
            self._start_watched()
        else:
            self.start("valkey")
        if "rabbitmq" in ENGINES:
            self._epmd, self._amqp, self._distribution = free_port(), free_port(), free_port()
            self.start("rabbitmq")
            self.children["rabbitmq"].wait_until_ready()

    @property
    def broker(self) -> str:
        """The name of the one that has the queue."""
        return "rabbitmq" if "rabbitmq" in ENGINES else "valkey"

    def start(self, name: str) -> None:
        """Start one, the first time or after it was killed."""
        if name == "rabbitmq":
            self._start_rabbitmq()
        elif "tls" in ENGINES:
            folder = self._folder / "valkey"
            folder.mkdir(exist_ok=True)
            redis = start_broker(folder, self._guardian, self._port)
            self.children[name], self.environment["REDIS_URL"] = redis.child, redis.url
        else:
            server = start_valkey(self._folder / "valkey", self._guardian, port=self._port)
            self.children[name] = server.child
            if "sentinel" not in ENGINES:
                self.environment["REDIS_URL"] = server.url

    def wipe(self) -> None:
        """Lose what the killed Valkey had stored."""
        shutil.rmtree(self._folder / "valkey" / "valkey", ignore_errors=True)

    def _start_watched(self) -> None:
        self.start("valkey")
        password = server_password(self._folder / "valkey", "valkey")
        replica = free_port()
        self._run("replica", replica, [f"replicaof 127.0.0.1 {self._port}", *_passwords(password)], password)
        ports = [free_port() for _ in range(SENTINELS)]
        for number, port in enumerate(ports, 1):
            watch = [
                f"sentinel monitor bankimport 127.0.0.1 {self._port} 2",
                f"sentinel auth-pass bankimport {password}",
                "sentinel down-after-milliseconds bankimport 1000",
                "sentinel failover-timeout bankimport 5000",
            ]
            self._run(f"sentinel {number}", port, watch, None)
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.environment["REDIS_URL"] = f"redis+sentinel://:{password}@{hosts}/0/bankimport"

    def _run(self, name: str, port: int, lines: list[str], password: str | None) -> None:
        folder = self._folder / name.replace(" ", "-")
        folder.mkdir()
        configuration = folder / "conf"
        configuration.write_text("\n".join(["bind 127.0.0.1", f"port {port}", f'dir "{folder}"', *lines]) + "\n")
        url = f"redis://:{password}@127.0.0.1:{port}/0" if password else f"redis://127.0.0.1:{port}/0"
        child = Child(
            name,
            [str(valkey.binary()), str(configuration), *([] if password else ["--sentinel"])],
            log=folder / "log",
            is_ready=lambda: fault_of_server(url, PATIENCE_S) is None,
            guardian=self._guardian,
        )
        child.wait_until_ready()
        self.children[name] = child

    def _start_rabbitmq(self) -> None:
        folder = self._folder / "rabbitmq"
        if "epmd" not in self.children:
            folder.mkdir()
            self._certificate, self._key = make_certificate(folder)
            (folder / "plugins").write_text("[].\n")
            (folder / "rabbitmq.conf").write_text(
                f"listeners.tcp = none\nlisteners.ssl.default = 127.0.0.1:{self._amqp}\n"
                f"ssl_options.cacertfile = {self._certificate}\nssl_options.certfile = {self._certificate}\n"
                f"ssl_options.keyfile = {self._key}\ndefault_user = bankimport\ndefault_pass = of-the-broker\n"
                "default_vhost = bankimport\nlog.file = false\nlog.console = true\ndisk_free_limit.absolute = 50MB\n"
            )
            # Erlang would start one by itself, which nothing would ever stop.
            self.children["epmd"] = Child(
                "epmd",
                ["epmd", "-address", "127.0.0.1", "-port", str(self._epmd)],
                log=folder / "epmd.log",
                is_ready=lambda: True,
                guardian=self._guardian,
            )
        url = f"amqps://bankimport:of-the-broker@127.0.0.1:{self._amqp}/bankimport?ssl_ca_certs={self._certificate}"
        self.environment[variable_of("queue_url")] = url
        self.children["rabbitmq"] = Child(
            "RabbitMQ",
            [str(_RABBITMQ)],
            log=folder / "log",
            is_ready=lambda: fault_of_server(url, PATIENCE_S) is None,
            guardian=self._guardian,
            environment={
                "HOME": str(folder),
                "RABBITMQ_NODENAME": f"bankimport{self._amqp}@localhost",
                "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
                "RABBITMQ_MNESIA_BASE": str(folder / "data"),
                "RABBITMQ_LOG_BASE": str(folder / "logs"),
                "RABBITMQ_DIST_PORT": str(self._distribution),
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
                "ERL_EPMD_PORT": str(self._epmd),
                "ERL_EPMD_ADDRESS": "127.0.0.1",
            },
        )


def _passwords(password: str) -> list[str]:
    return [f"requirepass {password}", f"masterauth {password}"]
