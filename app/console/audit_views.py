"""The audit trail in sentences: who did what to what."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from app.access.auditing import COMMAND
from app.access.models import AccessKey, AuditEntry
from app.console.accounts import ACTOR
from app.console.reasons import name_author
from app.console.records import RecordView, load_views
from app.console.words import ROLE_NAMES
from app.records.drafts import load_current
from app.records.kinds import BY_COLLECTION
from app.records.models import Proposal
from app.verifying.models import Task

ACTOR_NAMES = {COMMAND: "Driften", ACTOR: "Inloggningen med konto"}
"""The actors that are no keys."""
ACTION_NAMES = {
    "key added": "skapade nyckeln {key}",
    "account added": "tog emot kontot {account}",
    "key revoked": "återkallade nyckeln {key}",
    "login link made": "skapade en inloggningslänk för nyckeln {key}",
    "signed in": "loggade in",
    "signed out": "loggade ut",
    "proposal made": "föreslog en ändring av {record}",
    "proposal accepted": "publicerade en ändring av {record}",
    "proposal rejected": "avslog ett förslag om {record}",
    "proposal withdrawn": "drog tillbaka sitt förslag om {record}",
    "record confirmed": "kontrollerade {record}",
    "check withdrawn": "tog tillbaka en kontroll av {record}",
    "task closed": "avslutade ett ärende om {record}",
    "webhook added": "lade till webhooken {url}",
    "webhook deleted": "tog bort webhooken {url}",
    "webhook tried again": "lät webhooken {url} försöka igen",
    "webhook tested": "provade webhooken {url}",
}
"""The sentence for each act; it names what the act was done to."""
OTHERS_ACTIONS = {
    "proposal accepted": "godkände ett förslag från {proposer} om {record}",
    "proposal rejected": "avslog ett förslag från {proposer} om {record}",
}
"""What a decision is called about what somebody proposed before, whom it names."""
AUTHORS: tuple[Any, ...] = (Proposal.id, Proposal.actor, Proposal.origin, Proposal.made_at)
"""What the page tells of a proposal."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An act in a sentence. `path`: the page in the console that tells more; empty where there is none."""

    made_at: datetime
    actor: str
    sentence: str
    path: str


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What the entries of a page name, by how they name it: keys by id, records by address, the rest by id."""

    keys: dict[str, AccessKey]
    records: dict[str, RecordView]
    tasks: dict[str, RecordView | None]
    proposals: dict[str, Proposal]


def describe_entries(session: Session, entries: Sequence[AuditEntry]) -> list[AuditLine]:
    """The entries as sentences; six queries, however many there are."""
    subjects = _load_subjects(session, entries)
    return [_describe(entry, subjects) for entry in entries]


def _describe(entry: AuditEntry, subjects: _Subjects) -> AuditLine:
    details = _read_details(entry)
    kind, _, subject = entry.subject.partition(" ")
    address = _find_address(entry)
    view = subjects.tasks.get(subject) if kind == "task" else subjects.records.get(address)
    proposal = subjects.proposals.get(subject) if kind == "proposal" else None
    template = ACTION_NAMES.get(entry.action, entry.action)
    if proposal is not None and proposal.made_at != entry.made_at:  # no direct publication
        template = OTHERS_ACTIONS.get(entry.action, template)
    sentence = template.format(
        key=_name_key(subjects.keys.get(subject), details, subject),
        account=subject,
        record=view.title if view else address or "en post som inte finns kvar",
        proposer="" if proposal is None else name_author(proposal.actor, proposal.origin),
        url=_name_host(details.get("url", "")),
    )
    pages = {"proposal": f"/forslag/{subject}", "task": f"/arenden/{subject}"}
    path = pages.get(kind) or (f"/poster/{view.address}" if view else "")
    return AuditLine(entry.made_at, ACTOR_NAMES.get(entry.actor, entry.actor), sentence, path)


def _name_key(key: AccessKey | None, details: dict[str, Any], key_id: str) -> str:
    """`Halmstads kommun (uppgiftslämnare, municipality=1380; id 1f2e3d4c)`."""
    name = details.get("name") or (key.name if key else "")
    role = details.get("role") or (key.role.value if key else "")
    facts = [ROLE_NAMES.get(role, role), details.get("scope") or "", "provnyckel" if details.get("test") else ""]
    return f"{name} ({', '.join(filter(None, facts))}; id {key_id})"


def _name_host(url: str) -> str:
    """The host of a webhook. The whole address may be a secret of whoever made it, and editors read the audit trail."""
    return urlsplit(url).hostname or ""


def _read_details(entry: AuditEntry) -> dict[str, Any]:
    return json.loads(entry.details) if entry.details else {}


def _find_address(entry: AuditEntry) -> str:
    """The address of the record that an act was done to; empty where it was none."""
    return str(_read_details(entry).get("record") or (entry.subject if "/" in entry.subject else ""))


def _load_subjects(session: Session, entries: Sequence[AuditEntry]) -> _Subjects:
    subjects = [entry.subject.partition(" ") for entry in entries]
    key_ids = [subject for kind, _, subject in subjects if kind == "key"]
    keys = session.exec(select(AccessKey).where(col(AccessKey.id).in_(key_ids))).all()
    task_ids = [UUID(subject) for kind, _, subject in subjects if kind == "task"]
    tasks = session.exec(select(Task).where(col(Task.id).in_(task_ids))).all()
    proposal_ids = [UUID(subject) for kind, _, subject in subjects if kind == "proposal"]
    proposals = session.exec(select(Proposal).where(col(Proposal.id).in_(proposal_ids)).options(load_only(*AUTHORS)))
    named = dict[tuple[str, str], str]()
    for address in filter(None, map(_find_address, entries)):
        collection, _, slug = address.partition("/")
        if collection in BY_COLLECTION:
            named[BY_COLLECTION[collection].family, slug] = address
    current = {named[key]: record.id for key, record in load_current(session, list(named)).items()}
    views = load_views(session, {*current.values(), *(task.record for task in tasks if task.record)})
    return _Subjects(
        {key.id: key for key in keys},
        {address: views[record] for address, record in current.items()},
        {str(task.id): views.get(task.record) if task.record else None for task in tasks},
        {str(proposal.id): proposal for proposal in proposals},
    )
