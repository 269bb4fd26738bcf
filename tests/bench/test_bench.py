"""A small run of the whole benchmark; what it measures here means nothing."""

import os
import subprocess
import sys
from pathlib import Path

from app.settings import ROOT
from bench.needs import main as install_needs
from bench.stress import CONTROL
from bench.vocabulary import swedish


def test_the_benchmark_runs_and_writes_its_table(tmp_path: Path) -> None:
    install_needs()
    sizes = ["--sizes", "100", "100", "100", "--rounds", "1", "--seconds", "1", "--starts", "1", "--few"]
    done = subprocess.run(
        [sys.executable, "-m", "bench", *sizes, "--stores", tmp_path / "stores", "--out", tmp_path / "RESULTS.md"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("STODKATALOG_")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    table = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| warm detail | nginx static | 0.9, or within 3 µs |" in table
    assert "| start with a seeded store |" in table
    of_publishing = run_few("publishing", tmp_path, "--sizes", "100", "--times", "2", "--stores", tmp_path / "stores")
    assert "| p50 ≤ 20 ms, p99 ≤ 100 ms |" in of_publishing
    of_reading = run_few("reading", tmp_path, "--sizes", "100", "--times", "1", "--stores", tmp_path / "stores")
    assert "| SQLite | 100 | referral | 200 |" in of_reading
    of_files = run_few("exporting", tmp_path, "--size", "100", "--seconds", "0.5", "--stores", tmp_path / "stores")
    assert "| SQLite | datapackage.zip, first byte | ≤ 200 ms |" in of_files
    assert "| SQLite | first visit of /sv/ | ≤ 15 kB, ≤ 2 s |" in run_few("visiting", tmp_path)


def test_the_stress_run_finds_no_stale_answer_but_those_of_a_cache_that_asks_nobody(tmp_path: Path) -> None:
    install_needs()
    done = subprocess.run(
        [sys.executable, "-m", "bench.stress", "--few", "--seconds", "2", "--out", tmp_path / "STRESS.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    table = (tmp_path / "STRESS.md").read_text(encoding="utf-8")
    stale = {row.split("|")[1].strip(): row.split("|")[-2].strip() for row in table.splitlines()[-2:]}
    assert stale["SQLite"] == "0"
    assert stale[CONTROL] != "0"


def run_few(name: str, folder: Path, *arguments: str | Path) -> str:
    """Run a measurement on SQLite; what it writes."""
    command = [sys.executable, "-m", f"bench.{name}", "--few", *arguments, "--out", folder / "out.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return (folder / "out.md").read_text(encoding="utf-8")


def test_a_publisher_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    row = run_few("killing", tmp_path, "--kills", "3").splitlines()[-1].split("|")
    assert (row[1].strip(), row[2].strip(), row[-2].strip()) == ("SQLite", "3", "0")


def test_a_directory_is_built_from_files_with_so_many_made_up_records(tmp_path: Path) -> None:
    table = run_few("building", tmp_path, "--sizes", "50", "--stores", tmp_path / "stores")
    assert "| SQLite | 50 |" in table


def test_the_made_up_language_has_words_enough() -> None:
    assert len(set(swedish())) > 20_000
