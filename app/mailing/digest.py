"""The daily mail to the editors about open tasks, proposals and expiring keys."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.access.keys import expires_soon, list_keys
from app.mailing.sending import Letter
from app.records.models import Proposal, ProposalState
from app.resources.reviewing import day_of
from app.settings import Settings
from app.texts import Language
from app.times import day_in_words
from app.verifying.listing import list_tasks
from app.verifying.models import TaskKind

NAMES = {
    TaskKind.REPORT: "Någon har rapporterat ett fel",
    TaskKind.MISSING_CONTACT: "Källan visar inte längre ett nummer eller en tid",
    TaskKind.MISSING_EVIDENCE: "Källan säger inte längre det vi hänvisar till",
    TaskKind.SOURCE_GONE: "Källans sida finns inte kvar",
    TaskKind.SOURCES_FAILING: "De flesta källor gick inte att läsa",
    TaskKind.REVIEW_OVERDUE: "Skulle ha kontrollerats igen",
    TaskKind.HOURS_UNSTATED: "Öppettider vid helgerna saknas",
    TaskKind.BROKEN_RECORD: "En post går inte att använda",
    TaskKind.WEBHOOK_DISABLED: "En webhook har stängts av",
    TaskKind.OPERATOR_ACT: "Publicerat direkt av den som driver verksamheten",
}
"""Each kind of task in words for an editor."""
MOST = 40
"""The most tasks that a mail lists; the console lists all."""
SIGNATURE = "Mejlet visar inte rapporternas och förslagens text. Det skickas högst en gång om dagen, när något väntar."


def compose_digest(session: Session, settings: Settings, now: datetime) -> Letter | None:
    """Today's mail, without the texts of reports; None where nothing is open or no editors are set."""
    tasks = list_tasks(session)
    proposals = session.scalar(
        select(func.count()).select_from(Proposal).where(col(Proposal.state) == ProposalState.OPEN)
    )
    keys = [key for key, _ in list_keys(session) if key.revoked_at is None and now < key.expires_at]
    ending = [key for key in keys if expires_soon(key.expires_at, now)]
    if settings.editors is None or not (tasks or proposals or ending):
        return None
    lines = [f"• {NAMES[TaskKind(kind)]}: {count}" for kind, count in Counter(task["kind"] for task in tasks).items()]
    lines += [f"• Förslag att ta ställning till: {proposals}"] if proposals else []
    lines += [f"• Nyckeln ”{key.name}” slutar gälla {_day(key.expires_at)}" for key in ending]
    waiting = len(tasks) + (proposals or 0) + len(ending)
    text = "\n".join(
        [
            "Det här väntar i Stödkatalogen:\n",
            *lines,
            "",
            *(_describe(task) for task in tasks[:MOST]),
            *([f"… och {len(tasks) - MOST} till"] if len(tasks) > MOST else []),
            f"\n{settings.base_url}/redaktion\n",
            SIGNATURE,
        ]
    )
    subject = f"Stödkatalogen: {waiting} {'sak' if waiting == 1 else 'saker'} att titta på"
    return Letter(f"digest {day_of(now)}", settings.editors.replace(" ", "").split(","), subject, text)


def _describe(task: dict[str, str]) -> str:
    since = _day(datetime.fromisoformat(task["since"]))
    return f"{task['record'] or '–'}: {NAMES[TaskKind(task['kind'])].lower()} (sedan {since})"


def _day(moment: datetime) -> str:
    return day_in_words(day_of(moment), Language.SWEDISH)
