"""compose.yaml and the samples in deploy/ name commands and settings that there are, and keep their promises."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from app.cli import main
from app.settings import ROOT, Settings
from tests import needs

UNITS = sorted([*(ROOT / "deploy").glob("*.service"), *(ROOT / "deploy").glob("*.timer")])
NOT_OF_A_CONTAINER = {"database_url", "seed_dir", "documents", "verify_test_port"}
"""Those of the image itself, and of a checkout."""


def read_kubernetes() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")))


def read_compose() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return composed


def find_lists(value: object) -> Iterator[list[str]]:
    """Every list of words, wherever."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from find_lists(part)


def find_commands() -> Iterator[list[str]]:
    for words in find_lists([*read_kubernetes(), read_compose()]):
        if words[:1] == ["stodkatalog"]:
            yield words[1:]
    for unit in UNITS:
        for command in re.findall(r"^ExecStart=.*/bin/stodkatalog (.*?)'?$", unit.read_text("utf-8"), re.MULTILINE):
            yield command.split()


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        return  # where there is no systemd, nobody uses the units
    program = needs.systemd_analyze()
    assert program is not None, "python -m tests.needs"
    for unit in UNITS:  # the program is not installed where the tests run
        text = unit.read_text("utf-8").replace("/opt/stodkatalog/.venv/bin/stodkatalog", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    copies = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run([program, "verify", "--man=no", *copies], capture_output=True, text=True, check=False)
    faults = [line for line in done.stderr.splitlines() if "stodkatalog" in line]
    assert faults == []


@pytest.mark.parametrize("command", list(find_commands()), ids=" ".join)
def test_each_command_of_a_sample_exists(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*(word for word in command if not word.startswith("$") and "$" not in word), "--help"])
    assert ended.value.code == 0, capsys.readouterr().err


def test_compose_passes_each_setting_on_and_kubernetes_names_none_that_there_is_not() -> None:
    known = {f"STODKATALOG_{name.upper()}" for name in Settings.model_fields}
    kept_out = {f"STODKATALOG_{name.upper()}" for name in NOT_OF_A_CONTAINER}
    assert set(read_compose()["x-settings"]) == known - kept_out
    named = set(re.findall(r"STODKATALOG_[A-Z_]+", (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")))
    assert named <= known


def test_no_sample_holds_a_password() -> None:
    for file in (ROOT / "compose.yaml", *(ROOT / "deploy").iterdir()):
        lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
        for given in re.findall(r"PASSWORD(?:: +|=)(\S+)", "\n".join(lines)):
            assert re.match(r"\$\{\w+:\?", given), f"{file.name}: {given}"  # asked for where it is not set


def test_kubernetes_takes_the_manifests_by_its_own_schemas() -> None:
    for manifest in read_kubernetes():
        kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
    misspelled = {**read_kubernetes()[1], "specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError, match="specs"):
        kubernetes_validate.validate(misspelled, kubernetes_validate.latest_version(), strict=True)


def test_each_container_of_kubernetes_is_restricted_and_limited() -> None:
    specs = [document.get("spec", {}) for document in read_kubernetes()]
    jobs = [spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec for spec in specs]
    pods = [job["template"]["spec"] for job in jobs if "template" in job]
    assert len(pods) == 3
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["resources"]["limits"]["memory"]
