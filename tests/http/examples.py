"""The examples of the OpenAPI document: real requests to the real routes, over the real data, at a fixed moment.

`python -m tests.http.examples` writes them to app/http/examples.json; `make openapi` does.
"""

import json
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from starlette.testclient import TestClient

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.database import engine_for
from app.http import allowances
from app.http.openapi import document
from app.http.openapi_components import EXAMPLES
from app.http.problems import (
    BadRequest,
    InternalError,
    InvalidParameter,
    NotAcceptable,
    NotFound,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UriTooLong,
)
from app.main import ROUTES, create_app
from app.migrating import migrate
from app.resources.reviewing import day_of
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import PLACEHOLDER, ROOT, Settings
from app.standards.hsds import BASE
from app.webhooks.testing import DeliveryResult

SEEDED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = "2026-11-23T10:00:00+01:00"
"""A Monday in the daytime."""
ASKED = {
    "listEvents": {"status": "ended"},
    "search": {"q": "manniskohandel"},
    "getReferrals": {"municipality": "Halmstad"},
}
"""What operations are asked, besides one item at `AT`."""
IDS = {"getHotline": "nationella-stodtelefonen", "getOpeningHours": "nationella-stodtelefonen.telefon"}
"""Ids other than the first of the list: these have hours that are stated in words only."""
RECORD = {"collection": "hotlines", "id": "nationella-stodtelefonen"}
ADDRESS = "hotlines/nationella-stodtelefonen"
WORDS = {"sv": "Exempel.", "en": "Example."}
PROBLEMS: dict[type, tuple[str, dict[str, str]]] = {
    BadRequest: ("/v1/hotlines?q=%00", {}),
    Unauthorized: ("/v1/keys/current", {}),
    NotFound: ("/v1/hotlines/finns-inte", {}),
    NotAcceptable: ("/v1/hotlines", {"Accept": "image/png"}),
    InvalidParameter: ("/v1/hotlines?kommun=Halmstad", {}),
}


def examples() -> dict[str, Any]:
    """An example of each operation and each problem: the request, the values in its path and the answer."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/store.sqlite3", base_url=PLACEHOLDER)
        engine = engine_for(settings.database_url)
        migrate(engine)
        write_seed(engine, read_seed(ROOT / "seed"), SEEDED)
        engine.dispose()
        paths = document(ROUTES, settings)["paths"]
        with TestClient(create_app(settings), PLACEHOLDER) as client:
            hsds = client.get(f"{BASE}/openapi.json").json()["paths"]
            found = {
                item["get"]["operationId"]: _answered(client, mount + path, item["get"])
                for mount, described in (("/v1", paths), (BASE, hsds))
                for path, item in described.items()
                if "application/json" in item.get("get", {}).get("responses", {}).get("200", {}).get("content", ())
                and "security" not in item["get"]  # keys are secrets, and end
            }
            return {**found, **_problems(client), **_with_keys(client, settings), **_failures(settings)}


def _answered(client: TestClient, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    name = operation["operationId"]
    taken = {parameter["name"] for parameter in operation["parameters"]}
    asked = {"limit": "1", "per_page": "1", "at": AT, "from": AT, **ASKED.get(name, {})}
    query = "&".join(f"{key}={quote(value, safe=':')}" for key, value in asked.items() if key in taken)
    values: dict[str, Any] = {}
    if "{id}" in path and "{collection}" not in path:
        values = {"id": IDS.get(name) or _first(client, path)}
    if "{collection}" in path:
        values = {**RECORD, **({"number": _newest(client)} if "{number}" in path else {})}
    if "{file}" in path:
        values = {"file": "phone.json"}
    request = path.format(**values) + (f"?{query}" if query else "")
    answer = client.get(request, headers={"Accept": "application/json"})
    assert answer.status_code == 200, (request, answer.text)
    return {"request": request, "path": values, "answer": answer.json()}


class Recorder:
    """Sends requests with an editor's key, and keeps each with its answer, by the name of its example."""

    def __init__(self, client: TestClient, key: dict[str, str]) -> None:
        self.client, self.key = client, key
        self.found: dict[str, Any] = {}

    def send(
        self, name: str, path: str, body: dict[str, Any] | None = None, id_: str = "", **headers: str
    ) -> dict[str, Any]:
        method, address = "GET" if body is None else "POST", path.replace("{id}", id_)
        response = self.client.request(method, address, json=body or None, headers=self.key | headers)
        answer: dict[str, Any] = response.json()
        values = {**({"id": id_} if "{id}" in path else {}), **(RECORD if ADDRESS in path else {})}
        self.found[name] = {"request": address, "method": method, "path": values, "answer": answer}
        return answer


def _with_keys(client: TestClient, settings: Settings) -> dict[str, Any]:
    """What those are answered who have a key, with ids and moments that are the same each time."""
    now = datetime.now(UTC)
    contributor = _add_key(settings, KeyRole.CONTRIBUTOR, "records=hotlines/nationella-stodtelefonen", now)
    recorder = Recorder(client, _add_key(settings, KeyRole.EDITOR, None, now))
    _record_webhooks(recorder)
    recorder.send("getCurrentKey", "/v1/keys/current")
    _record_proposals(recorder, contributor)
    _record_tasks(recorder, now)
    return {name: _steadied(example) for name, example in recorder.found.items()}


def _record_webhooks(recorder: Recorder) -> None:
    recorder.send("createWebhook", "/v1/webhooks", {"url": "https://www.example.com/changes", "municipality": "1380"})
    recorder.found["createWebhook"]["answer"]["secret"] = "whsec_…"
    webhook = recorder.send("listOwnWebhooks", "/v1/webhooks")["items"][0]
    with patch("app.webhooks.routes.send_test", return_value=DeliveryResult(204, None)):  # nothing leaves this machine
        recorder.send("createTestMessage", "/v1/webhooks/{id}/test", {}, webhook["id"])


