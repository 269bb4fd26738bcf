"""Checks drafts against the directory with statements, without reading all of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.areas.models import Area
from app.coordinators.models import CoordinatorDetails
from app.coordinators.record import CoordinatorRecord
from app.organizations.models import OrganizationTie
from app.records.drafts import BATCH, IS_NAMED, Draft, name_keys
from app.records.faults import RecordFault
from app.records.hierarchy import check_area_levels, check_term_cycles
from app.records.models import CurrentRecord
from app.records.record_rules import check_record
from app.records.references import Reference, references
from app.records.shapes import EscalationRecord, ResourceRecord
from app.referrals.models import EscalationStep
from app.resources.models import Resource, ResourceArea, ResourceOrganization, ResourceSuccessor, ResourceTerm
from app.sources.models import Citation
from app.status import OFFERED
from app.vocabularies.models import Term

WITH_PATHS = frozenset({"area", "audience", "topic"})

REFERRERS = (
    ("source", Citation.source_id, Citation.subject_id),
    ("area", Area.parent_id, Area.id),
    ("area", ResourceArea.area_id, ResourceArea.resource_id),
    ("area", CoordinatorDetails.coordination_region_id, CoordinatorDetails.resource_id),
    ("audience", Term.parent_id, Term.id),
    ("topic", Term.parent_id, Term.id),
    ("audience", ResourceTerm.term_id, ResourceTerm.resource_id),
    ("topic", ResourceTerm.term_id, ResourceTerm.resource_id),
    ("organization", OrganizationTie.other_id, OrganizationTie.organization_id),
    ("organization", ResourceOrganization.organization_id, ResourceOrganization.resource_id),
    ("resource", CoordinatorDetails.reached_through_id, CoordinatorDetails.resource_id),
    ("resource", ResourceSuccessor.successor_id, ResourceSuccessor.resource_id),
    ("resource", EscalationStep.resource_id, EscalationStep.id),
)
"""Where the store says that a record refers to another: the family of the other, and the columns with both ids."""


def load_references(session: Session, drafts: Sequence[Draft]) -> dict[Reference, UUID]:
    """The ids of referenced records that will exist after these drafts, and of the drafts themselves, by reference."""
    drafted = {(draft.family, draft.slug): draft.id for draft in drafts if draft.document is not None}
    gone = {(draft.family, draft.current.slug) for draft in drafts if draft.current is not None} - drafted.keys()
    referenced = {
        reference for draft in drafts if draft.document for _, reference in references(draft.kind, draft.document)
    }
    return load_ids(session, referenced - drafted.keys() - gone) | drafted


def check_directory(session: Session, drafts: Sequence[Draft], existing: Mapping[Reference, UUID]) -> list[RecordFault]:
    """The faults of these drafts, alone and against the directory.

    `existing`: the result of `load_references`.
    """
    faults = list[RecordFault]()
    for draft in drafts:
        if draft.record is not None:
            faults += check_record(draft.kind, draft.slug, draft.record)
    faults += _missing(drafts, existing)
    for rule in (_taken_slugs, _still_needed, _coordination_regions, _steps, check_area_levels, check_term_cycles):
        faults += rule(session, drafts)
    return faults


def _taken_slugs(session: Session, drafts: Sequence[Draft]) -> Iterator[RecordFault]:
    """Faults for slugs that two records would have."""
    standing = [draft for draft in drafts if draft.document is not None]
    for (family, slug), times in Counter((draft.family, draft.slug) for draft in standing).items():
        if times > 1:
            yield RecordFault(family, slug, "id", f"is used {times} times")
    # Renamed areas and terms do not free their slug: it is part of the paths of those within them.
    freed = {
        draft.id for draft in drafts if draft.document is None or (draft.is_renamed and draft.family not in WITH_PATHS)
    }
    new = [draft for draft in standing if draft.current is None or draft.is_renamed]
    taken = load_ids(session, [(draft.family, draft.slug) for draft in new])
    for draft in new:
        owner = taken.get((draft.family, draft.slug))
        if owner is not None and owner not in freed | {draft.id}:
            yield RecordFault(draft.kind, draft.slug, "id", "belongs to another record already")


def _missing(drafts: Sequence[Draft], existing: Mapping[Reference, UUID]) -> Iterator[RecordFault]:
    """Faults for references to records that will not exist."""
    for draft in drafts:
        for field, reference in references(draft.kind, draft.document) if draft.document else ():
            if reference not in existing:
                yield RecordFault(draft.kind, draft.slug, field, f"{reference[1]!r} is no {reference[0]}")


def _still_needed(session: Session, drafts: Sequence[Draft]) -> Iterator[RecordFault]:
    """Faults for removed records that others refer to; others in the same publication are checked by `_missing`."""
    removed = {draft.id: draft for draft in drafts if draft.document is None}
    drafted = {draft.id for draft in drafts}
    for family, column, owner in REFERRERS if removed else ():
        ids = [key for key, draft in removed.items() if draft.family == family]
        for referred, referrer in session.execute(select(column, owner).where(col(column).in_(ids))) if ids else ():
            if referrer not in drafted:
                draft = removed[referred]
                name = session.scalar(select(CurrentRecord.slug).where(col(CurrentRecord.id) == referrer))
                yield RecordFault(draft.kind, draft.slug, "", f"cannot be removed: {name!r} refers to it")


def _coordination_regions(session: Session, drafts: Sequence[Draft]) -> Iterator[RecordFault]:
    """Faults for coordination regions with more than one record of coordinators."""
    ours = [draft for draft in drafts if isinstance(draft.record, CoordinatorRecord)]
    if not ours:
        return
    drafts_by_region = {
        draft.record.coordination_region: draft for draft in ours if isinstance(draft.record, CoordinatorRecord)
    }
    counts = Counter(draft.document["coordination_region"] for draft in ours if draft.document)
    statement = (
        select(Area.code, CoordinatorDetails.resource_id)
        .join(Area, col(Area.id) == col(CoordinatorDetails.coordination_region_id))
        .where(col(Area.code).in_(list(drafts_by_region)))
    )
    drafted = {draft.id for draft in drafts}
    counts.update(code for code, owner in session.execute(statement) if owner not in drafted)
    for code, times in counts.items():
        if times > 1:
            yield RecordFault(
                "coordinator", drafts_by_region[code].slug, "coordination_region", f"has {times} records; it has one"
            )


def _steps(session: Session, drafts: Sequence[Draft]) -> Iterator[RecordFault]:
    """Faults for steps of the escalation that would name a record not in force."""
    resources = {draft.slug: draft for draft in drafts if isinstance(draft.record, ResourceRecord)}
    steps = {draft.slug: draft.record.resource for draft in drafts if isinstance(draft.record, EscalationRecord)}
    over = [slug for slug, draft in resources.items() if not _is_offered(draft)]
    slugs = [slug for slug in steps.values() if slug is not None and slug not in resources]
    if slugs:
        is_over = col(Resource.slug).in_(slugs), col(Resource.status).not_in(OFFERED)
        over += session.scalars(select(Resource.slug).where(*is_over))
    for step, resource in steps.items():
        if resource in over:
            yield RecordFault("step", step, "resource", f"{resource!r} is no resource in force")
    ids = {resources[slug].id: slug for slug in over if slug in resources}
    if not ids:
        return
    needed = select(EscalationStep.slug, EscalationStep.resource_id)
    for step, resource_id in session.execute(needed.where(col(EscalationStep.resource_id).in_(list(ids)))):
        if step not in steps and resource_id is not None:
            slug = ids[resource_id]
            yield RecordFault(
                resources[slug].kind, slug, "status", f"the step {step!r} of the escalation needs it in force"
            )


def _is_offered(draft: Draft) -> bool:
    return isinstance(draft.record, ResourceRecord) and draft.record.status in OFFERED


def load_ids(session: Session, references: Iterable[Reference]) -> dict[Reference, UUID]:
    """The ids of the records that exist, by family and slug."""
    keys, ids = list(references), dict[Reference, UUID]()
    for first in range(0, len(keys), BATCH):
        part = set(keys[first : first + BATCH])
        rows = session.connection().execute(_IDS, name_keys(part))
        ids |= {(family, slug): key for family, slug, key in rows if (family, slug) in part}
    return ids


_IDS = select(CurrentRecord.family, CurrentRecord.slug, CurrentRecord.id).where(IS_NAMED)
