"""Judges an answer: whether the source was seen, changed, moved, gone or unreachable, and which fragments it lacks."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.verifying.fetching import Page, Remembered
from app.verifying.finding import find_missing
from app.verifying.models import SourceCheck, SourceState
from app.verifying.reading import PageText

_NOT_FOUND = re.compile(
    r"^\W*(?:error |fel )?404\b|\b404\W+(?:error|fel|not found|sidan)|\bnot found\b|can(?:not|'t) be found"
    r"|could not be found"
    r"|\bsidan? (?:du söker |du letar efter |som du söker )?(?:finns inte|finns ej|saknas|hittades inte|hittas inte"
    r"|hittades ej|kunde inte hittas|kan inte hittas|är borttagen|har tagits bort)"
    r"|(?:hittar|hittade|kunde|kan) (?:vi |du )?inte (?:hitta )?sidan|page (?:no longer exists|does ?n[o']t exist)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"^just a moment|^vänta ett ögonblick|^ett ögonblick|attention required|access (?:is )?denied|åtkomst nekad"
    r"|request rejected|are you (?:a )?(?:human|robot)|är du en människa|verify(?:ing)? (?:that )?you are human|captcha"
    r"|checking your browser|security check|pardon our interruption|ddos.guard|unusual traffic",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"^(?:logga in|inloggning|log ?in|log on|sign in)\b", re.IGNORECASE)
LEAST_TEXT = 200
"""Characters. A page with scripts and less text than this is taken to need its scripts for its text."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one source. `missing` is None where nothing is known about its fragments."""

    state: SourceState
    detail: str | None = None
    address: str | None = None
    text_sha256: str | None = None
    missing: tuple[str, ...] | None = None
    etag: str | None = None
    last_modified: str | None = None


def judge_unreachable(reason: str, address: str | None = None) -> Outcome:
    """The outcome where nothing is known."""
    return Outcome(SourceState.UNREACHABLE, reason[:300], address)


def remember(previous: SourceCheck | None, fragments: Sequence[str], checked: Sequence[str]) -> Remembered | None:
    """The validators for a conditional request; None unless the last text was searched for all of the fragments."""
    if previous is None or previous.text_sha256 is None or not previous.address or set(fragments) - set(checked):
        return None
    return Remembered(previous.address, previous.etag, previous.last_modified)


def judge_status(page: Page, fragments: Sequence[str], previous: SourceCheck | None) -> Outcome:
    """The outcome of a status other than 200. `previous`: the source's last check with a readable page."""
    if page.status in (404, 410):
        return Outcome(SourceState.GONE, f"status {page.status}", page.address, missing=tuple(fragments))
    if page.status == 304 and previous is not None:
        return _repeat(page, previous, fragments)
    return judge_unreachable(f"status {page.status}", page.address)


def judge_text(page: Page, page_text: PageText, fragments: Sequence[str], previous: SourceCheck | None) -> Outcome:
    """The outcome of a page with status 200. `previous`: as for `judge_status`."""
    missing = tuple(find_missing(page_text.text, fragments))
    if reason := _find_refusal(page, page_text, has_evidence=len(missing) < len(fragments)):
        return judge_unreachable(reason, page.address)
    if heading := next(filter(_NOT_FOUND.search, page_text.headings), None):
        return Outcome(SourceState.GONE, f"the page says “{heading[:80]}”", page.address, missing=tuple(fragments))
    return _compare(page, page_text, missing, previous)


def _compare(page: Page, page_text: PageText, missing: tuple[str, ...], previous: SourceCheck | None) -> Outcome:
    digest = hashlib.sha256(page_text.text.encode()).hexdigest()
    is_changed = bool(missing) or (previous is not None and previous.text_sha256 not in (None, digest))
    state = SourceState.MOVED if page.is_moved else SourceState.CHANGED if is_changed else SourceState.SEEN
    detail = f"to {page.address}" if page.is_moved else None
    etag, last_modified = page.headers.get("etag"), page.headers.get("last-modified")
    return Outcome(state, detail, page.address, digest, missing, etag, last_modified)


def _repeat(page: Page, previous: SourceCheck, fragments: Sequence[str]) -> Outcome:
    """The outcome of an unchanged page: the same fragments are missing."""
    missing_before = json.loads(previous.missing or "[]")
    missing = tuple(fragment for fragment in fragments if fragment in missing_before)
    state = SourceState.MOVED if page.is_moved else SourceState.CHANGED if missing else SourceState.SEEN
    detail = f"to {page.address}" if page.is_moved else None
    return Outcome(state, detail, page.address, previous.text_sha256, missing, previous.etag, previous.last_modified)


def _find_refusal(page: Page, page_text: PageText, *, has_evidence: bool) -> str | None:
    """Why a page of status 200 is not the page that was asked for; None where it is."""
    if page.headers.get("cf-mitigated") == "challenge" or any(map(_CHALLENGE.search, page_text.headings)):
        return "the page asks whether a person is reading"
    if page_text.asks_for_password and (not has_evidence or any(map(_LOGIN.search, page_text.headings))):
        return "the page asks for a password"
    if page_text.has_scripts and not has_evidence and len(page_text.text) < LEAST_TEXT:
        return "the page has no text without its scripts"
    return None


def is_failing(outcome: Outcome, fragments: Sequence[str]) -> bool:
    """Whether no cited fragment was seen."""
    return outcome.missing is None or len(outcome.missing) == len(fragments)


def distrust(outcome: Outcome) -> Outcome:
    """The outcome in a run that cannot be trusted as a whole: unreachable, instead of lacking fragments."""
    if outcome.missing is None:
        return outcome
    return replace(judge_unreachable("not counted: most sources failed in this run"), address=outcome.address)
