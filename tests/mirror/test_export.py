"""`stodkatalog export`, as it is typed."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.database import engine_for
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from tests.seeding.small import edit, write_folder

BASE = "https://katalog.example"


def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STODKATALOG_")}
    return kept | {
        "STODKATALOG_DATABASE_URL": f"sqlite:///{tmp_path / 'store.sqlite3'}",
        "STODKATALOG_SEED_DIR": str(tmp_path / "seed"),
    }


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    return subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=False)


def held(mirror: Path) -> dict[str, bytes]:
    root = (mirror / "current").resolve()
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_an_export_writes_the_service_and_the_next_only_what_changed_even_after_one_was_killed(tmp_path: Path) -> None:
    write_folder(tmp_path / "seed")
    mirror = tmp_path / "mirror"
    first = run(tmp_path, "export", str(mirror), "--base-url", BASE)
    assert first.returncode == 0, first.stderr
    assert "0 unchanged, 0 removed" in first.stdout
    before = held(mirror)
    assert {"sv/v1/hotlines/index.json", "en/v1/hotlines/index.json", "any/sv/index.html", "any/robots.txt"} <= set(
        before
    )
    assert BASE.encode() in before["sv/v1/hotlines/linjen/index.json"]

    edit(tmp_path / "seed", "organizations.toml", 'sv = "Myndigheten"', 'sv = "Verket"')
    write_seed(
        engine_for(environment(tmp_path)["STODKATALOG_DATABASE_URL"]), read_seed(tmp_path / "seed"), datetime.now(UTC)
    )
    killed(tmp_path, mirror)
    assert held(mirror) == before

    second = run(tmp_path, "export", str(mirror), "--base-url", BASE)
    assert second.returncode == 0, second.stderr
    after = held(mirror)
    assert "Verket" in after["sv/v1/organizations/myndigheten/index.json"].decode()
    assert after["any/robots.txt"] == before["any/robots.txt"]
    assert f"{sum(after[name] == before.get(name) for name in after)} unchanged" in second.stdout
    assert len(list((mirror / "trees").iterdir())) == 1


def killed(tmp_path: Path, mirror: Path) -> None:
    """An export that is killed when it has written some of its files."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "export", str(mirror), "--base-url", BASE]
    process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.DEVNULL)
    fresh = mirror / "trees" / "2"
    while sum(1 for _ in fresh.rglob("*.json")) < 10:
        assert process.poll() is None, "it was done before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("{folder}",), "Links need an address: give --base-url, or set STODKATALOG_BASE_URL"),
        (("{folder}", "--base-url", "katalog.example"), "is no web address"),
        (("{folder}/seed", "--base-url", BASE), "holds something else"),
        (("{folder}/seed/sources.toml", "--base-url", BASE), "sources.toml cannot be written: File exists"),
        ((), "the following arguments are required: DIR"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_and_nothing_is_touched(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    write_folder(tmp_path / "seed")
    before = sorted((tmp_path / "seed").rglob("*"))
    done = run(tmp_path, "export", *(one.format(folder=tmp_path) for one in arguments))
    assert done.returncode in (1, 2)
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert sorted((tmp_path / "seed").rglob("*")) == before
