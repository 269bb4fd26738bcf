"""The citations of one field, edited beside it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.console.visitors import Form, list_rows
from app.http.problems import Fault, InvalidParameter
from app.records.documents import Document
from app.sources.models import Source

LONGEST_EVIDENCE = 60


class Cite(NamedTuple):
    """A source's id, where in it, and its own few words."""

    source: str
    locator: str
    evidence: str


def list_cites(document: Document, path: str) -> list[Cite]:
    """What is cited for a field."""
    return [_cite(citation) for citation in document.get("citations", ()) if path in citation["fields"]]


def read_cites(form: Form) -> list[Cite]:
    """The rows of a form; one without source and words is left out."""
    rows = [
        Cite(form.get(f"kalla.{row}", ""), form.get(f"stalle.{row}", ""), form.get(f"belagg.{row}", ""))
        for row in dict.fromkeys(list_rows(form, "kalla") + list_rows(form, "belagg"))
    ]
    return [row for row in dict.fromkeys(rows) if row.source or row.evidence]


def load_cites(engine: Engine, form: Form, stated: Document | None = None) -> list[Cite]:
    """The rows of a form, each source by its id: it is entered by id or by title. Raises InvalidParameter.

    `stated`: a source that is made with the change.
    """
    cites = read_cites(form)
    ids = _find_sources(engine, {cite.source for cite in cites})
    if stated is not None:
        ids[stated["id"]] = {stated["id"]}
    judged = {f"Källa {number}": _judge(cite, ids[cite.source]) for number, cite in enumerate(cites, 1)}
    faults = [Fault(parameter=row, detail=fault, allowed=None) for row, fault in judged.items() if fault]
    if faults:
        raise InvalidParameter("Källorna går inte att läsa.", faults)
    return list(dict.fromkeys(cite._replace(source=next(iter(ids[cite.source]))) for cite in cites))


def _find_sources(engine: Engine, entered: set[str]) -> defaultdict[str, set[str]]:
    """The ids of the sources that have this id, or else this title, in capital or small letters."""
    by_title = {title.casefold(): title for title in entered}
    with Session(engine) as session:
        rows = session.exec(select(Source.slug, Source.title)).all()
    ids = defaultdict[str, set[str]](set)
    for slug, title in rows:
        if title.casefold() in by_title:
            ids[by_title[title.casefold()]].add(slug)
    ids.update({slug: {slug} for slug, _ in rows if slug in entered})
    return ids


class SourceChoice(NamedTuple):
    """A source to choose. `entered`: what is entered to choose it, its title unless others have the same."""

    id: str
    title: str
    entered: str


def load_choices(session: Session) -> list[SourceChoice]:
    """All sources, by title."""
    rows = session.exec(select(Source.slug, Source.title).order_by(col(Source.title), col(Source.slug))).all()
    times = Counter(name for row in rows for name in row)
    return [SourceChoice(slug, title, title if times[title] == 1 else slug) for slug, title in rows]


def name_sources(cites: Iterable[Cite], choices: Iterable[SourceChoice]) -> list[Cite]:
    """The same, each with its source as it is entered."""
    entered = {choice.id: choice.entered for choice in choices}
    return [cite._replace(source=entered.get(cite.source, cite.source)) for cite in cites]


def load_titles(engine: Engine, *documents: Document) -> dict[str, str]:
    """The titles of the sources that documents cite, by their ids."""
    ids = {citation["source"] for document in documents for citation in document.get("citations", ())}
    with Session(engine) as session:
        return dict(session.exec(select(Source.slug, Source.title).where(col(Source.slug).in_(ids))).all())


def _judge(cite: Cite, ids: set[str]) -> str | None:
    """What is wrong with a row, or None."""
    if not cite.source:
        return "välj en källa i listan."
    if not ids:
        return "ingen källa heter så. Välj i listan."
    if len(ids) > 1:
        return "flera källor heter så. Välj i listan."
    if not cite.evidence:
        return "skriv källans egna ord."
    if len(cite.evidence) > LONGEST_EVIDENCE:
        return f"källans egna ord får vara högst {LONGEST_EVIDENCE} tecken. Texten har {len(cite.evidence)}."
    return None


def cite_field(document: Document, path: str, cites: list[Cite]) -> None:
    """Let a field of a document have these citations. Those of other fields, and their order, stay."""
    standing = list[Document](document.get("citations", ()))
    new = [cite for cite in cites if cite not in list_cites(document, path)]
    citations = list[Document]()
    for citation in standing:
        fields = [field for field in citation["fields"] if field != path or _cite(citation) in cites]
        if _cite(citation) in new:
            new.remove(_cite(citation))
            fields.append(path)
        if fields:
            citations.append({**citation, "fields": fields})
    for source, locator, evidence in new:
        where = {"locator": locator} if locator else {}
        citations.append({"source": source, **where, "evidence": evidence, "fields": [path]})
    document["citations"] = citations


def _cite(citation: Document) -> Cite:
    return Cite(citation["source"], citation.get("locator") or "", citation["evidence"])
