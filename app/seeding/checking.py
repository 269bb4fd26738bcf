"""Checks the records of the seed folder against each other and against the documents that they cite."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from app.areas.localities import FILE as LOCALITIES
from app.areas.localities import read_localities
from app.areas.models import AreaKind
from app.coordinators.record import CoordinatorRecord
from app.folding import plain
from app.records.record_rules import check_record
from app.records.shapes import Cited, ResourceRecord
from app.search.everyday import EVERYDAY_WORDS
from app.seeding.files import AREA_FILES, CADENCES, RESOURCE_FILES, Seed, SeedFault, read_files
from app.status import OFFERED


class BrokenSeed(Exception):
    """The seed folder has faults; nothing is written."""

    def __init__(self, faults: list[SeedFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_seed(folder: Path, documents: Path | None = None) -> Seed:
    """The seed folder's records, once they pass every check. Raises BrokenSeed with every fault."""
    seed, faults = read_files(folder)
    faults += _localities(folder, seed)
    # Relations are checked only when each record can be read; otherwise one fault would be reported many times.
    faults = faults or list(_find_faults(seed, documents))
    if faults:
        raise BrokenSeed(faults)
    return seed


def _find_faults(seed: Seed, documents: Path | None) -> Iterator[SeedFault]:
    yield from _duplicates(seed)
    yield from _areas(seed)
    yield from _terms(seed)
    yield from _ties(seed)
    yield from _steps(seed)
    yield from _cadences(seed)
    yield from _everyday_words(seed)
    slugs = _collect_slugs(seed)
    for resource in seed.resources:
        yield from _resource(slugs, resource)
    yield from _citations(seed, documents)


def _files(seed: Seed) -> Iterator[tuple[str, Cited]]:
    """Every cited record with its file."""
    groups: tuple[tuple[str, Iterable[Cited]], ...] = (
        ("audiences.toml", seed.audiences),
        ("topics.toml", seed.topics),
        ("organizations.toml", seed.organizations),
        ("escalation.toml", seed.steps),
        (EVERYDAY_WORDS, seed.everyday_words),
    )
    for name, records in groups:
        for record in records:
            yield name, record
    for resource in seed.resources:
        yield RESOURCE_FILES[type(resource)], resource


def _duplicates(seed: Seed) -> Iterator[SeedFault]:
    areas = (row.code for rows in seed.areas.values() for row in rows)
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("sources.toml", (source.id for source in seed.sources)),
        ("audiences.toml", (term.id for term in seed.audiences)),
        ("topics.toml", (term.id for term in seed.topics)),
        ("organizations.toml", (organization.id for organization in seed.organizations)),
        ("escalation.toml", (step.id for step in seed.steps)),
        (EVERYDAY_WORDS, (entry.id for entry in seed.everyday_words)),
        ("areas/", areas),
        ("resources of all kinds", (resource.id for resource in seed.resources)),
    )
    for name, ids in groups:
        for slug, times in Counter(ids).items():
            if times > 1:
                yield SeedFault(name, slug, "id", f"is used {times} times")
    regions = [record.coordination_region for record in seed.resources if isinstance(record, CoordinatorRecord)]
    for region, times in Counter(regions).items():
        if times > 1:
            yield SeedFault(
                "coordinators.toml", region, "coordination_region", f"has {times} records; only one is allowed"
            )


def _cadences(seed: Seed) -> Iterator[SeedFault]:
    for kind, times in Counter(cadence.kind for cadence in seed.cadences or []).items():
        if times > 1:
            yield SeedFault(CADENCES, kind, "kind", f"is used {times} times")


def _everyday_words(seed: Seed) -> Iterator[SeedFault]:
    offered = {resource.id for resource in seed.resources if resource.status in OFFERED}
    offered |= {organization.id for organization in seed.organizations if organization.status in OFFERED}
    for entry in seed.everyday_words:
        for slug in entry.records:
            if slug not in offered:
                yield SeedFault(EVERYDAY_WORDS, entry.id, "records", f"{slug!r} is no record in force")


def _areas(seed: Seed) -> Iterator[SeedFault]:
    sources = {source.id for source in seed.sources}
    above: set[str] = {""}
    for kind, rows in seed.areas.items():
        for row in rows:
            if row.parent not in above:
                yield SeedFault(AREA_FILES[kind], row.code, "parent", f"{row.parent!r} is no area of the level above")
            if row.source not in sources:
                yield SeedFault(AREA_FILES[kind], row.code, "source", f"{row.source!r} is not in sources.toml")
        above = {row.code for row in rows}


def _localities(folder: Path, seed: Seed) -> Iterator[SeedFault]:
    """Localities are not stored, only used for suggestions; a folder may lack them."""
    if not (folder / LOCALITIES).exists():
        return
    municipalities = {row.code: row.name_sv for row in seed.areas[AreaKind.MUNICIPALITY]}
    try:
        localities = read_localities(folder / LOCALITIES)
    except (OSError, ValueError, csv.Error) as error:
        yield SeedFault(str(LOCALITIES), "", "", f"cannot be read: {error}")
        return
    for locality in localities:
        if municipalities.get(locality.municipality_code) != locality.municipality:
            reason = f"{locality.municipality_code} is not the code of {locality.municipality}"
            yield SeedFault(str(LOCALITIES), locality.name, "municipality_code", reason)


