"""Opens tasks for people, keeps them up to date, and closes them when their reason is gone."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlmodel import Session

from app.records.kinds import KINDS
from app.verifying.counting import ENOUGH, Key
from app.verifying.models import FOUND_BY_MACHINES, EvidenceCheck, Task, TaskKind
from app.verifying.queries import citations, hotline_numbers, open_tasks

FAILING = "sources"
"""The subject of the task about a run in which most sources fail."""
SEEN_AGAIN = "What was missing was seen again, or is no longer cited."
CLOSING = {
    TaskKind.REVIEW_OVERDUE: "A person has checked it, or it is no longer in force.",
    TaskKind.HOURS_UNSTATED: "The hours of all lines say something of these days, or they are over.",
    TaskKind.BROKEN_RECORD: "The store holds again what the record's newest version says, and all of it is valid.",
}
_CONTACT_FIELD = re.compile(r"contact_points\.([^.]+)\.(value|opening_hours)")


class Cited(NamedTuple):
    """One citation: a fragment of a source, for a field of a record."""

    source: UUID
    evidence: str
    field: str
    record: UUID
    kind: str
    slug: str

    @property
    def place(self) -> str:
        """Where it is cited, such as `hotlines/linjen contact_points.telefon.value`."""
        return f"{KINDS[self.kind].collection}/{self.slug} {self.field}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason for a task."""

    subject: str
    kind: TaskKind
    record: UUID | None
    details: dict[str, Any]
    since: datetime


def name_review(record: UUID) -> str:
    """The subject of the task to check a record again."""
    return f"review {record}"


def load_citations(session: Session) -> list[Cited]:
    """All citations of sources with an address."""
    return [Cited(*row) for row in session.execute(citations())]


def find_matters(
    session: Session, cited: Sequence[Cited], checks: Mapping[Key, EvidenceCheck], gone_sources: Collection[UUID]
) -> list[Finding]:
    """Findings about missing fragments: a hotline's number or hours at once, anything else after ENOUGH misses."""
    numbers = {(record, slug) for record, slug in session.execute(hotline_numbers())}
    urgent = defaultdict[tuple[UUID, UUID], list[Cited]](list)
    other = defaultdict[UUID, list[Cited]](list)
    vital = {citation[:2] for citation in cited if _is_vital(citation, numbers)}
    for citation in cited:
        check = checks.get(citation[:2])
        if check is None or check.missing_since is None:
            continue
        if _is_vital(citation, numbers):
            urgent[citation.record, citation.source].append(citation)
        elif citation[:2] not in vital and check.misses >= ENOUGH:
            other[citation.source].append(citation)
    contacts = [
        Finding(f"contact {record} {source}", TaskKind.MISSING_CONTACT, record, *_summarize(group, checks))
        for (record, source), group in urgent.items()
    ]
    pages = [
        Finding(
            f"source {source}",
            TaskKind.SOURCE_GONE if source in gone_sources else TaskKind.MISSING_EVIDENCE,
            source,
            *_summarize(group, checks),
        )
        for source, group in other.items()
    ]
    return contacts + pages


def _is_vital(citation: Cited, numbers: Collection[tuple[UUID, str]]) -> bool:
    """Whether it is cited for a number or the hours of a hotline."""
    field = _CONTACT_FIELD.fullmatch(citation.field)
    if citation.kind != "hotline" or field is None:
        return False
    return field[2] == "opening_hours" or (citation.record, field[1]) in numbers


def _summarize(group: Sequence[Cited], checks: Mapping[Key, EvidenceCheck]) -> tuple[dict[str, Any], datetime]:
    places = defaultdict[str, list[str]](list)
    for citation in group:
        places[citation.evidence].append(citation.place)
    fragments = [{"evidence": evidence, "cited_for": cited_for} for evidence, cited_for in places.items()]
    since = min(moment for citation in group if (moment := checks[citation[:2]].missing_since))
    return {"source": str(group[0].source), "fragments": fragments}, since


def update_tasks(
    session: Session,
    findings: Iterable[Finding],
    now: datetime,
    *,
    keep: Collection[str] = (),
    kinds: Collection[TaskKind] = FOUND_BY_MACHINES,
) -> tuple[int, int]:
    """Open new tasks, update open ones, close those without a finding. Returns how many were opened and closed.

    Tasks of other kinds, and those whose subject is in `keep`, are left as they are.
    """
    raised = (task for task in session.scalars(open_tasks()) if task.kind in kinds)
    still_open = {task.subject: task for task in raised}
    opened = 0
    for finding in findings:
        details = json.dumps(finding.details, ensure_ascii=False)
        if task := still_open.pop(finding.subject, None):
            task.kind, task.details = finding.kind, details
            continue
        opened += 1
        session.add(
            Task(
                id=uuid4(),
                subject=finding.subject,
                kind=finding.kind,
                record=finding.record,
                details=details,
                since=finding.since,
                closed_at=None,
                closing_reason=None,
            )
        )
    ended = [task for subject, task in still_open.items() if subject not in keep]
    for task in ended:
        task.closed_at, task.closing_reason = now, CLOSING.get(task.kind, SEEN_AGAIN)
    session.flush()
    return opened, len(ended)
