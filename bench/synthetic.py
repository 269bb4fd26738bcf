"""A directory of things that do not exist, as large as is asked for, in the real schema: for measuring only.

Every name says that it is made up. Phone numbers are from the ranges that PTS keeps for fiction. The same size is
always the same directory. Rows go straight into SQLite, in the order of their keys, and the indexes are made at last.
"""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import delete, text
from sqlmodel import Session, select

from app.areas.models import Area
from app.database import engine_for
from app.migrating import migrate
from app.records.documents import digest_of, encode
from app.records.kinds import KINDS as RECORD_KINDS
from app.resources.models import Kind
from app.search.models import SearchPosting, SearchTrigram
from app.search.ranks import CHUNK as ENTRIES
from app.search.ranks import join_chunks, list_all, pack_ranks
from app.search.spelling import index_words
from app.search.words import INDEXED, kind_token, make_tokens, status_token
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from app.vocabularies.models import Term
from bench.vocabulary import english, sentences, swedish

KINDS = (Kind.HOTLINE, Kind.SUPPORT_SERVICE, Kind.SUPPORT_SERVICE, Kind.COURSE, Kind.PUBLICATION)
EVES = "PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
HOURS = ("24/7", f"Mo-Fr 08:00-16:00; {EVES}", "Mo-Su 15:00-22:00", f"Mo-Th 09:00-12:00; {EVES}", None)
NOW = "2026-11-21 12:00:00.000000"
CHUNK = 10_000
COMMON = ("source", "organization", "organizationtext", "searchtrigram")
LAST = ("searchposting",)
SENTENCES, ORGANIZATIONS, SOURCES = 6000, 500, 50
FIRST = 10_000
"""The first revision of what is made up; those of the real directory, which is there as well, come before."""
Tables = dict[str, list[tuple[Any, ...]]]


def prepare(path: Path, size: int) -> None:
    """Make the directory at `path` unless it is there; bring its schema up to date if it is."""
    if not path.exists():
        build(path, size)
        return
    engine = engine_for(f"sqlite:///{path}")
    if migrate(engine):
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    engine.dispose()


