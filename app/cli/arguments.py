"""Declares commands, and parses the types of their arguments."""

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from app.opening_hours import live
from app.operating.cores import count_cores
from app.settings import BaseUrl

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse has no public name for it
CONFLICTS = 3
"""Exit status of a command that left something for a person to decide."""


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], None],
    help_text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}.")
    command.set_defaults(run=run)
    return command


def parse_port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is a whole number from 1 to 65535")
    return int(text)


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, such as 2026-11-28") from None


def parse_workers(text: str) -> int:
    if text == "auto":
        return min(64, count_cores())
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; it may be 1 to 64, or auto")
    return int(text)


def parse_base_url(text: str) -> str:
    try:
        return TypeAdapter[str](BaseUrl).validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError(f"{text!r} is no web address without a final slash") from None


def parse_moment(text: str) -> datetime:
    try:
        return live.parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from None
