"""Hostile writes for `bench.hostile`: nonsense of all sizes, and writes that are in order but far too many."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

import httpx
from sqlalchemy import Engine

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from tests.serving import PLAIN

WRITERS = 8
LINE, OTHER = "hotlines/kvinnofridslinjen", "support-services/evonhuset"
TEXTS = ("", "Fel nummer.", "x" * 1_000, "x" * 60_000, "<script>alert(1)</script>", "\x00", "🐍" * 300, "' OR 1=1 --")
NOBODY = "stodkatalog_live_0123abcd_" + 64 * "0"
ANY = "00000000-0000-4000-8000-000000000000"
CONTRIBUTORS, TESTERS = 60, 20
"""Keys of each sort: what one key may ask is limited, so an attacker has stolen many."""

Key = dict[str, str]
Answers = Counter[tuple[str, int]]
"""By the sort of write and the status; 0 is a request that was cut off."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Headers with stolen keys."""

    contributors: list[Key]
    testers: list[Key]
    operator: Key
    editor: Key


def make_keys(engine: Engine, now: datetime) -> Keys:
    """Keys for the attack, in the store."""

    def make(name: str, role: KeyRole, scope: str | None = None, *, is_test: bool = False) -> Key:
        token, _ = add_key(engine, KeyRequest(name, role, scope, is_test=is_test), now)
        return {"Authorization": f"Bearer {token}"}

    return Keys(
        [make(f"Uppgiftslämnare {nth}", KeyRole.CONTRIBUTOR) for nth in range(CONTRIBUTORS)],
        [make(f"Prov {nth}", KeyRole.EDITOR, is_test=True) for nth in range(TESTERS)],
        make("Linjen", KeyRole.OPERATOR, f"records={LINE}"),
        make("Granskaren", KeyRole.EDITOR, "municipality=1380"),
    )


