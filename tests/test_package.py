"""What is built from the sources runs by itself, in an empty folder, beside another package that is called `app`."""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.settings import ROOT
from app.version import RELEASED, VERSION
from tests.ports import free_port
from tests.serving import PLAIN, wait_for

NAME = f"stodkatalog-{VERSION}"
ODD = "100 % å?#%20"
"""A folder, named as folders may be."""


def build(target: str, sources: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=sources, check=True, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what a source distribution holds, and from nothing else."""
    folder = tmp_path_factory.mktemp("dist")
    build("sdist", ROOT, folder)
    with tarfile.open(folder / f"{NAME}.tar.gz") as sources:
        sources.extractall(folder, filter="data")
    build("wheel", folder / NAME, folder)
    return folder / f"{NAME}-py3-none-any.whl"


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`stodkatalog`, installed as pip installs it; what it depends on is that of the tests."""
    folder = tmp_path_factory.mktemp("venv") / ODD
    venv.create(folder)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(folder / "bin" / "python"),
        "install",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, "--quiet", "--disable-pip-version-check", str(wheel)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (packages / "app").mkdir()
    (packages / "app" / "__init__.py").write_text("raise SystemExit('somebody else is called app, too')")
    return folder / "bin" / "stodkatalog"


@contextmanager
def serving(command: Path, folder: Path) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STODKATALOG_")}
    port = free_port()
    with subprocess.Popen(
        [command, "serve", "--port", str(port), "--workers", "2", "--no-access-log"],
        cwd=folder, env=environment | {"PYTHONDONTWRITEBYTECODE": ""}, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}")
            assert process.poll() is None, "somebody else answers on this port"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_a_wheel_claims_no_name_but_its_own_and_holds_whatever_git_keeps_of_the_program(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert {name.partition("/")[0] for name in names} == {"stodkatalog", f"{NAME}.dist-info"}
    kept = subprocess.run(
        ["git", "ls-files", "app", "migrations", "seed", "alembic.ini"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    assert {f"stodkatalog/{name}" for name in kept} <= names


def test_an_installed_package_serves_whole_from_an_empty_folder_and_keeps_its_store_there(
    command: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    with serving(command, folder) as address, httpx.Client(base_url=address, timeout=20, verify=PLAIN) as client:
        for path in ("/v1/hotlines", "/sv/", "/embed/guide", "/docs", "/hsds/v3/services", "/datasets/dcat"):
            assert client.get(path).status_code == 200, path
        info = client.get("/v1/api-info").json()
    assert (folder / "stodkatalog.sqlite3").exists()
    assert info["apiVersion"] == VERSION
    told = subprocess.run([command, "--version"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert told == f"{VERSION} ({info['apiCommit']})\n"
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert commit.startswith(info["apiCommit"].removesuffix("-dirty"))


def test_the_changelog_and_the_program_name_the_same_newest_version() -> None:
    newest = re.search(r"^## (\d.*) — (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest.groups() == (VERSION, RELEASED)
