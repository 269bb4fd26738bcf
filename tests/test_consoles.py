"""Commands on consoles that lack letters, and in folders of any name."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.settings import ROOT
from tests.seeding.small import write_folder
from tests.test_cli import environment
from tests.test_package import ODD

COMMANDS = (
    "--help", "serve --help", "mcp --help", "prepare", "migrate", "seed", "status", "status --json", "check",
    "hours Mo-Fr_09:00-16:00", "openapi", "keys add Ålund --role editor", "keys list", "tasks", "tasks --json",
    "change hotlines/linjen --patch - --reason Utan_→", "confirm hotlines/linjen --scope contact --method phone",
    "rebuild", "export-seed seed", "backup kopia-å", "restore kopia-å", "deliver", "login-link Ålund",
    "change hotlines/linjen --patch saknas-å.json --reason x",
)  # fmt: skip

RUNNER = f"""
import sys
from app.cli import main
for words in {COMMANDS!a}:
    print("$", ascii(words), flush=True)
    try:
        main([word.replace("_", " ") for word in words.split()])
    except SystemExit as ended:
        if ended.code: print("ended with", ascii(ended.code), flush=True)
"""


@pytest.mark.parametrize(
    ("encoding", "more"),
    [
        ("latin-1", {"PYTHONIOENCODING": "latin-1"}),
        ("ascii", {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}),
    ],
)
def test_every_command_runs_on_a_console_that_lacks_letters_and_json_stays_json(
    tmp_path: Path, encoding: str, more: dict[str, str]
) -> None:
    write_folder(tmp_path / "seed")
    store = {"STODKATALOG_DATABASE_URL": "sqlite:///store.sqlite3", "STODKATALOG_SEED_DIR": "seed"}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], cwd=tmp_path, env=environment(tmp_path, **store, **more, PYTHONPATH=str(ROOT)),
        input='{"summary": {"sv": "Åtta…"}}'.encode(), capture_output=True, check=False,
    )  # fmt: skip
    outputs, errors = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert done.returncode == 0, errors
    assert "Traceback" not in errors
    told = dict(part.split("\n", 1) for part in outputs.split("$ ")[1:])
    assert len(told) == len(COMMANDS)
    assert [words for words, output in told.items() if "ended with" in output] == [ascii(COMMANDS[-1])]
    assert "stodkatalog: [Errno 2] No such file or directory: 'saknas-" in told[ascii(COMMANDS[-1])]
    assert json.loads(told[ascii("status --json")])["ready"] is True
    assert "Hälso- och sjukvård" in str(json.loads(told[ascii("openapi")]))


def test_a_store_a_seed_and_a_backup_may_lie_in_folders_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / ODD
    write_folder(folder)
    escaped = str(folder).replace("%", "%25").replace("?", "%3F")
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", f"sqlite:///{escaped}/store.sqlite3")
    monkeypatch.setenv("STODKATALOG_SEED_DIR", str(folder))
    monkeypatch.delenv("STODKATALOG_DOCUMENTS", raising=False)
    for words in (("seed",), ("backup", str(folder / "kopia?")), ("restore", str(folder / "kopia?")), ("migrate",)):
        main(words)
    assert {file.name for file in folder.glob("*store*")} >= {"store.sqlite3"}
    capsys.readouterr()
    main(["status", "--json", "--backups", str(folder)])
    assert json.loads(capsys.readouterr().out)["ready"] is True