class Attacker:
    """Sends one hostile request at a time."""

    def __init__(self, client: httpx.Client, keys: Keys, chance: random.Random) -> None:
        self.client, self.keys, self.chance = client, keys, chance
        self.answers: Answers = Counter()
        self._bases = {record: client.get(f"/v1/records/{record}").json()["number"] for record in (LINE, OTHER)}
        self._made: list[tuple[str, Key]] = []
        self._sorts: Mapping[str, Callable[[], httpx.Response]] = {
            "nonsense with any key": self._send_nonsense,
            "forms with nonsense": self._send_form,
            "proposals in order": self._propose,
            "proposals withdrawn again": self._withdraw,
            "proposals with a test key": self._try_out,
            "reports in order": self._report,
            "exceptions to hours": self._close_line,
            "webhooks made and removed": self._follow,
        }

    def attack(self) -> None:
        """Send whatever comes to mind."""
        sort = self.chance.choice(list(self._sorts))
        try:
            self.answers[sort, self._sorts[sort]().status_code] += 1
        except httpx.TransportError:
            self.answers[sort, 0] += 1

    def _send_nonsense(self) -> httpx.Response:
        text = self.chance.choice(TEXTS)
        key = self.chance.choice([{"Authorization": f"Bearer {NOBODY}"}, self.keys.editor, self.keys.operator, {}])
        path, body = self.chance.choice([
            ("/v1/reports", {"record": LINE, "text": text, "opened_at": "2000-01-01T00:00:00Z"}),
            ("/v1/proposals", {"record": LINE, "base_revision": 1, "patch": {"summary": text}}),
            ("/v1/proposals", {"record": f"courses/{self.chance.randrange(9)}", "document": {"id": text}}),
            (f"/v1/proposals/{ANY}/decision", {"decision": "accept", "reason": text}),
            ("/v1/webhooks", {"url": f"https://{text[:100]}.example/", "records": [text]}),
            (f"/v1/records/{LINE}/confirmations", {"scope": "contact", "method": text}),
        ])  # fmt: skip
        return self.client.post(path, headers=key, json=body)

    def _send_form(self) -> httpx.Response:
        text = self.chance.choice(TEXTS)
        path, form = self.chance.choice([
            ("/sv/fel", {"text": text, "record": LINE}),
            ("/redaktion/logga-in", {"kod": f"{self.chance.randrange(1 << 60):064x}"}),
            ("/redaktion/nycklar", {"namn": text, "csrf": text}),
        ])  # fmt: skip
        return self.client.post(path, data=form)

    def _propose(self) -> httpx.Response:
        key = self.chance.choice(self.keys.contributors)
        named = {"Idempotency-Key": str(self.chance.randrange(200))} if self.chance.random() < 0.5 else {}
        answer = self.client.post("/v1/proposals", headers=key | named, json=self._change(publish=False))
        if answer.status_code == 201:
            self._made.append((answer.json()["id"], key))
        return answer

    def _change(self, *, publish: bool) -> dict[str, Any]:
        text = f"{self.chance.randrange(1 << 30)}"
        patch = {"summary": {"sv": f"Nummer {text}.", "en": f"Number {text}."}}
        return {
            "record": OTHER, "base_revision": self._bases[OTHER], "patch": patch, "reason": "Så är det.",
            "publish": publish,
        }  # fmt: skip

    def _withdraw(self) -> httpx.Response:
        proposal, key = self._made.pop() if self._made else (ANY, self.keys.contributors[0])
        body = {"decision": "withdraw", "reason": "Det var fel."}
        return self.client.post(f"/v1/proposals/{proposal}/decision", headers=key, json=body)

    def _try_out(self) -> httpx.Response:
        return self.client.post(
            "/v1/proposals", headers=self.chance.choice(self.keys.testers), json=self._change(publish=True)
        )

    def _report(self) -> httpx.Response:
        """As from any network of the world, by what a proxy on the same machine may say."""
        caller = {"X-Forwarded-For": str(IPv4Address(self.chance.randrange(1 << 24, 9 << 24)))}
        opened = (datetime.now(UTC) - timedelta(seconds=20)).isoformat()
        report = {"record": LINE, "text": f"Fel nummer {self.chance.random()}", "opened_at": opened}
        if self.chance.random() < 0.5:
            return self.client.post("/sv/fel", headers=caller, data=report)
        return self.client.post("/v1/reports", headers=caller, json=report | {"answer_to": "nagon@example.com"})

    def _close_line(self) -> httpx.Response:
        today = datetime.now(UTC).date()
        hours = {
            "contact_point": "telefon", "starts_on": str(today + timedelta(days=self.chance.randrange(30))),
            "ends_on": str(today + timedelta(days=40)), "expression": "off",
            "reason": {"sv": "Stängt.", "en": f"Closed {self.chance.random()}."},
        }  # fmt: skip
        return self.client.post(f"/v1/records/{LINE}/exceptions", headers=self.keys.operator, json=hours)

    def _follow(self) -> httpx.Response:
        key = self.chance.choice(self.keys.contributors)
        made = self.client.post("/v1/webhooks", headers=key, json={"url": "https://follower.example/"})
        if made.status_code == 201:
            self.client.delete(f"/v1/webhooks/{made.json()['id']}", headers=key)
        return made


def attack(address: str, keys: Keys, writes: int, pace: float) -> Answers:
    """Send so many writes, `pace` a second (0: as many as can be); what they were answered."""
    attackers = list[Attacker]()

    def work(attacker: Attacker) -> None:
        began = time.monotonic()
        for nth in range(writes // WRITERS):
            attacker.attack()
            if pace:
                time.sleep(max(0.0, began + nth * WRITERS / pace - time.monotonic()))

    threads = list[threading.Thread]()
    for nth in range(WRITERS):
        client = httpx.Client(base_url=address, timeout=30, verify=PLAIN)
        attackers.append(Attacker(client, keys, random.Random(nth)))
        threads.append(threading.Thread(target=work, args=(attackers[-1],)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return sum((attacker.answers for attacker in attackers), Answers())


def read_harmlessly(address: str, readings: int, pace: float) -> None:
    """Ask for a kept answer, `pace` times a second: what the same number of harmless requests costs a reader."""

    def work() -> None:
        began = time.monotonic()
        with httpx.Client(base_url=address, timeout=30, verify=PLAIN) as client:
            for nth in range(readings // WRITERS):
                client.get("/v1/hotlines")
                if pace:
                    time.sleep(max(0.0, began + nth * WRITERS / pace - time.monotonic()))

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
