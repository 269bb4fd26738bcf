"""Records as the console shows them: each field with its value, and what each source says of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlmodel import Session, col, select

from app.console.words import describe_field, name_field
from app.http.problems import NotFound
from app.page_paths import resource_page
from app.proposals.schemas import ProposalSummary
from app.records.documents import Document
from app.records.drafts import load_current, load_documents
from app.records.kinds import BY_COLLECTION, KINDS, RESOURCE
from app.records.merging import APART, HOURS
from app.records.models import CurrentRecord, Revision
from app.records.shapes import ContactPointRecord
from app.sources.schemas import CitationShown, citations_of
from app.texts import Language

NAMED = {"areas": "area", "audiences": "audience", "topics": "topic"}
"""The fields that hold ids of areas and terms, with the family of these."""
Names = Mapping[str, Mapping[str, str]]
"""By field, what the areas and terms are called that it holds, by id."""
HIDDEN = frozenset({"citations", "contact_points", "id"})


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record that stands. `address`: collection and id, such as `hotlines/linjen`."""

    id: UUID
    kind: str
    address: str
    revision: int
    document: Document

    @property
    def title(self) -> str:
        """The name or title by which people know it."""
        document = self.document
        name = document.get("name")
        swedish = name.get("sv") if isinstance(name, dict) else None
        return str(swedish or document.get("title") or document.get("name_sv") or self.address)


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a record, such as `contact_points.telefon.value`: its value in words, and its citations.

    `names`: what the areas and terms are called that it holds, by id.
    """

    record: RecordView
    path: str
    citations: list[CitationShown]
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        return name_field(self.path, self.record.document)

    @property
    def short_name(self) -> str:
        """Its name under the heading of its contact point."""
        return name_field(self.path.rpartition(".")[2])

    @property
    def value(self) -> str:
        return describe_field(self.path, read_value(self.record.document, self.path), self.names)

    @property
    def edit(self) -> str:
        """The path within the console of the form that changes it, or of the record where no form changes one field."""
        is_whole = self.path in APART or self.path == "id" or self.path.count(".") == 1
        edit = "" if is_whole else f"/andra?falt={quote(part_of(self.path))}"
        return f"/poster/{self.record.address}{edit}"


def load_view(session: Session, address: str) -> RecordView:
    """The record at an address. Raises NotFound."""
    collection, _, slug = address.partition("/")
    kind = BY_COLLECTION.get(collection)
    current = None if kind is None else load_current(session, [(kind.family, slug)]).get((kind.family, slug))
    if kind is None or current is None or current.kind != kind.name:
        raise NotFound("There is no such record.")
    return _view(current, load_documents(session, [current.revision])[current.revision])


def load_views(session: Session, ids: Collection[UUID]) -> dict[UUID, RecordView]:
    """Records that stand, by id; two queries."""
    records = session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(list(ids)))).all()
    documents = load_documents(session, [record.revision for record in records])
    return {record.id: _view(record, documents.get(record.revision)) for record in records}


def find_page(address: str) -> str:
    """The path of the public page of a record; empty where it has none: sources and terms have not."""
    collection, _, slug = address.partition("/")
    return resource_page(Language.SWEDISH, slug) if BY_COLLECTION[collection].family == RESOURCE else ""


def name_records(session: Session, proposals: Sequence[ProposalSummary]) -> dict[str, str]:
    """By address, what people know the records by that proposals are about; the address of one that does not stand."""
    pairs = {(proposal.record, proposal.record.partition("/")) for proposal in proposals}
    keys = {(BY_COLLECTION[collection].family, slug): address for address, (collection, _, slug) in pairs}
    current = load_current(session, list(keys))
    views = load_views(session, [record.id for record in current.values()])
    titles = {keys[key]: views[record.id].title for key, record in current.items()}
    return {address: titles.get(address, address) for address, _ in pairs}


def view_fields(session: Session, record: RecordView, paths: Iterable[str]) -> list[FieldView]:
    """Fields of a record, with what each source says of them."""
    cited = citations_of(session, [record.id])[record.id]
    names = load_names(session, record.document.items())
    return [
        FieldView(record, path, [citation for citation in cited if citation.field == path], names.get(path, {}))
        for path in paths
    ]


def load_names(session: Session, values: Iterable[tuple[str, Any]]) -> Names:
    """What the areas and terms are called whose ids stand in values, which are given with their fields."""
    slugs: dict[str, set[str]] = {field: set() for field in NAMED}
    for field, value in values:
        if field in NAMED:
            slugs[field].update(value or ())
    return {field: _load_names(session, family, slugs[field]) for field, family in NAMED.items()}


def _load_names(session: Session, family: str, slugs: Collection[str]) -> dict[str, str]:
    """What areas or terms are called in Swedish, by id."""
    current = load_current(session, [(family, slug) for slug in slugs]) if slugs else {}
    views = load_views(session, [record.id for record in current.values()])
    return {slug: views[record.id].title for (_, slug), record in current.items()}


def list_paths(document: Document) -> list[str]:
    """The fields that a document has, its contact points' behind its own."""
    own = [name for name in document if name not in HIDDEN]
    points = [
        f"contact_points.{point['id']}.{name}"
        for point in document.get("contact_points", ())
        for name in point
        if name != "id" and name not in HOURS[1:]
    ]
    return own + points


def list_missing(record: RecordView) -> list[tuple[str, str]]:
    """The fields that a record could have and has not, with their names."""
    document, shape = record.document, KINDS[record.kind].shape
    own = [name for name in shape.model_fields if name not in HIDDEN and name not in document]
    points = [
        f"contact_points.{point['id']}.{name}"
        for point in document.get("contact_points", ())
        for name in ContactPointRecord.model_fields
        if name not in ("id", *HOURS[1:]) and name not in point
    ]
    return [(path, name_field(path, document)) for path in own + points]


def load_base(session: Session, record: RecordView, number: str) -> RecordView:
    """The record as one of its revisions has it, against which a form was filled in. Raises NotFound."""
    revision = int(number) if number.isdecimal() and len(number) < 10 else 0
    mine = select(Revision.number).where(col(Revision.record) == record.id, col(Revision.number) == revision)
    document = load_documents(session, [revision])[revision] if session.exec(mine).first() is not None else None
    if document is None:
        raise NotFound("There is no such revision of this record.")
    return replace(record, revision=revision, document=document)


def read_value(document: Document, path: str) -> Any:
    """The value of a field; None where it has none. What explains hours goes with them."""
    first, _, rest = path.partition(".")
    if first != "contact_points" or not rest:
        return document.get(path)
    slug, _, name = rest.partition(".")
    points: list[Document] = document.get("contact_points", [])
    point = next((candidate for candidate in points if candidate["id"] == slug), {})
    if name == HOURS[0] and name in point:
        return {field: point[field] for field in HOURS if field in point}
    return point.get(name) if name else point


def part_of(path: str) -> str:
    """The field that is edited together with this one: what explains hours is edited with them."""
    owner, _, name = path.rpartition(".")
    return f"{owner}.{HOURS[0]}" if owner and name in HOURS else path


def _view(current: CurrentRecord, document: Document | None) -> RecordView:
    address = f"{KINDS[current.kind].collection}/{current.slug}"
    return RecordView(current.id, current.kind, address, current.revision, document or {})
