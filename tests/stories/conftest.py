"""The whole service as it is run: two workers behind nginx with the sample configuration, on Christmas Eve."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.console.sessions import choose_key, make_login_link
from app.database import engine_for
from app.seeding.files import Seed
from app.settings import ROOT
from app.times import STOCKHOLM
from tests.conftest import create_seeded, find_server
from tests.http.test_nginx import Front, nginx_before
from tests.ports import free_port
from tests.serving import wait_for
from tests.stores import Stores, discard

EVE = datetime(2026, 12, 24, 10, 0, tzinfo=STOCKHOLM)
"""The time of the service, whichever day it is: `clock/sitecustomize.py` sets it."""
Header = dict[str, str]


@dataclass(frozen=True)
class House:
    """The service behind nginx, and its store. `ahead`: how far its clock is ahead of ours."""

    engine: Engine
    front: Front
    behind: str
    ahead: timedelta

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.front.port}"

    def make_key(self, name: str, role: KeyRole, scope: str | None = None) -> Header:
        """The header with a new key."""
        token, _ = add_key(self.engine, KeyRequest(name, role, scope), datetime.now(UTC) + self.ahead)
        return {"Authorization": f"Bearer {token}"}

    def send(self, path: str, body: dict[str, Any], headers: Header | None = None, status: int = 201) -> Any:
        """Post JSON to the API, through nginx; what it answers."""
        answer = self.front.client.post(f"/v1{path}", json=body, headers=headers or {})
        assert answer.status_code == status, answer.text
        return answer.json()

    def read(self, path: str, accept: str = "*/*", **asked: Any) -> httpx.Response:
        """What a reader is given through nginx after its cache was emptied."""
        self.empty_cache()
        answer = self.front.client.get(path, params=asked, headers={"Accept": accept})
        assert answer.status_code == 200, answer.text
        return answer

    def read_everywhere(self, path: str, **asked: Any) -> list[Any]:
        """The JSON that nginx gives, and what the workers behind it give to six connections."""
        direct = [httpx.get(f"{self.behind}{path}", params=asked) for _ in range(6)]
        return [answer.json() for answer in (self.read(path, **asked), *direct)]

    def empty_cache(self) -> None:
        """As the comments of the sample have it."""
        for kept in (self.front.folder / "cache").iterdir():
            shutil.rmtree(kept, ignore_errors=True)  # nginx may be writing there

    @contextmanager
    def sign_in(self, browser: Browser, name: str) -> Iterator[Page]:
        """A tab of an editor at the console, without JavaScript."""
        now = datetime.now(UTC) + self.ahead
        code = make_login_link(self.engine, choose_key(self.engine, None, name, KeyRole.EDITOR, now), now)
        with self.visit(browser) as page:
            page.goto(f"{self.address}/redaktion/logga-in?kod={code}")
            page.get_by_role("button", name="Logga in").click()
            expect(page.get_by_role("heading", name="Mina ärenden")).to_be_visible()
            yield page

    @contextmanager
    def visit(self, browser: Browser, **options: Any) -> Iterator[Page]:
        """A tab of anybody, without JavaScript."""
        self.empty_cache()
        with browser.new_context(**{"locale": "sv-SE", "java_script_enabled": False, **options}) as context:
            page = context.new_page()
            page.set_default_timeout(15_000)
            yield page


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, stores: Stores, seed: Seed
) -> Iterator[House]:
    """The service over the real data, on each database, for all stories."""
    server, folder = find_server(request), tmp_path_factory.mktemp("house")
    url, ahead = create_seeded(stores, folder, server, seed), EVE - datetime.now(UTC)
    engine = engine_for(url)
    with serve_two_workers(url, ahead, folder / "service.log") as port:
        nginx = folder / "nginx"
        nginx.mkdir()
        with nginx_before(port, folder=nginx) as front:
            yield House(engine, front, f"http://127.0.0.1:{port}", ahead)
    discard(engine, server)
    assert "Traceback" not in (folder / "service.log").read_text("utf-8")


@contextmanager
def serve_two_workers(url: str, ahead: timedelta, log: Path) -> Iterator[int]:
    """`stodkatalog serve --workers 2`, as an operator starts it. Yields the port."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "STODKATALOG_DATABASE_URL": url,
        "PYTHONPATH": str(ROOT / "tests" / "stories" / "clock"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CLOCK_AHEAD": str(ahead.total_seconds()),
    }
    command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--workers", "2"]
    with log.open("wb") as output, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=output) as service:
        try:
            wait_for(f"http://127.0.0.1:{port}")
            yield port
        finally:
            service.terminate()
