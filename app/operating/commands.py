"""`stodkatalog status`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.migrating import explain_unready, is_newest
from app.operating.backup import list_backups
from app.operating.state import read_state
from app.seeding.noticing import find_unseeded
from app.settings import Settings, unsaid
from app.times import STOCKHOLM
from app.version import VERSION, read_commit


def describe_service(engine: Engine, settings: Settings, backups: Path | None) -> dict[str, Any]:
    """The state of the service for an operator. Moments are in Stockholm time; None: never, or not known."""
    described: dict[str, Any] = {
        "version": VERSION,
        "commit": read_commit(),
        "store": engine.url.render_as_string(),  # without the password
        "ready": False,
        "why_not": explain_unready(engine),
        "newest_backup": describe_backup(backups) if backups else None,
        "not_set": unsaid(settings),
    }
    try:
        if not is_newest(engine):
            return described
        state = read_state(engine)
        return described | {
            "ready": described["why_not"] is None,
            "edition": state.edition,
            "published_at": _tell(state.published_at),
            "records": state.records,
            "sources_checked_at": _tell(state.checked_at),
            "tasks_open": state.tasks,
            "proposals_open": state.proposals,
            "unseeded_files": find_unseeded(engine, settings.seed_dir),
        }
    except SQLAlchemyError as error:
        return described | {"why_not": described["why_not"] or type(error).__name__}


def describe_backup(folder: Path) -> str | None:
    """The newest backup in a folder, with when it was written."""
    newest = next(iter(list_backups(folder)), None)
    if newest is None:
        return None
    return f"{newest.name}, {_tell(datetime.fromtimestamp(newest.stat().st_mtime, UTC))}"


def print_service(described: dict[str, Any], *, as_json: bool) -> None:
    """Print the state, one line for each value, or as JSON."""
    if as_json:
        print(json.dumps(described, ensure_ascii=False, indent=2))
        return
    for name, value in described.items():
        print(f"{name.replace('_', ' '):<20}{_put(value)}")


def _put(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{number} {name}" for name, number in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "–" if value is None else str(value)


def _tell(moment: datetime | None) -> str | None:
    return moment.astimezone(STOCKHOLM).isoformat(timespec="seconds") if moment else None