def build(path: Path, size: int) -> None:
    """Make the directory at `path`, which must not exist."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    world = _prepare(unfinished)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    for name, _ in (kept := indexes.fetchall()):
        connection.execute(f"DROP INDEX {name}")
    connection.execute("BEGIN")
    _insert(connection, _common(world))
    for first in range(0, size, CHUNK):
        _insert(connection, _resources(world, first, min(first + CHUNK, size)))
    world.ranks[INDEXED] = array("I", [0])
    _insert(connection, {"searchposting": _postings(world.ranks)})
    connection.execute("COMMIT")
    for _, sql in kept:
        connection.execute(sql)
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    unfinished.rename(path)


@dataclass(slots=True)
class Said:
    """A text and the words in it, which are looked up once."""

    text: str
    names: frozenset[str]
    texts: frozenset[str]


def said(text: str, places: Sequence[str] = ()) -> Said:
    """A text with its tokens as a name and as a text, which may tell of places."""
    return Said(text, frozenset(make_tokens([text], [])), frozenset(make_tokens([], [text], places)))


@dataclass(slots=True)
class World:
    """What the resources are made of: areas by id, code and name, terms by id, vocabulary and slug."""

    random: Random
    municipalities: list[tuple[str, str, Said]]
    terms: list[tuple[str, str, str]]
    swedish: list[Said]
    english: list[Said]
    titles: list[Said]
    ranks: "defaultdict[str, array[int]]"
    """The ranks of those that have a token."""


def key(sort: int, number: int) -> str:
    """An id as SQLite holds it; they grow with the number."""
    return f"{sort:04x}{number:028x}"


def _prepare(path: Path) -> World:
    """A migrated store with the real directory in it, and the index of search in memory."""
    engine = engine_for(f"sqlite:///{path}")
    migrate(engine)
    write_seed(engine, read_seed(ROOT / "seed"), datetime.now(UTC))
    ranks: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    with Session(engine) as session:
        for posting in session.exec(select(SearchPosting)):
            ranks[posting.token].extend(list_all(join_chunks([(posting.chunk, posting.numbers)])))
        session.execute(delete(SearchPosting))
        session.execute(delete(SearchTrigram))
        session.execute(text("INSERT INTO edition (number, made_at) VALUES (2, :now)"), {"now": NOW})
        session.commit()
        areas = [(one.id.hex, one.code, one.name_sv) for one in session.exec(select(Area).order_by(Area.code))]
        terms = sorted((one.id.hex, one.vocabulary.value, one.slug) for one in session.exec(select(Term)))
    engine.dispose()
    random, words = Random(20261121), swedish()
    return World(
        random,
        [(area, code, said(name, [name])) for area, code, name in areas],
        terms,
        [said(one) for one in sentences(words, SENTENCES, random)],
        [said(one) for one in sentences(english(), SENTENCES // 3, random)],
        [said(f"Påhittad {word}") for word in words[:SENTENCES]],
        ranks,
    )


def _common(world: World) -> Tables:
    """Sources and organizations."""
    found: Tables = {name: [] for name in ("revision", "currentrecord", "source", "organization", "organizationtext")}
    said_ = [*world.titles, *world.swedish, *world.english, *(name for _, _, name in world.municipalities)]
    known = index_words({*world.ranks, *(token for one in said_ for token in one.texts)})
    found["searchtrigram"] = [(trigram, " ".join(posting)) for trigram, posting in known.items()]
    for number in range(SOURCES):
        slug = f"provkalla-{number}"
        title, publisher = f"Påhittat dokument {number}", "Påhittad utgivare"
        retrieved = date(2026, 11, 1).isoformat()
        found["source"].append((key(1, number), slug, title, publisher, None, None, None, retrieved, None, number))
        document = {"id": slug, "title": title, "publisher": publisher, "retrieved": retrieved}
        _record(found, key(1, number), "source", number, number, document)
    for number in range(ORGANIZATIONS):
        own, name = key(2, number), f"Påhittad organisation {number}"
        found["organization"].append(
            (own, f"provorganisation-{number}", "current", None, None, None, None, NOW, "", number)
        )
        texts = {language: world.random.choice(world.swedish).text for language in ("sv", "en")}
        for language, words in texts.items():
            found["organizationtext"].append((own, language, name, words))
        citations = [_citation(0, ["name", "description"])]
        names = {"sv": name, "en": name}
        document = {"id": f"provorganisation-{number}", "name": names, "description": texts, "citations": citations}
        _record(found, own, "organization", SOURCES + number, number, document)
    return found


def _resources(world: World, first: int, last: int) -> Tables:
    found: Tables = {name: [] for name in COLUMNS if name not in (*COMMON, *LAST)}
    for number in range(first, last):
        _resource(world, number, found)
    return found


def _resource(world: World, number: int, found: Tables) -> None:
    random, own, kind = world.random, key(3, number), KINDS[number % len(KINDS)]
    title, body = random.choice(world.titles), random.choices(world.swedish, k=3)
    other = random.choices(world.english, k=2)
    area, code, place = random.choice(world.municipalities)
    name = f"{title.text} {number}"
    found["resource"].append((own, f"prov-{number}", kind, "current", None, None, None, None, None, number, NOW, ""))
    found["resourcetext"].append((own, "en", f"Invented {number}", other[0].text, other[1].text))
    found["resourcetext"].append((own, "sv", name, body[0].text, f"{body[1].text} {body[2].text}"))
    found["resourceorganization"].append((own, key(2, number % ORGANIZATIONS), "provider", 0))
    found["resourcearea"].append((own, area))
    terms = sorted(random.sample(world.terms, 2))
    for term, _, _ in terms:
        found["resourceterm"].append((own, term))
    point = _contact_point(random, own, number)
    found["contactpoint"].append(point)
    found["contactpointlanguage"].append((key(4, number), "sv"))
    for nth, field in enumerate(("name", "summary", "contact_points.telefon.value")):
        source = key(1, (number + nth) % SOURCES)
        found["citation"].append((key(5, 3 * number + nth), own, field, source, f"rad {nth + 1}", name, nth))
    _add_details(found, own, kind, number, name)
    texts = (*body, *other, place)
    document = {
        "id": f"prov-{number}",
        "status": "current",
        "name": {"sv": name, "en": f"Invented {number}"},
        "summary": {"sv": body[0].text, "en": other[0].text},
        "description": {"sv": f"{body[1].text} {body[2].text}", "en": other[1].text},
        "organizations": [{"id": f"provorganisation-{number % ORGANIZATIONS}", "role": "provider"}],
        "areas": [code],
        **{f"{vocabulary}s": [slug for _, named, slug in terms if named == vocabulary] for _, vocabulary, _ in terms},
        "contact_points": [_document_of_point(point)],
        **_document_of_details(kind, number),
    }
    document["citations"] = [_citation(number % SOURCES, [*_cited(document)])]
    entry = _record(found, own, kind.value, SOURCES + ORGANIZATIONS + number, number, document)
    marked = title.names.union(numbered(number), *(one.texts for one in texts))
    for token in (*marked, status_token("current"), kind_token(kind)):
        world.ranks[token].append(entry)


def _add_details(found: Tables, own: str, kind: Kind, number: int, name: str) -> None:
    if kind is Kind.COURSE:
        found["coursedetails"].append((own, "online", 30 + number % 90, None, None, None, True, None, None))
    if kind is Kind.PUBLICATION:
        found["publicationdetails"].append((own, "report", name, 2026, None, None, None, None))


def _record(found: Tables, own: str, kind: str, nth: int, place: int, document: dict[str, Any]) -> int:
    """Add a revision and the record that stands by it; the number of the revision."""
    number, family, slug = FIRST + nth, RECORD_KINDS[kind].family, document["id"]
    position, digest = RECORD_KINDS[kind].first_position + 64 * (place + 1000), digest_of(document)
    made = ("generator", "seed", "made up for measuring", 2, NOW, None)
    found["revision"].append((number, own, family, kind, slug, encode(document), digest, position, *made))
    found["currentrecord"].append((own, slug, family, kind, slug, number, number, position, digest, NOW))
    return number


def _citation(source: int, cited: list[str]) -> dict[str, Any]:
    return {"source": f"provkalla-{source}", "evidence": "Påhittat", "fields": cited}


def _cited(document: dict[str, Any]) -> Iterator[str]:
    """The fields of a made-up resource that need a citation."""
    yield from (name for name in document if name not in ("id", "status", "contact_points"))
    uncited = ("id", "label", "hours_basis", "hours_stated")
    yield from (f"contact_points.telefon.{name}" for name in document["contact_points"][0] if name not in uncited)


def _document_of_point(point: tuple[Any, ...]) -> dict[str, Any]:
    _, _, slug, channel, label_sv, label_en, phone, hours, basis, stated, *_ = point
    told = {"opening_hours": hours, "hours_basis": basis, "hours_stated": stated} if hours else {}
    return {
        "id": slug,
        "channel": channel,
        "label": {"sv": label_sv, "en": label_en},
        "value": phone,
        "languages": ["sv"],
        "free_of_charge": True,
        "interpreters": True,
        **told,
    }


def _document_of_details(kind: Kind, number: int) -> dict[str, Any]:
    if kind is Kind.COURSE:
        return {"format": "online", "minutes": 30 + number % 90, "free": True}
    return {"type": "report", "year": 2026} if kind is Kind.PUBLICATION else {}


def _postings(ranks: Mapping[str, "array[int]"]) -> Iterator[tuple[str, int, bytes]]:
    """The postings of all tokens, in their order, by chunks."""
    for token, numbers in sorted(ranks.items()):
        for chunk, members in groupby(numbers, lambda number: number // ENTRIES):
            yield token, chunk, pack_ranks([number % ENTRIES for number in members])


def numbered(number: int) -> set[str]:
    """The tokens of a number in a name."""
    return make_tokens([str(number)], [])


def _contact_point(random: Random, resource: str, number: int) -> tuple[Any, ...]:
    hours = random.choice(HOURS)
    phone = f"+468465004{number % 100:02d}" if number % 2 else f"+46313906{number % 50:02d}"
    basis, stated = ("stated", "påhittade tider") if hours else (None, None)
    own, label = key(4, number), ("Telefon", "Phone")
    told = (None, None, True, None, True, None, 0)
    return (own, resource, "telefon", "phone", *label, phone, hours, basis, stated, *told)


COLUMNS = {
    "source": "id, slug, title, publisher, url, published, updated, retrieved, sha256, position",
    "organization": "id, slug, status, url, stated_on, verified_at, review_due, updated_at, digest, position",
    "organizationtext": "organization_id, language, name, description",
    "resource": "id, slug, kind, status, stated_on, verified_at, review_due, min_age, max_age, position, updated_at, "
    "digest",
    "resourcetext": "resource_id, language, name, summary, description",
    "resourceorganization": "resource_id, organization_id, role, position",
    "resourcearea": "resource_id, area_id",
    "resourceterm": "resource_id, term_id",
    "contactpoint": "id, resource_id, slug, channel, label_sv, label_en, value, opening_hours, hours_basis, "
    "hours_stated, hours_reason_sv, hours_reason_en, anonymous, free_of_charge, on_phone_bill, interpreters, position",
    "contactpointlanguage": "contact_point_id, language",
    "citation": "id, subject_id, field, source_id, locator, evidence, position",
    "coursedetails": "resource_id, format, minutes, days, duration_stated, chapters, free, price_stated, launched_on",
    "publicationdetails": "resource_id, type, title, year, published_on, number, edition, url",
    "searchtrigram": "trigram, words",
    "revision": "number, record, family, kind, slug, document, digest, position, actor, origin, reason, edition, "
    "made_at, base",
    "currentrecord": "id, identity, family, kind, slug, revision, first_revision, position, digest, updated_at",
    "searchposting": "token, chunk, numbers",
}


@cache
def _statement(table: str) -> str:
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' for _ in columns.split(','))})"


def _insert(connection: sqlite3.Connection, found: Mapping[str, Iterable[tuple[Any, ...]]]) -> None:
    for table, values in found.items():
        connection.executemany(_statement(table), _strings(values))


def _strings(values: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for row in values:
        yield tuple(str(value) if isinstance(value, Kind) else value for value in row)
