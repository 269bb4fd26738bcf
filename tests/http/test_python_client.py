"""A Python client as somebody generates it from the OpenAPI document: it installs, has clean names, and turns pages."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.http.test_typescript_client import DOCUMENT, KINDS, open_lists
from tests.serving import Served

PROGRAM = Path(__file__).with_name("walk.py")
NO_NETWORK = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")


@pytest.mark.parametrize(("database_url", "served"), [("sqlite", "fast")], indirect=True)
def test_a_generated_client_installs_has_clean_names_and_turns_the_pages_of_all_lists(
    served: Served, tmp_path: Path
) -> None:
    config, project, installed = (tmp_path / name for name in ("client.json", "project", "installed"))
    config.write_text('{"post_hooks": []}')  # they would format what nobody reads
    run("openapi_python_client", "generate", "--fail-on-warning", "--path", DOCUMENT, "--output-path", project,
        "--config", config)  # fmt: skip
    run("pip", "install", *NO_NETWORK, "--target", installed, project)
    assert (installed / "stodkatalogen_client-1.0.0.dist-info").exists()
    models = (installed / "stodkatalogen_client" / "models" / "__init__.py").read_text("utf-8")
    names = set(re.findall(r'^    "(\w+)",$', models, re.MULTILINE))
    assert names >= {*KINDS, *(f"{kind}Page" for kind in KINDS), "PageLinks", "Problem"}
    assert [name for name in names if re.match(r"(List|Get)[A-Z]", name)] == []
    ran = run(PROGRAM, f"{served.address}/v1", *find_modules(), PYTHONPATH=installed)
    answer = json.loads(ran)
    assert answer["from"].startswith(str(installed))
    assert answer["number"] == "112"
    assert set(answer["counts"]) == open_lists()
    for path, count in answer["counts"].items():
        assert count == served.client.get(f"/v1{path}").json()["_meta"]["total"], path


def run(module: str | Path, *arguments: str | Path, **environment: Path) -> str:
    """What a program or module of Python prints."""
    program = [module] if isinstance(module, Path) else ["-m", module]
    done = subprocess.run(
        [sys.executable, *program, *arguments],
        env=os.environ | {name: str(value) for name, value in environment.items()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def find_modules() -> list[str]:
    """The lists that anybody may read, each with its module of the client: `/hotlines=hotlines.list_hotlines`."""
    paths = json.loads(DOCUMENT.read_text("utf-8"))["paths"]
    modules = []
    for path in sorted(open_lists()):
        operation = paths[path]["get"]
        name = re.sub("([A-Z])", r"_\1", operation["operationId"]).lower()
        modules.append(f"{path}={operation['tags'][0].replace('-', '_')}.{name}")
    return modules