def _record_proposals(recorder: Recorder, contributor: dict[str, str]) -> None:
    change = {"record": ADDRESS, "base_revision": _newest(recorder.client), "reason": "Exempel."}
    words = {"summary": WORDS}
    made = recorder.send("createProposal", "/v1/proposals", {**change, "patch": words})
    recorder.send("getProposal", "/v1/proposals/{id}", id_=made["id"])
    recorder.send("listProposals", "/v1/proposals?limit=1")
    decision = {"decision": "reject", "reason": "Exempel."}
    recorder.send("Forbidden", "/v1/tasks", None, "", **contributor)
    recorder.send("decideProposal", "/v1/proposals/{id}/decision", decision, made["id"])
    recorder.send("StaleRevision", f"/v1/proposals/{made['id']}/decision", decision)
    recorder.send("PreconditionFailed", "/v1/proposals", {**change, "patch": words}, **{"If-Match": '"r1"'})
    recorder.send("WrongContentType", "/v1/proposals", {}, **{"Content-Type": "text/plain"})
    recorder.send("ContentTooLarge", "/v1/proposals", {"reason": 60_000 * "x"})


def _record_tasks(recorder: Recorder, now: datetime) -> None:
    recorder.send("createConfirmation", f"/v1/records/{ADDRESS}/confirmations", {"scope": "contact", "method": "phone"})
    opened_at = str(now - timedelta(minutes=1))
    recorder.send("createReport", "/v1/reports", {"record": ADDRESS, "text": "Exempel.", "opened_at": opened_at})
    task = recorder.send("listOpenTasks", "/v1/tasks?limit=1")["items"][0]
    recorder.send("getTask", "/v1/tasks/{id}", id_=task["id"])
    recorder.send("decideTask", "/v1/tasks/{id}/decision", {"reason": "Exempel."}, task["id"])
    today = str(day_of(now))
    hours = {"starts_on": today, "ends_on": today, "expression": "off", "contact_point": "telefon"}
    recorder.send("createException", f"/v1/records/{ADDRESS}/exceptions", {**hours, "reason": WORDS})


def _add_key(settings: Settings, role: KeyRole, scope: str | None, now: datetime) -> dict[str, str]:
    """The header of a new key."""
    engine = engine_for(settings.database_url)
    token, _ = add_key(engine, KeyRequest(f"Exempel, {role}", role, scope), now)
    engine.dispose()
    return {"Authorization": f"Bearer {token}"}


def _steadied(value: Any) -> Any:
    """Without what is another each time: ids, moments and days."""
    if isinstance(value, dict):
        return {name: _steadied(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_steadied(inner) for inner in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-4000-8000-000000000000", value)
    value = re.sub(r"^[0-9a-f]{8}$", "1f2e3d4c", value)
    value = re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:[\d.]+(Z|[+-]\d\d:\d\d)", "2026-11-23T09:00:00Z", value)
    return re.sub(r"20\d\d-\d\d-\d\d(?!T)", "2026-11-23", value)


def _newest(client: TestClient) -> int:
    """The number of the newest revision of `RECORD`."""
    return int(client.get("/v1/records/{collection}/{id}".format(**RECORD)).json()["number"])


def _first(client: TestClient, path: str) -> str:
    collection = path.partition("/{id}")[0]
    if collection.startswith(BASE):
        return str(client.get(collection).json()["contents"][0]["id"])
    listed = client.get(collection).json()["items"] or client.get(f"{collection}?status=ended").json()["items"]
    return str(listed[0]["id"])


def _problems(client: TestClient) -> dict[str, Any]:
    found = {
        kind.__name__: {"request": request, "answer": client.get(request, headers=headers).json()}
        for kind, (request, headers) in PROBLEMS.items()
    }
    long = client.get("/v1/search?q=" + 9000 * "a").json()
    return {**found, UriTooLong.__name__: {"request": "/v1/search?q=aaa…", "answer": long}}


def _failures(settings: Settings) -> dict[str, Any]:
    """What the service answers when its store cannot be read, and when it has a fault of its own."""
    nowhere = create_app(settings.model_copy(update={"database_url": "sqlite:////nowhere/store.sqlite3"}))
    faulty = create_app(settings)
    faulty.state.engine = None
    found = {}
    for kind, application in ((Unavailable, nowhere), (InternalError, faulty)):
        with TestClient(application, PLACEHOLDER, raise_server_exceptions=False) as client:
            found[kind.__name__] = {"request": "/v1/hotlines", "answer": client.get("/v1/hotlines").json()}
    return {**found, **_too_many(settings)}


def _too_many(settings: Settings) -> dict[str, Any]:
    """What a network is told that asks for more dear answers than it may; the address is one for documentation."""
    strict, request = create_app(settings.model_copy(update={"dear_per_minute": 1})), "/v1/search?q=jour"
    # The clock stands still, so that the seconds to wait are the same each time.
    clock = patch.object(allowances, "time", SimpleNamespace(monotonic=lambda: 0.0))
    with clock, TestClient(strict, PLACEHOLDER, client=("192.0.2.1", 50000)) as client:
        client.get(request)
        answer = client.get(request.replace("jour", "stöd"))
    assert answer.status_code == 429, answer.text
    return {TooManyRequests.__name__: {"request": request, "answer": answer.json()}}


def text() -> str:
    """The examples as the file holds them."""
    return json.dumps(examples(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(EXAMPLES).write_text(text(), encoding="utf-8")
