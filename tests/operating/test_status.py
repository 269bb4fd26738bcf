"""`stodkatalog status`: what an operator asks first."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.cli import main
from app.database import engine_for
from app.version import VERSION


def test_status_tells_the_state_of_the_store_the_newest_backup_and_what_is_not_set(
    seeded_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = seeded_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", url)
    monkeypatch.setenv("STODKATALOG_BASE_URL", "https://katalog.example")
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "monday").touch()
    main(["status", "--json", "--backups", str(tmp_path / "backups")])
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["ready"], told["edition"]) == (VERSION, True, 1)
    assert told["why_not"] is None
    assert told["published_at"] == "2026-11-21T13:00:00+01:00"
    assert told["records"]["hotline"] > 1
    assert (told["sources_checked_at"], told["tasks_open"], told["unseeded_files"]) == (None, {}, [])
    assert told["proposals_open"] == 0
    assert told["newest_backup"].startswith("monday, ")
    assert "STODKATALOG_CONTACT_EMAIL" in told["not_set"]
    assert "STODKATALOG_BASE_URL" not in told["not_set"]
    main(["status"])
    lines = capsys.readouterr().out.splitlines()
    assert "edition             1" in lines
    assert "newest backup       –" in lines


def test_a_store_that_cannot_be_served_is_not_ready_and_ends_with_1(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", empty_url)
    with pytest.raises(SystemExit) as ended:
        main(["status", "--json"])
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ready"], told["why_not"].startswith("The schema is missing")) == (False, True)
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version AS SELECT '9999' AS version_num"))
    engine.dispose()
    with pytest.raises(SystemExit):
        main(["status"])
    assert "The schema 9999 is of a later version" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://somebody:hemligt@127.0.0.1:1/x", "onnection refused"),
        ("sqlite:////proc/missing/store.sqlite3", "unable to open database file"),
    ],
)
def test_the_state_of_a_store_that_cannot_be_reached_says_why_without_the_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, reason: str
) -> None:
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", url)
    with pytest.raises(SystemExit):
        main(["status", "--json"])
    told = capsys.readouterr().out
    assert reason in json.loads(told)["why_not"]
    assert "hemligt" not in told
