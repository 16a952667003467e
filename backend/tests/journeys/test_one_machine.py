"""The product as its user runs it: real processes, the command line, and what is left when they are killed."""

import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from tests.journeys.demonstration import assert_imported_twice
from tests.journeys.machine import PASSWORD, command, connect, consent, environment, machine
from tests.support.bank.held import hold_from_call, set_delay
from tests.support.suite.loopback import http_get
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.processes.ports import free_port
from bankimport.processes.stack import simulator_settings
from bankimport.settings import variable_of
from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey


def wait_until_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(processes, timeout=HANGS_AFTER_S)
    return still_running(alive)


def still_running(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.deep
def test_the_demo_can_end_after_its_imports() -> None:
    done = subprocess.run(
        command("demo", "--once"),
        env=environment(Path("/nonexistent")),
        capture_output=True,
        text=True,
        timeout=HANGS_AFTER_S,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert_imported_twice(done.stdout)
    assert "/api/auth/link?token=" not in done.stdout, "a link to a page that is gone"
    assert "omit --once" in done.stdout


@pytest.mark.timeout(900)
@pytest.mark.slow("one installation from its first start through every command to its end")
def test_everything_from_the_command_line_and_all_is_stopped_at_the_end(tmp_path: Path) -> None:
    with machine(tmp_path, workers=2, is_new=True) as up:
        started = list(up.descendants())
        assert len(started) >= 6
        assert up.running("postgres")
        assert up.running("valkey-server")
        first = re.search(r"http://\S+/api/auth/first\?token=\S+", up.said)
        assert first is not None
        assert http_get(first[0], timeout=HANGS_AFTER_S).status_code == 200
        created = up.run("user", "create", "ada@example.org", "--password-stdin", text=PASSWORD + "\n")
        assert "ada@example.org" in created
        assert http_get(first[0], timeout=HANGS_AFTER_S).status_code == 401
        link = up.read("connect", "--bank", "sim-plain", "--no-wait")["authorization_url"]
        assert "connected=1" in consent(link)
        accounts = up.read("accounts")["accounts"]
        assert [account["kind"] for account in accounts] == ["account", "account", "card"]
        plan = up.read("plan", "--last", "30d")
        assert plan["estimated_accounts"] == 3
        done = up.read(
            "import", "--last", "3m", "--account", accounts[0]["account_id"], "--account", accounts[2]["account_id"]
        )
        assert done["status"] in ("completed", "enriching")
        assert done["progress"]["total_accounts"] == 2
        assert done["total_so_far"]["synced"] > 200
        assert up.read("status", str(done["job_id"]))["total_so_far"] == done["total_so_far"]
        (entry,) = up.read("history")["imports"]
        assert entry["transactions_imported"] == done["total_so_far"]["synced"]
        rows = up.read("transactions", "--account", accounts[0]["account_id"], "--limit", "5")["transactions"]
        assert len(rows) == 5
        proofs = up.read("proof")["accounts"]
        assert [proof["days"]["broken"] for proof in proofs] == [0, 0, 0]
        assert proofs[0]["days"]["proven"] > 20
        assert "days proven" in up.run("proof", accounts[0]["account_id"])
        printed = up.run("import", "--last", "7d")
        assert "100%" in printed
        assert "already stored" in printed
        assert "stored days" in up.run("accounts")
        tried = up.read("import", "--last", "30d", "--dry-run")
        assert tried["is_dry_run"]
        assert {account["counts"]["new"] for account in up.read("diff", str(tried["job_id"]))["accounts"]} != {0}
        assert "commit" in up.run("diff", str(tried["job_id"]))
        assert "100%" in up.run("commit", str(tried["job_id"]))
        assert "nothing to review" in up.run("review")
        assert "all is as the bank said" in up.run("verify")
        assert up.read("reparse")["findings"] == []
        pack = tmp_path / "evidence.zip"
        up.run("evidence", str(done["job_id"]), "--output", str(pack))
        assert up.read("verify", str(pack), "--stored")["is_sound"]
        second = up.read("history")["imports"][0]["job_id"]
        assert [item["job_id"] for item in up.read("undo", str(second))["undone"]] == [second]
        assert up.read("redo", str(second))["status"] == "completed"
        later = up.read("import", "--last", "7d", "--no-wait")["job_id"]
        up.run("queue", "--pause")
        assert up.read("queue")["is_paused"]
        up.run("queue", "--resume")
        up.run("status", str(later), "--follow")
        assert "not_possible_now" in up.run("cancel", str(later), "--json", code=1)
        assert "completed" in up.run("queue")
        assert "no account 4242" in up.run("import", "--account", "4242", code=1)
        assert "not a day" in up.run("plan", "--from", "yesterday", code=2)
        checks = up.read("doctor")["checks"]
        assert all(check["is_well"] for check in checks)
        assert "already" in up.run("up", code=1)
        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(HANGS_AFTER_S) == 0
        assert wait_until_gone(started) == []


def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path) -> None:
    nobody_listens = f"postgresql://ada:secret@127.0.0.1:{free_port()}/bankimport"
    for name, value in (
        ("BANKIMPORT_PORT", "http"),
        ("BANKIMPORT_HOST", "999.1.1.1"),
        ("BANKIMPORT_HOME", "/dev/null"),
        ("BANKIMPORT_LLM_MODEL", "gpt"),
        ("DATABASE_URL", nobody_listens),
    ):
        done = subprocess.run(
            command("up"),
            env=environment(tmp_path, **{name: value}),
            capture_output=True,
            text=True,
            timeout=HANGS_AFTER_S,
        )
        assert done.returncode == 1
        lines = done.stderr.strip().splitlines()
        assert len(lines) == 1
        assert name in lines[0]
        assert "for example" in lines[0]


@pytest.mark.slow("a stack of processes is started three times")
def test_stored_rows_and_a_running_import_survive_a_dead_process_and_the_kill_of_the_whole_machine(
    tmp_path: Path, simulator: RunningSimulator
) -> None:
    bank = {variable_of(name): value for name, value in simulator_settings(simulator.url).items()}
    with machine(tmp_path, workers=None, more=bank) as up:
        up.run("user", "create", "ada@example.org")
        done = up.read("import", "--last", "7d", "--connection", connect(up, "mock"))
        assert "bankimport is already running with its data in" in up.run("up", code=1)
        started = list(up.descendants())
        worker = next(process for process in started if "worker" in process.cmdline())
        worker.kill()

        assert up.process.wait(HANGS_AFTER_S) == 1
        assert up.process.stdout is not None
        assert "worker 1 ended" in up.process.stdout.read()
        assert wait_until_gone(started) == []
    set_delay(simulator, "sim-slow", 0)
    # The rows of the first answer are stored while the second call waits, however long that takes.
    hold_from_call(simulator, "sim-slow", "/transactions", 1)
    with machine(tmp_path, more=bank) as up:
        assert up.read("status", str(done["job_id"]))["total_so_far"] == done["total_so_far"]
        connection_id = connect(up, "sim-slow")
        options = ("--last", "2y", "--connection", connection_id, "--parallel", "1", "--no-wait")
        job_id = up.read("import", *options)["job_id"]
        while not (before := up.read("status", str(job_id)))["total_so_far"]["synced"]:
            time.sleep(0.2)
        descendants = up.descendants()
        left = [process for process, line in descendants.items() if "bankimport.processes.guardian" not in line]
        up.process.send_signal(signal.SIGKILL)
        up.process.wait(HANGS_AFTER_S)
    simulator.admin("DELETE", "faults")
    with machine(tmp_path, more=bank) as up:
        assert still_running(left) == [], "the second waits for the end of the first"
        assert wait_until_gone(list(descendants)) == [], "a supervisor that is killed outright leaves no process behind"
        up.run("status", str(job_id), "--follow")
        status = up.read("status", str(job_id))
        accounts = [one for one in up.read("accounts")["accounts"] if str(one["connection_id"]) == connection_id]

    assert before["status"] == "running"
    assert status["status"] in ("completed", "enriching")
    truth = [len(simulator.truth(provider_id="sim-slow", number=number)) for number in ("0", "1")]
    truth.append(len(simulator.truth(provider_id="sim-slow", kind="card")))
    assert [account["coverage"]["transactions"] for account in accounts] == truth
    assert sum(truth) == status["total_so_far"]["synced"] + status["total_so_far"]["duplicates"]
