"""The service runs on its own protocol only with the versions that were tested; with any other, it still runs."""

import ast
import importlib.metadata
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import httptools
import httpx
import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.server.choosing import RELIES_ON, TESTED, choose_protocol, find_obstacle
from app.server.slow_clients import PatientProtocol
from app.settings import ROOT
from tests.ports import free_port
from tests.serving import wait_for

MODULES = sorted((ROOT / "app" / "server").glob("*.py"))


def test_the_installed_versions_are_those_that_were_tested() -> None:
    assert find_obstacle() is None
    assert choose_protocol(fast_path=True) is PatientProtocol


def test_the_project_pins_the_versions_that_were_tested() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert {f"{package}=={tested}" for package, tested in TESTED.items()} <= set(wanted)


@pytest.mark.parametrize("package", TESTED)
def test_another_version_or_none_is_served_on_uvicorns_own_protocol_and_the_log_says_so_once(
    package: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(TESTED, package, "0.0.1")
    assert choose_protocol(fast_path=True) == "h11"
    assert len(caplog.messages) == 1
    assert f"{package} {importlib.metadata.version(package)} is installed, and 0.0.1 was tested" in caplog.text
    monkeypatch.delitem(TESTED, package)
    monkeypatch.setitem(TESTED, "no-such-package", "1")
    assert find_obstacle() == "no-such-package is not installed"


@pytest.mark.parametrize("place", RELIES_ON)
def test_a_name_that_is_missing_is_an_obstacle(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RELIES_ON, place, (*RELIES_ON[place], "name_of_another_version"))
    assert find_obstacle() == f"{place.partition(':')[2]} has no name_of_another_version"


@pytest.mark.parametrize("place", ["uvicorn.no_such_module:Nothing", "uvicorn.server:Nothing"])
def test_a_class_that_is_missing_is_an_obstacle(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RELIES_ON, place, ())
    assert find_obstacle() == f"{place.partition(':')[0]} has no Nothing"


def test_every_name_of_uvicorn_that_the_folder_uses_is_checked() -> None:
    parser = {name for name in dir(httptools.HttpRequestParser) if not name.startswith("__")}
    theirs = parser | _names_of(HttpToolsProtocol, RequestResponseCycle, FlowControl, ServerState)
    used, ours = set(), set()
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("uvicorn"):
                assert {f"{node.module}:{one.name}" for one in node.names} <= set(RELIES_ON), file
            elif isinstance(node, ast.FunctionDef):
                ours.add(node.name)
    checked = {name for names in RELIES_ON.values() for name in names}
    assert checked <= used | ours, "no name is checked that is not used"
    # Names of Python and of our own that uvicorn has as well.
    elsewhere = {"HttpRequestParser", "body", "getLogger", "loaded_app", "set"}
    assert (used & theirs) - checked == elsewhere


def test_only_this_folder_imports_uvicorn() -> None:
    for file in (ROOT / "app").rglob("*.py"):
        if file not in MODULES and file != ROOT / "app" / "cli" / "serving.py":  # which starts it
            assert not {"uvicorn", "httptools"} & set(file.read_text("utf-8").replace(".", " ").split()), file


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("value", ["on", "off"])
def test_a_setting_chooses_and_the_answers_are_the_same(database_url: str, value: str, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = {"STODKATALOG_DATABASE_URL": database_url, "STODKATALOG_FAST_PATH": value}
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | settings,
            stderr=stderr,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}")
        answer = httpx.get(f"http://127.0.0.1:{port}/v1/hotlines/sos-112")
        assert (answer.status_code, json.loads(answer.text)["id"]) == (200, "sos-112")
    finally:
        process.terminate()
        process.wait(30)
    expected = 0 if value == "on" else 1
    assert log.read_text("utf-8").count("uvicorn's own protocol") == expected


def _names_of(*kinds: type) -> set[str]:
    constructors = {name for kind in kinds for name in kind.__init__.__code__.co_names}  # type: ignore[misc]
    return constructors | {name for kind in kinds for name in vars(kind) if not name.startswith("__")}
