"""/metrics and the log as machines read them, of a service with several workers."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.cli import main
from app.operating.metrics import describe_standby, describe_state
from app.operating.state import Standby, StoreState
from app.seeding.files import Seed
from app.settings import ROOT
from app.version import VERSION
from tests.conftest import create_seeded
from tests.ports import free_port
from tests.serving import PLAIN, wait_for
from tests.stores import Stores

SECRET = "hemlighet"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
STATE = StoreState(1, NOW, {"hotline": 1}, NOW, {"report": 1}, 2)
OF_THE_STORE = [metric.name for metric in (*describe_state(STATE), *describe_standby(Standby(1, 0.0), STATE))]
TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACED = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "tracestate": f"x={SECRET}", "baggage": f"user={SECRET}"}


@contextmanager
def serving(url: str, metrics: str, log: Path) -> Iterator[str]:
    """The service with two workers, and all that it writes in a file."""
    port = free_port()
    more = {"STODKATALOG_DATABASE_URL": url, "STODKATALOG_METRICS": metrics, "STODKATALOG_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "app", "serve", "--workers", "2", "--port", str(port)]
    with log.open("wb") as output, subprocess.Popen(
        command, cwd=ROOT, env=os.environ | more, stdout=output, stderr=output
    ) as process:  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def scrape(metrics: str) -> dict[str, float]:
    """Each sample by its name and labels, such as `stodkatalog_tasks_open{kind=report}`."""
    text = httpx.get(f"http://{metrics}/metrics", verify=PLAIN).text
    assert SECRET not in text
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_metrics_sum_up_all_workers_and_the_log_is_json_and_neither_holds_what_a_caller_sent(
    stores: Stores, seed: Seed, tmp_path: Path
) -> None:
    url, metrics = create_seeded(stores, tmp_path, None, seed), f"127.0.0.1:{free_port()}"
    with serving(url, metrics, tmp_path / "log") as address:
        for _ in range(20):  # a connection each, so that both workers are asked
            assert httpx.get(f"{address}/v1/hotlines", verify=PLAIN).status_code == 200
        for path in (f"/v1/hotlines/{SECRET}", f"/{SECRET}", f"/v1/search?q={SECRET}", "/metrics"):
            httpx.get(f"{address}{path}", verify=PLAIN)
        httpx.request(SECRET, f"{address}/v1/hotlines", verify=PLAIN)
        samples = scrape(metrics)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as store:
            store.execute("ALTER TABLE resource RENAME TO gone")
        for path in ("/v1/courses?limit=3", "/sv/"):
            asked = httpx.get(f"{address}{path}", headers=TRACED, verify=PLAIN, follow_redirects=True)
            assert asked.status_code == 503
        broken = scrape(metrics)
    assert broken["stodkatalog_store_up"] == 0
    assert broken["stodkatalog_store_errors_total{kind=OperationalError}"] >= 2
    lists = "stodkatalog_requests_total{method=GET,route=/hotlines,status=200}"
    assert samples[lists] == 20
    assert samples["stodkatalog_request_seconds_count{route=/hotlines}"] >= 20
    assert samples["stodkatalog_cache_hits_total"] >= 18  # each worker makes the list once
    assert samples["stodkatalog_requests_total{method=GET,route=-,status=404}"] >= 2  # /metrics is one of them
    assert samples["stodkatalog_answers_under_way"] == samples["stodkatalog_answers_waiting"] == 0
    assert (samples["stodkatalog_store_up"], samples["stodkatalog_edition"]) == (1, 1)
    assert samples["stodkatalog_records{kind=hotline}"] > 1
    assert samples["stodkatalog_proposals_open"] == 0
    assert samples[f"stodkatalog_info{{commit=,version={VERSION}}}"] == 1
    lines = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert SECRET not in str(lines)
    requests = [line for line in lines if line["logger"] == "stodkatalog.access" and line["route"] == "/hotlines"]
    assert {(line["method"], line["status"]) for line in requests} >= {("GET", 200)}
    assert any("API http://" in line["message"] for line in lines)
    assert all(re.fullmatch("[0-9a-f]{32}", line["trace"]) for line in requests)
    (fault, *_) = [line for line in lines if line["message"].startswith("the store failed on /courses")]
    assert re.search(r"OperationalError SQLITE_ERROR SELECT \w+ in \w+", fault["message"])
    assert fault["trace"] == TRACE
    assert find_named_metrics() <= {name.partition("{")[0] for name in samples | broken} | set(OF_THE_STORE)


def find_named_metrics() -> set[str]:
    """The metrics that the sample dashboard and the alert rules go by."""
    files = (ROOT / "deploy" / "grafana.json", ROOT / "deploy" / "prometheus-alerts.yaml")
    return {name for file in files for name in re.findall(r"\bstodkatalog_\w+", file.read_text("utf-8"))}


def test_an_address_for_metrics_that_is_taken_is_one_line(
    database_url: str, served: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = re.sub(r"^http://", "", getattr(served, "address", ""))
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", database_url)
    monkeypatch.setenv("STODKATALOG_METRICS", taken)
    with pytest.raises(SystemExit, match=rf"^stodkatalog: STODKATALOG_METRICS: cannot listen on {taken}: "):
        main(["serve", "--port", str(free_port())])
