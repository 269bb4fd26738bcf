"""One small directory for all tests of a file, served on each database, with people who sign in to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, QueuePool, event

from app.access.models import KeyRole
from app.console.sessions import choose_key, make_login_link
from app.database import engine_for
from app.main import create_app
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.conftest import find_server
from tests.records.conftest import FIRST
from tests.seeding.small import write_folder
from tests.serving import PLAIN, serve
from tests.stores import Stores, discard

CLINIC = """
[[support_service]]
id = "mottagningen"
status = "current"
name = {sv = "Mottagningen", en = "The clinic"}
summary = {sv = "Stöd.", en = "Support."}
areas = ["1380"]
[[support_service.contact_points]]
id = "telefon"
channel = "phone"
label = {sv = "Telefon", en = "Phone"}
value = "+46313676000"
opening_hours = "Mo-Fr 08:00-17:00"
hours_basis = "stated"
hours_stated = "vardagar 8–17"
[[support_service.citations]]
source = "sida"
locator = "rad 2"
evidence = "031-367 60 00"
fields = ["name", "summary", "areas", "contact_points.telefon.channel", "contact_points.telefon.value",
          "contact_points.telefon.opening_hours"]
"""
RECORD = "support-services/mottagningen"


class Person(httpx.Client):
    """Somebody at the console, with a cookie of their own."""

    def csrf(self, path: str = "/") -> str:
        """What the forms of a page hold."""
        (token, *_) = re.findall(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text)
        return str(token)

    def submit(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of ours."""
        return self.post(path, data={"csrf": self.csrf(), **fields})


class Newsroom:
    """A served store, and its console. `served`: the engine that answers are made with."""

    def __init__(self, engine: Engine, address: str, served: Engine) -> None:
        self.engine, self.address, self.served = engine, address, served

    def link(self, name: str = "Redaktionen", role: KeyRole = KeyRole.EDITOR, at: datetime | None = None) -> str:
        """The code of a link for a role."""
        now = at or datetime.now(UTC)
        return make_login_link(self.engine, choose_key(self.engine, None, name, role, now), now)

    def visit(self) -> Person:
        """Somebody who is not signed in."""
        return Person(base_url=f"{self.address}/redaktion", timeout=10, verify=PLAIN)

    @contextmanager
    def sign_in(self, name: str = "Redaktionen", role: KeyRole = KeyRole.EDITOR) -> Iterator[Person]:
        """Somebody who is."""
        with self.visit() as person:
            assert person.post("/logga-in", data={"kod": self.link(name, role)}).status_code == 303
            yield person

    @contextmanager
    def count_connections(self) -> Iterator[list[int]]:
        """How many connections answers hold, each time that they take one."""
        held, pool = list[int](), self.served.pool

        def note(*_: object) -> None:
            assert isinstance(pool, QueuePool)
            held.append(pool.checkedout())

        event.listen(pool, "checkout", note)
        yield held
        event.remove(pool, "checkout", note)

    def get(self, path: str, **asked: Any) -> Any:
        """What the API says."""
        return httpx.get(f"{self.address}{path}", params=asked, verify=PLAIN).json()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def newsroom(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, stores: Stores
) -> Iterator[Newsroom]:
    """The console over the small directory, on each database."""
    folder = write_folder(tmp_path_factory.mktemp("seed"))
    (folder / "support_services.toml").write_text(CLINIC, "utf-8")
    server = find_server(request)
    where = tmp_path_factory.mktemp("store")
    url = stores.create(where, server, "console", lambda engine: write_seed(engine, read_seed(folder), FIRST))
    with serve(create_app(Settings(database_url=url))) as running:
        engine = engine_for(url)
        yield Newsroom(engine, running.address, running.application.state.engine)
        engine.dispose()
    discard(url, server)


@pytest.fixture(scope="module")
def editor(newsroom: Newsroom) -> Iterator[Person]:
    """An editor who is signed in."""
    with newsroom.sign_in() as person:
        yield person
