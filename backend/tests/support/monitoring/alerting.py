"""Feed the samples of a real /metrics to Debian's promtool, and find out which alerts fire."""

import json
import re
import subprocess
from pathlib import Path

from bankimport.clock import utc_now
from tests.support.monitoring.metrics import Samples

ROOT = Path(__file__).parents[4]
PROMTOOL = ROOT / ".cache" / "prometheus" / "promtool"
RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
HOURS = 8


def alert_names() -> list[str]:
    """The names of all alerts."""
    return re.findall(r"- alert: (\w+)", RULES.read_text())


def firing(samples: Samples, folder: Path, *, is_up: bool = True) -> set[str]:
    """The alerts that fire if /metrics keeps returning `samples` for hours.

    Times are given as ages, which stay constant; counters keep increasing at their rate per minute.
    """
    series = [_series(name, dict(labels), number) for (name, labels), number in samples.items()]
    series.append({"series": 'up{job="bankimport"}', "values": f"{int(is_up)}x{HOURS * 60}"})
    test = {
        "rule_files": [str(RULES)],
        # The samples do not change, so the rules need not be evaluated at each minute of so many hours.
        "evaluation_interval": "5m",
        "tests": [
            {
                "interval": "1m",
                "input_series": series,
                # An expectation that nothing meets, so that promtool prints what it got.
                "promql_expr_test": [
                    {
                        "expr": 'group by (alertname) (ALERTS{alertstate="firing"}) or vector(-1)',
                        "eval_time": f"{HOURS}h",
                        "exp_samples": [{"labels": '{never="met"}', "value": 0}],
                    }
                ],
            }
        ],
    }
    path = folder / "alerts_test.json"
    path.write_text(json.dumps(test))
    done = subprocess.run([PROMTOOL, "test", "rules", str(path)], capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert "got:" in output, output
    assert "-1" in output, output
    return set(re.findall(r'alertname="(\w+)"', output.partition("got:")[2]))


def _series(name: str, labels: dict[str, str], number: float) -> dict[str, str]:
    selector = "{" + ", ".join(f'{label}="{text}"' for label, text in labels.items()) + "}"
    if name.endswith("_total"):
        values = f"0+{number:f}x{HOURS * 60}"
    elif name == "bankimport_periodic_run_seconds" or name.startswith("bankimport_account_newest"):
        age = utc_now().timestamp() - number
        values = f"{-age:f}+60x{HOURS * 60}"
    else:
        values = f"{number:f}x{HOURS * 60}"
    return {"series": name + selector, "values": values}
