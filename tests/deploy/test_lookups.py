"""`make advisories` and `make digests`: what could not be looked up is never said to be well."""

import os
import subprocess
from pathlib import Path

import pytest

from app.settings import ROOT


def run(script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = ["sh", str(ROOT / "deploy" / script)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


def stand_in(folder: Path, name: str, script: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("echo 'No known vulnerabilities found'", 0),
        ("echo 'Found 2 known vulnerabilities in 1 package'; exit 1", 1),
        ("echo 'ERROR: Failed to connect' >&2; exit 1", 2),
        ("echo 'No known vulnerabilities found'; echo 'typer Dependency not found and could not be audited: typer'", 2),
        ("exit 0", 2),
        ("exit 127", 2),
    ],
)
def test_advisories_are_none_or_some_or_were_not_looked_up(tmp_path: Path, script: str, code: int) -> None:
    done = run("advisories.sh", PIP_AUDIT=str(stand_in(tmp_path, "pip-audit", script)))
    assert done.returncode == code
    assert ("NOT CHECKED" in done.stderr) == (code == 2)


def test_advisories_without_the_program_were_not_looked_up(tmp_path: Path) -> None:
    done = run("advisories.sh", PIP_AUDIT=str(tmp_path / "missing"))
    assert (done.returncode, "NOT CHECKED" in done.stderr) == (2, True)


def test_a_digest_that_cannot_be_looked_up_is_named_and_not_invented(tmp_path: Path) -> None:
    stand_in(tmp_path, "docker", "exit 1")
    done = run("digests.sh", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert (done.returncode, done.stdout, done.stderr.count("NOT RESOLVED")) == (1, "", 2)


def test_digests_are_lines_for_the_settings_of_compose(tmp_path: Path) -> None:
    digest = "a" * 64
    stand_in(tmp_path, "docker", f'case "$1" in image) echo "name@sha256:{digest}";; esac')
    done = run("digests.sh", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 0
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    for line in done.stdout.splitlines():
        name, _, value = line.partition("=")
        assert value == f"name@sha256:{digest}"
        assert f"${{{name}:-" in compose
