"""Logs that hold nothing of what a caller sent: of an exception its type and where it was raised, never its text."""

import asyncio
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlmodel import SQLModel

log = logging.getLogger("stodkatalog")

OURS = ("stodkatalog", "uvicorn", "alembic")
"""Loggers whose messages hold nothing of a request. Of any other, only the place in the code is told."""
_FOLDER = Path(__file__).parent.parent
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?(\w+)')
_VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})


class SafeFormatter(logging.Formatter):
    """Writes messages as they are, and exceptions without their texts, which often quote what could not be used."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the lines of the exception."""
        own = record.name.split(".")[0] in OURS
        lines = [record.getMessage() if own else f"{record.levelname} of {record.name} at {_place_of(record)}"]
        if (trace := getattr(record, "trace", "")) and record.levelno >= logging.WARNING:
            lines[0] += f" [{trace}]"
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            lines += describe_exception(record.exc_info[1])
        return "\n".join(line.rstrip() for line in lines)


class JsonFormatter(SafeFormatter):
    """The same as one JSON object a line, for machines that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Moment, level, logger, message and, for a request, what its line says."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": super().format(record),
        }
        if trace := getattr(record, "trace", ""):
            fields["trace"] = trace
        if record.name == "stodkatalog.access" and isinstance(record.args, tuple):
            fields |= dict(zip(("method", "route", "status", "milliseconds"), record.args, strict=True))
        return json.dumps(fields, ensure_ascii=False)


def describe_exception(error: BaseException, depth: int = 0) -> Iterator[str]:
    """The types of an exception and of its causes, where each was raised and, of a database's, its code."""
    indent = "  " * depth
    code = find_database_code(error)
    kind = type(error)
    yield f"{indent}{kind.__module__}.{kind.__qualname__}{f' ({code})' if code else ''}"
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f"{indent}  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
    inner = list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for part in [*inner, *([cause] if cause else [])]:
        if depth < 10:
            yield from describe_exception(part, depth + 1)


def make_logs_safe(*, as_json: bool = False) -> None:
    """Let every handler of this process, and what Python itself writes of faults in threads, use this form."""
    formatter = JsonFormatter() if as_json else SafeFormatter()
    for name in ("", "uvicorn", "uvicorn.access"):
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(formatter)
    threading.excepthook = lambda fault: _log_fault("a fault in a thread", fault.exc_value)
    sys.unraisablehook = lambda fault: _log_fault("a fault that nothing could be told of", fault.exc_value)


def watch_loop() -> None:
    """Log faults in tasks that nobody waits for. Call it in the event loop.

    asyncio itself writes the whole task, with its exception's text.
    """
    asyncio.get_running_loop().set_exception_handler(_on_loop_fault)


def _on_loop_fault(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log_fault("a fault outside of any request", context.get("exception"))


def _log_fault(problem: str, error: BaseException | None) -> None:
    trace: TracebackType | None = error.__traceback__ if error else None
    log.error(problem, exc_info=(type(error), error, trace) if error else None)


def find_database_code(error: BaseException) -> str | None:
    """What a database calls its error: the SQLSTATE, or SQLite's name. None where it is no error of one."""
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    return code if isinstance(code, str) else None


def name_statement(error: BaseException) -> str:
    """What failed at a database: `SELECT contactpoint in load_points`, the first table and the function of ours.

    Nothing of the statement's values: a table is only named where it is one of ours.
    """
    ours = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__) if _is_ours(frame.f_code.co_filename)]
    named = " ".join(filter(None, read_statement(getattr(error, "statement", None) or "")))
    return f"{named} in {ours[-1].co_name}" if named and ours else named


def read_statement(statement: str) -> tuple[str, str]:
    """A statement's verb and the first of our tables that it names; empty where there is none."""
    verb = statement.split(maxsplit=1)[0] if statement else ""
    tables = (name for name in _TABLE.findall(statement) if name in SQLModel.metadata.tables)
    return verb if verb in _VERBS else "", next(tables, "")


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(_FOLDER) and "stored_values" not in file


def _place_of(record: logging.LogRecord) -> str:
    return f"{record.pathname}:{record.lineno}"