def _terms(seed: Seed) -> Iterator[SeedFault]:
    for name, terms in (("audiences.toml", seed.audiences), ("topics.toml", seed.topics)):
        slugs = set[str]()
        for term in terms:
            if term.parent is not None and term.parent not in slugs:
                yield SeedFault(name, term.id, "parent", f"{term.parent!r} is no term above this one in the file")
            slugs.add(term.id)


def _ties(seed: Seed) -> Iterator[SeedFault]:
    slugs = {organization.id for organization in seed.organizations}
    for organization in seed.organizations:
        for tie in organization.ties:
            if tie.to not in slugs:
                yield SeedFault("organizations.toml", organization.id, "ties", f"{tie.to!r} is no organization")


def _steps(seed: Seed) -> Iterator[SeedFault]:
    offered = {resource.id for resource in seed.resources if resource.status in OFFERED}
    for step in seed.steps:
        if step.resource is not None and step.resource not in offered:
            yield SeedFault("escalation.toml", step.id, "resource", f"{step.resource!r} is no resource in force")


@dataclass(frozen=True, slots=True)
class Slugs:
    """What resources may refer to."""

    organizations: Set[str]
    audiences: Set[str]
    topics: Set[str]
    areas: Set[str]
    regions: Set[str]
    resources: Set[str]


def _collect_slugs(seed: Seed) -> Slugs:
    return Slugs(
        organizations={organization.id for organization in seed.organizations},
        audiences={term.id for term in seed.audiences},
        topics={term.id for term in seed.topics},
        areas={row.code for rows in seed.areas.values() for row in rows},
        regions={row.code for row in seed.areas[AreaKind.COORDINATION_REGION]},
        resources={resource.id for resource in seed.resources},
    )


def _resource(slugs: Slugs, resource: ResourceRecord) -> Iterator[SeedFault]:
    name = RESOURCE_FILES[type(resource)]
    references: tuple[tuple[str, Iterable[str], Set[str], str], ...] = (
        ("organizations", (part.id for part in resource.organizations), slugs.organizations, "organization"),
        ("audiences", resource.audiences, slugs.audiences, "audience"),
        ("topics", resource.topics, slugs.topics, "topic"),
        ("areas", resource.areas, slugs.areas, "area"),
    )
    for field, used, existing, noun in references:
        for slug in used:
            if slug not in existing:
                yield SeedFault(name, resource.id, field, f"{slug!r} is no {noun}")
    yield from _successor(slugs, resource, name)
    if isinstance(resource, CoordinatorRecord):
        yield from _coordinator(slugs, resource, name)
    for fault in check_record(resource.kind, resource.id, resource):
        yield SeedFault(name, resource.id, fault.field, fault.reason)


def _successor(slugs: Slugs, resource: ResourceRecord, name: str) -> Iterator[SeedFault]:
    successor = resource.superseded_by
    if successor is not None and (successor == resource.id or successor not in slugs.resources):
        yield SeedFault(name, resource.id, "superseded_by", f"{successor!r} is no other resource")


def _coordinator(slugs: Slugs, resource: CoordinatorRecord, name: str) -> Iterator[SeedFault]:
    if resource.coordination_region not in slugs.regions:
        yield SeedFault(name, resource.id, "coordination_region", f"{resource.coordination_region!r} is none")
    if resource.reached_through is not None and resource.reached_through not in slugs.resources:
        yield SeedFault(name, resource.id, "reached_through", f"{resource.reached_through!r} is no resource")


def _citations(seed: Seed, documents: Path | None) -> Iterator[SeedFault]:
    files = {source.id: source.file for source in seed.sources}
    lines: dict[str, list[str]] = {}
    for source in seed.sources:
        if documents is not None and source.file is not None:
            try:
                document = (documents / source.file).read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                yield SeedFault("sources.toml", source.id, "file", f"{source.file} cannot be read in {documents}")
            else:
                lines[source.id] = [plain(line) for line in document.splitlines()]
    for name, record in _files(seed):
        for citation in record.citations:
            if citation.source not in files:
                yield SeedFault(name, record.id, "citations", f"{citation.source!r} is not in sources.toml")
            elif citation.source in lines and not _contains(
                citation.evidence, citation.locator, lines[citation.source]
            ):
                where = citation.locator or "anywhere"
                yield SeedFault(
                    name, record.id, "citations", f"{citation.evidence!r} is not in {files[citation.source]}, {where}"
                )


def _contains(evidence: str, locator: str | None, lines: list[str]) -> bool:
    """Whether the document contains the fragment, on the line of a locator such as `rad 37` if there is one."""
    number = (locator or "").removeprefix("rad ")
    searched = lines[int(number) - 1 : int(number)] if number.isdecimal() else lines
    return any(plain(evidence) in line for line in searched)
