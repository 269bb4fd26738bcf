"""One run: loads what is cited, fetches and judges each source, and writes the results in one commit."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from app.database import begin_writing
from app.records.publishing import keep_trying
from app.reports.keeping import forget_old
from app.verifying.broken import find_broken_records
from app.verifying.counting import Key, count_check
from app.verifying.fetching import Fetcher, Unreachable
from app.verifying.isolating import read_in_child
from app.verifying.judging import Outcome, distrust, is_failing, judge_status, judge_text, judge_unreachable, remember
from app.verifying.models import EvidenceCheck, SourceCheck, SourceState, TaskKind
from app.verifying.queries import last_known_checks, sources
from app.verifying.reading import Unreadable
from app.verifying.tasks import FAILING, Finding, find_matters, load_citations, update_tasks
from app.verifying.upkeep import find_upkeep

log = logging.getLogger("stodkatalog")

HOSTS_AT_ONCE = 4
"""Hosts that are asked at the same time, each at most once a second."""
FEWEST = 5
"""The fewest sources for judging a run as a whole: where most of them fail, the fault is likely ours."""


class UnknownSource(Exception):
    """No such source, or one without an address; the message says which."""


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """A source to check, the fragments cited from it, and its last readable check.

    `searched`: the fragments that the page of `previous` was searched for.
    """

    id: UUID
    slug: str
    address: str
    fragments: tuple[str, ...]
    previous: SourceCheck | None
    searched: tuple[str, ...]


Result = tuple[CheckedSource, Outcome]


@dataclass(frozen=True, slots=True)
class Run:
    """The results of a run. `is_distrusted`: most sources failed, so that failures were not counted."""

    checked_at: datetime
    results: list[Result]
    is_distrusted: bool
    opened: int
    closed: int


def run_checks(
    engine: Engine,
    fetcher: Fetcher,
    now: datetime,
    *,
    only: str | None = None,
    dry_run: bool = False,
    report: Callable[[Result, int], None] = lambda result, count: None,
) -> Run:
    """Check all sources, or one. `report` is called with each result as it comes, and the number of sources.

    Raises UnknownSource. With `dry_run` nothing is written, but the counts are the same.
    """
    with Session(engine, expire_on_commit=False) as session:
        checked = load_sources(session, only)
    results = asyncio.run(check_all(fetcher, checked, lambda result: report(result, len(checked))))
    failing = sum(is_failing(outcome, source.fragments) for source, outcome in results)
    is_distrusted = only is None and len(results) >= FEWEST and failing * 2 > len(results)
    if is_distrusted:
        results = [
            (source, distrust(outcome) if is_failing(outcome, source.fragments) else outcome)
            for source, outcome in results
        ]

    broken = find_broken_records(engine, now)

    def attempt() -> tuple[int, int]:
        with begin_writing(engine, "verify") as connection, Session(connection) as session:
            write_checks(session, results, now)
            warning = [_warn(failing, len(results), now)] if is_distrusted else []
            counts = settle_tasks(session, [*warning, *broken], now, keep=(FAILING,) if only else ())
            forget_old(session, now)
            if dry_run:
                session.connection().rollback()
            return counts

    return Run(now, results, is_distrusted, *keep_trying(attempt))


def load_sources(session: Session, only: str | None) -> list[CheckedSource]:
    """The sources with an address that are cited, or the one with the slug `only`. Raises UnknownSource."""
    fragments = defaultdict[UUID, dict[str, None]](dict)
    for citation in load_citations(session):
        fragments[citation.source][citation.evidence] = None
    previous = {check.source_id: check for check in session.scalars(last_known_checks())}
    searched = defaultdict[UUID, list[str]](list)
    for check in session.scalars(select(EvidenceCheck)):
        if (last := previous.get(check.source_id)) and check.checked_at == last.checked_at:
            searched[check.source_id].append(check.evidence)
    checked = [
        CheckedSource(key, slug, address, tuple(fragments[key]), previous.get(key), tuple(searched[key]))
        for key, slug, address in session.execute(sources())
        if address and only in (None, slug)
    ]
    if only and not checked:
        raise UnknownSource(f"{only!r} is no source with an address; GET /v1/sources lists them")
    return [source for source in checked if source.fragments or only]


async def check_all(
    fetcher: Fetcher, checked: Sequence[CheckedSource], report: Callable[[Result], None]
) -> list[Result]:
    """Fetch and judge sources, HOSTS_AT_ONCE hosts in parallel. Returns the results in the order of the sources."""
    hosts = defaultdict[str | None, list[CheckedSource]](list)
    for source in checked:
        hosts[_host(source.address)].append(source)
    slots = asyncio.Semaphore(HOSTS_AT_ONCE)
    outcomes: dict[UUID, Outcome] = {}

    async def check_host(group: Sequence[CheckedSource]) -> None:
        async with slots:
            for source in group:
                outcomes[source.id] = await check_source(fetcher, source)
                report((source, outcomes[source.id]))

    try:
        async with asyncio.TaskGroup() as tasks:
            for group in hosts.values():
                tasks.create_task(check_host(group))
    finally:
        await fetcher.close()
    return [(source, outcomes[source.id]) for source in checked]


async def check_source(fetcher: Fetcher, source: CheckedSource) -> Outcome:
    """Fetch and judge one source. Errors in our own code are logged, and the other sources go on."""
    try:
        page = await fetcher.fetch(source.address, remember(source.previous, source.fragments, source.searched))
        if page.status != 200:
            return judge_status(page, source.fragments, source.previous)
        page_text = await read_in_child(page.body, page.headers.get("content-type", ""))
        return judge_text(page, page_text, source.fragments, source.previous)
    except (Unreachable, Unreadable) as error:
        return judge_unreachable(str(error))
    except Exception:
        log.exception("source %s could not be checked", source.slug)
        return judge_unreachable("a fault of this program; the log has more")


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def write_checks(session: Session, results: Sequence[Result], now: datetime) -> None:
    """Add a check for each source, and count the missing fragments. The caller commits."""
    checks = _load_checks(session)
    for source, outcome in results:
        session.add(_to_row(source, outcome, now))
        if outcome.missing is not None:
            session.add_all(count_check(checks, source.id, source.fragments, outcome.missing, now))
    session.flush()


def _to_row(source: CheckedSource, outcome: Outcome, now: datetime) -> SourceCheck:
    return SourceCheck(
        source_id=source.id,
        checked_at=now,
        state=outcome.state,
        detail=outcome.detail,
        address=outcome.address,
        text_sha256=outcome.text_sha256,
        missing=None if outcome.missing is None else json.dumps(outcome.missing, ensure_ascii=False),
        etag=outcome.etag,
        last_modified=outcome.last_modified,
    )


def settle_tasks(
    session: Session, findings: Sequence[Finding], now: datetime, *, keep: Sequence[str] = ()
) -> tuple[int, int]:
    """Open and close tasks by the citations, the checks and `findings`. Returns how many were opened and closed."""
    cited = load_citations(session)
    checks = _load_checks(session)
    for source, evidence in checks.keys() - {citation[:2] for citation in cited}:
        session.execute(
            delete(EvidenceCheck).where(col(EvidenceCheck.source_id) == source, col(EvidenceCheck.evidence) == evidence)
        )
    last = session.scalars(last_known_checks())
    gone_sources = {check.source_id for check in last if check.state == SourceState.GONE}
    matters = [*findings, *find_matters(session, cited, checks, gone_sources), *find_upkeep(session, now)]
    return update_tasks(session, matters, now, keep=keep)


def _load_checks(session: Session) -> Mapping[Key, EvidenceCheck]:
    return {(check.source_id, check.evidence): check for check in session.scalars(select(EvidenceCheck))}


def _warn(failing: int, checked: int, now: datetime) -> Finding:
    return Finding(FAILING, TaskKind.SOURCES_FAILING, None, {"failing": failing, "checked": checked}, now)
