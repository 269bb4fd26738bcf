"""Reads every file and record of the seed folder and collects every fault."""

import csv
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from app.areas.models import AreaKind
from app.kinds import DECLARATIONS
from app.records.kinds import KINDS
from app.records.shapes import (
    AreaRow,
    CadenceRecord,
    EscalationRecord,
    EverydayWords,
    OrganizationRecord,
    Record,
    ResourceRecord,
    SourceRecord,
    TermRecord,
)
from app.search.everyday import EVERYDAY_WORDS
from app.seeding.noticing import digest_file

AREA_FILES = {
    AreaKind.COUNTRY: "areas/country.csv",
    AreaKind.COORDINATION_REGION: "areas/coordination-regions.csv",
    AreaKind.COUNTY: "areas/counties.csv",
    AreaKind.MUNICIPALITY: "areas/municipalities.csv",
}
RESOURCE_FILES = {declaration.record: f"{kind.folder}.toml" for kind, declaration in DECLARATIONS.items()}
CADENCES = "reviews.toml"

AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True)
class SeedFault:
    """What is wrong, and where: the file, the record's id and the field."""

    file: str
    record: str
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.record, self.field, self.reason) if part)


@dataclass(slots=True)
class Seed:
    """All records of the seed folder. `cadences`: None where no file says how often to review records."""

    sources: list[SourceRecord] = field(default_factory=list)
    audiences: list[TermRecord] = field(default_factory=list)
    topics: list[TermRecord] = field(default_factory=list)
    organizations: list[OrganizationRecord] = field(default_factory=list)
    areas: dict[AreaKind, list[AreaRow]] = field(default_factory=dict)
    resources: list[ResourceRecord] = field(default_factory=list)
    steps: list[EscalationRecord] = field(default_factory=list)
    cadences: list[CadenceRecord] | None = None
    everyday_words: list[EverydayWords] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file, by name."""


def seed_files() -> list[str]:
    """The files that every seed folder has."""
    return sorted({kind.file for kind in KINDS.values()})


def read_files(folder: Path) -> tuple[Seed, list[SeedFault]]:
    """The records that can be read, and the faults of the others."""
    faults: list[SeedFault] = []
    seed = Seed(
        sources=list(_read_toml(folder, "sources.toml", "source", SourceRecord, faults)),
        audiences=list(_read_toml(folder, "audiences.toml", "audience", TermRecord, faults)),
        topics=list(_read_toml(folder, "topics.toml", "topic", TermRecord, faults)),
        organizations=list(_read_toml(folder, "organizations.toml", "organization", OrganizationRecord, faults)),
        areas={kind: list(_read_csv(folder, name, faults)) for kind, name in AREA_FILES.items()},
        steps=list(_read_toml(folder, "escalation.toml", "step", EscalationRecord, faults)),
    )
    if (folder / CADENCES).exists():
        seed.cadences = list(_read_toml(folder, CADENCES, "review", CadenceRecord, faults))
    if (folder / EVERYDAY_WORDS).exists():
        seed.everyday_words = list(_read_toml(folder, EVERYDAY_WORDS, "words", EverydayWords, faults))
    for model, name in RESOURCE_FILES.items():
        seed.resources += _read_toml(folder, name, model.kind.value, model, faults)
    digests = {name: digest_file(folder / name) for name in (*seed_files(), CADENCES, EVERYDAY_WORDS)}
    seed.digests = {name: digest for name, digest in digests.items() if digest is not None}
    return seed, faults


def _read_toml(
    folder: Path, name: str, table: str, model: type[AnyRecord], faults: list[SeedFault]
) -> Iterator[AnyRecord]:
    try:
        content = tomllib.loads((folder / name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        faults.append(SeedFault(name, "", "", f"cannot be read: {_shorten(error)}"))
        return
    if stray := set(content) - {table}:
        faults.append(SeedFault(name, "", ", ".join(sorted(stray)), f"only [[{table}]] belongs here"))
    records = content.get(table, [])
    yield from _validate(name, records if isinstance(records, list) else [records], model, faults)


def _read_csv(folder: Path, name: str, faults: list[SeedFault]) -> Iterator[AreaRow]:
    try:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = [dict(row) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(SeedFault(name, "", "", f"cannot be read: {_shorten(error)}"))
        return
    yield from _validate(name, rows, AreaRow, faults)


def _validate(name: str, records: list[Any], model: type[AnyRecord], faults: list[SeedFault]) -> Iterator[AnyRecord]:
    for place, record in enumerate(records, 1):
        fields = record if isinstance(record, dict) else {}
        label = str(fields.get("id") or fields.get("code") or f"number {place}")
        doubtful = (text for text in _texts(record) if not text.isprintable())  # few are, and this is quick
        if invisible := sorted({char for text in doubtful for char in text if _is_invisible(char)}):
            named = ", ".join(f"U+{ord(char):04X}" for char in invisible)
            faults.append(SeedFault(name, label, "", f"has invisible characters: {named}"))
        try:
            yield model.model_validate(record)
        except ValidationError as error:
            for details in error.errors():
                where = ".".join(map(str, details["loc"]))
                faults.append(SeedFault(name, label, where, details["msg"].removeprefix("Value error, ")))


def _texts(value: object) -> Iterator[str]:
    """All texts within a value from a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _is_invisible(char: str) -> bool:
    # Category C: control characters, marks of writing direction, and unassigned code points.
    return char != "\n" and unicodedata.category(char).startswith("C")


def _shorten(error: Exception) -> str:
    return error.strerror or "" if isinstance(error, OSError) else str(error)
