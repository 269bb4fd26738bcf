"""What becomes a task, when, and what closes it; and the commands, as people run them."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from app.changes.models import Edition
from app.database import engine_for
from app.migrating import migrate
from app.records.confirming import Confirmation, confirm
from app.records.rebuilding import rebuild
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from app.verifying.fetching import Fetcher
from app.verifying.listing import list_tasks
from app.verifying.models import Method, Scope, Task
from app.verifying.running import run_checks
from tests.verifying.conftest import HOURS, HURRIED, START, Directory
from tests.verifying.site import NUMBER, cite, page

LINE = page(f"<p>Ring {NUMBER}</p>")
OTHER = page("<p>Något annat, som inte nämner det.</p>")


def test_a_number_of_a_hotline_that_is_missing_is_a_task_at_once_and_closed_when_seen_again(
    directory: Directory,
) -> None:
    directory.site.pages["/sida"] = OTHER
    directory.cite()
    directory.verify(0)
    assert directory.tasks() == [("missing_contact", "hotlines/linjen")]
    directory.verify(1)
    assert len(directory.tasks()) == 1
    directory.site.pages["/sida"] = LINE
    directory.verify(2)
    assert directory.tasks() == []
    with Session(directory.engine) as session:
        task = session.exec(select(Task)).one()
    assert (task.since, task.closed_at) == (START, START + timedelta(days=2))
    assert task.closing_reason


@pytest.mark.parametrize(("serve", "kind"), [(OTHER, "missing_evidence"), (page("", status=410), "source_gone")])
def test_other_evidence_is_a_task_after_three_checks_three_days_apart(
    directory: Directory, serve: object, kind: str
) -> None:
    directory.site.pages |= {"/sida": LINE, "/mer": serve}  # type: ignore[dict-item]
    directory.cite(mer=("/mer", "alfa"))
    for day in (0, 1, 2.9, 3, 5.9):
        directory.verify(day)
        assert directory.tasks() == [], day
    directory.verify(6)
    assert directory.tasks() == [(kind, "sources/mer")]
    directory.site.pages["/mer"] = page("alfa")
    directory.verify(7)
    assert directory.tasks() == []


def test_a_page_that_is_seen_in_between_begins_anew(directory: Directory) -> None:
    directory.site.pages |= {"/sida": LINE}
    directory.cite(mer=("/mer", "alfa"))
    for day, serve in ((0, OTHER), (3, OTHER), (4, page("alfa")), (6, OTHER), (9, OTHER)):
        directory.site.pages["/mer"] = serve
        directory.verify(day)
    assert directory.tasks() == []


def test_an_unreachable_page_neither_counts_nor_closes(directory: Directory) -> None:
    directory.site.pages |= {"/sida": OTHER}
    directory.cite()
    directory.verify(0)
    directory.site.pages["/sida"] = page("", status=500)
    directory.verify(1)
    assert directory.tasks() == [("missing_contact", "hotlines/linjen")]


def test_a_task_is_closed_when_what_was_missing_is_no_longer_cited(directory: Directory) -> None:
    directory.site.pages |= {"/sida": LINE, "/mer": OTHER}
    directory.cite(mer=("/mer", "alfa"))
    for day in (0, 3, 6):
        directory.verify(day)
    directory.cite(mer=("/mer", "Något annat"))
    directory.verify(7)
    assert directory.tasks() == []


def test_a_run_in_which_most_sources_fail_makes_one_task_and_counts_nothing(directory: Directory) -> None:
    """A captive portal answers for every host, with a page of its own."""
    names = [f"k{number}" for number in range(8)]
    directory.site.pages |= {"/sida": LINE, **{f"/{name}": page(f"alfa {name}") for name in names}}
    directory.cite(**{name: (f"/{name}", "alfa") for name in names})
    directory.verify(0)
    proper = dict(directory.site.pages)
    for day in (1, 4, 7, 10):
        directory.site.pages = dict.fromkeys(proper, OTHER)
        assert directory.verify(day).is_distrusted
        assert directory.tasks() == [("sources_failing", None)]
    directory.site.pages = proper
    directory.verify(11)
    assert directory.tasks() == []


def test_a_dry_run_tells_the_same_and_writes_nothing(directory: Directory) -> None:
    directory.site.pages["/sida"] = OTHER
    directory.cite()
    before = contents(directory)
    run = directory.verify(0, dry_run=True)
    assert (run.opened, contents(directory)) == (1, before)


def test_checks_raise_no_edition_and_outlive_a_rebuilding(directory: Directory) -> None:
    directory.site.pages["/sida"] = OTHER
    directory.cite()
    with Session(directory.engine) as session:
        editions = session.exec(select(Edition)).all()
        directory.verify(0)
        assert session.exec(select(Edition)).all() == editions
    before = contents(directory)
    rebuild(directory.engine, datetime.now(UTC))
    assert contents(directory) == before


def test_without_a_network_all_are_unreachable_and_there_is_one_task(engine: object, seed: Seed) -> None:
    """The real directory: each name fails to resolve, as on a machine without a network."""

    async def fail(host: str, port: int) -> list[str]:
        raise OSError("no network")

    write_seed(engine, seed, START)  # type: ignore[arg-type]
    before = {name: rows for name, rows in dump(engine).items() if name not in ("sourcecheck", "task")}
    quiet = datetime(2026, 9, 1, tzinfo=UTC)  # no feast is near
    run = run_checks(engine, Fetcher("Stodkatalogen/test", HURRIED, None, fail), quiet)  # type: ignore[arg-type]
    assert {outcome.state for _, outcome in run.results} == {"unreachable"}
    assert len(run.results) > 100
    after = dump(engine)
    assert len(after["task"]) == 1
    assert {name: rows for name, rows in after.items() if name not in ("sourcecheck", "task")} == before


def test_a_review_that_is_overdue_is_a_task_until_the_record_is_confirmed(directory: Directory) -> None:
    directory.site.pages["/sida"] = LINE
    directory.cite()
    called = Confirmation(Scope.CONTACT, Method.PHONE, "editor", START.date())
    confirm(directory.engine, "hotline", "linjen", called, START)
    directory.verify(30)
    assert directory.tasks() == []
    directory.verify(31)
    assert directory.tasks() == [("review_overdue", "hotlines/linjen")]
    again = replace(called, verified_on=START.date() + timedelta(days=31))
    confirm(directory.engine, "hotline", "linjen", again, START + timedelta(days=31))
    assert directory.tasks() == []


def test_before_christmas_lines_whose_hours_say_nothing_of_it_are_one_task(directory: Directory) -> None:
    directory.site.pages["/sida"] = LINE
    directory.hours = "Mo-Fr 09:00-16:00"
    directory.cite()
    directory.verify(-28)  # 31 October
    assert directory.tasks() == []
    directory.verify(-26)
    with Session(directory.engine) as session:
        (task,) = list_tasks(session)
    assert (task["kind"], task["since"][:10]) == ("hours_unstated", "2026-11-01")
    assert "2026-12-24 to 2027-01-06: hotlines/linjen" in task["why"]
    directory.hours = HOURS
    directory.cite()
    directory.verify(0)
    assert directory.tasks() == []


def contents(directory: Directory) -> dict[str, list[str]]:
    return dump(directory.engine)


def dump(engine: object) -> dict[str, list[str]]:
    with Session(engine) as session:  # type: ignore[arg-type]
        tables = SQLModel.metadata.sorted_tables
        return {table.name: sorted(map(repr, session.execute(table.select()).all())) for table in tables}


def command(store: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    ours = {name: value for name, value in os.environ.items() if not name.startswith("STODKATALOG_")}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], cwd=ROOT, text=True, capture_output=True, check=False,
        env={**ours, "STODKATALOG_DATABASE_URL": f"sqlite:///{store}", **settings},
    )  # fmt: skip


def test_the_commands_report_and_their_exit_status_says_whether_a_person_is_needed(
    tmp_path: Path, site: object
) -> None:
    store = tmp_path / "store.sqlite3"
    assert command(store, "verify").returncode == 1  # no store
    engine = engine_for(f"sqlite:///{store}")
    migrate(engine)
    write_seed(engine, checked_folder(tmp_path, site), START)
    engine.dispose()
    port = {"STODKATALOG_VERIFY_TEST_PORT": str(site.port)}  # type: ignore[attr-defined]

    site.pages["/sida"] = LINE  # type: ignore[attr-defined]
    done = command(store, "verify", **port)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "seen         sida"), done.stderr
    assert "1 sources: 1 seen" in done.stdout
    assert command(store, "tasks").stdout == "No task is open.\n"

    site.pages["/sida"] = OTHER  # type: ignore[attr-defined]
    assert command(store, "verify", "--dry-run", **port).returncode == 3
    assert command(store, "tasks").stdout == "No task is open.\n"
    done = command(store, "verify", "--source", "sida", "--json", **port)
    assert done.returncode == 3
    report = json.loads(done.stdout)
    assert report["sources"][0]["missing"] == [NUMBER]
    assert report["tasks"] == {"opened": 1, "closed": 0, "open": 1}
    task = json.loads(command(store, "tasks", "--json").stdout)[0]
    assert (task["kind"], task["record"]) == ("missing_contact", "hotlines/linjen")
    assert NUMBER in task["why"]
    assert task["what_to_do"] in command(store, "tasks").stdout

    done = command(store, "verify", "--source", "nej", **port)
    assert (done.returncode, "'nej' is no source with an address" in done.stderr) == (1, True)
    done = command(store, "verify", STODKATALOG_BASE_URL="https://katalog.test", **port)
    assert (done.returncode, "STODKATALOG_VERIFY_TEST_PORT" in done.stderr) == (1, True)


def checked_folder(tmp_path: Path, site: object) -> Seed:
    from app.seeding.checking import read_seed

    return read_seed(cite(tmp_path / "seed", f"{site.address}/sida", {}))  # type: ignore[attr-defined]
