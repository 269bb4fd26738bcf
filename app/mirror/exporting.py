"""Crawls the service and writes its answers as files."""

import asyncio
import json
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.routing import BaseRoute, Mount

from app.changes.models import Edition
from app.changes.queries import edition
from app.http.contract import contract_of
from app.http.problems import NotFound, Problem
from app.main import create_app
from app.mirror.asking import Answer, ask
from app.mirror.folder import MirrorError, MirrorReport, Tree, writing
from app.mirror.layout import BOTH, Address, UnknownSort, file_of, find_links
from app.settings import Settings
from app.texts import Language

LEFT_OUT = (
    "/v1/referrals", "/embed/referral", "/embed/frame/referral", "/embed/v1/referral.json",
    "/sv/vem-kontaktar-jag", "/sv/latt/vem-kontaktar-jag", "/en/whom-to-contact",
    "/v1/search", "/sv/sok", "/en/search", "/opensearch.xml", "/oembed", "/hsds/v3",
)  # fmt: skip
"""Paths that answer queries or depend on the moment, and HSDS, whose records are reached by queries."""
MISSING_PATH = "/-"
ATTEMPTS = 3


class Moved(Exception):
    """The store got a new edition while the mirror was being written."""


def export(settings: Settings, engine: Engine, folder: Path) -> MirrorReport:
    """Write the mirror of a service with these settings, whose `base_url` must be set. Raises MirrorError."""
    for _ in range(ATTEMPTS):
        try:
            with writing(folder) as tree:
                asyncio.run(_fill(tree, settings, engine))
        except Moved:
            continue
        except UnknownSort as error:
            raise MirrorError(str(error)) from None
        return tree.report
    raise MirrorError("The directory changes faster than it can be written. Try again when nobody is seeding")


async def _fill(tree: Tree, settings: Settings, engine: Engine) -> None:
    before = _load_edition(engine)
    service = create_app(settings)
    async with service.router.lifespan_context(service):
        walk = Walk(service, str(settings.base_url), before.made_at, tree)
        await walk.visit_all(Address(path) for path in _find_starts(service.routes))
        await walk.write_not_found()
    if (_load_edition(engine).number, _load_edition(engine).made_at) != (before.number, before.made_at):
        raise Moved


def _load_edition(engine: Engine) -> Edition:
    with Session(engine) as session:
        newest = session.scalar(edition())
    if newest is None:
        raise MirrorError("The store was never seeded by this version: run `stodkatalog seed` first")
    return newest


def _find_starts(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[str]:
    """The paths without parameters whose answers may be cached."""
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, Mount):
            yield from _find_starts(route.routes, f"{prefix}{route.path}")
        elif isinstance(route, APIRoute):
            path = f"{prefix}{context.path or route.path}"
            if "{" not in path and contract_of(route.endpoint).caching is not None:
                yield path


class Walk:
    """A crawl that visits each address once."""

    def __init__(self, service: FastAPI, base: str, lasting: datetime, tree: Tree) -> None:
        self._service, self._base, self._lasting, self._tree = service, base, lasting, tree
        self._waiting: deque[Address] = deque()
        self._seen: set[Address] = set()

    async def visit_all(self, starts: Iterator[Address]) -> None:
        """Write the answers of these addresses and of all that they link to."""
        self._add(starts)
        while self._waiting:
            await self._visit(self._waiting.popleft())

    async def write_not_found(self) -> None:
        """Write the pages for addresses that the mirror does not hold."""
        detail = (
            "There is nothing at this address of a static copy, which holds whole lists and single records only: "
            "no filters, no search, no states of the moment. In danger, call 112."
        )
        problem = Problem(
            type=f"{self._base}/problems#{NotFound.slug}", title=NotFound.title, status=404, detail=detail,
            instance="", errors=[],
        )  # fmt: skip
        self._tree.put("404.problem", json.dumps(problem.model_dump(), ensure_ascii=False).encode())
        for language in Language:
            page = await self._ask(Address(f"/{language}{MISSING_PATH}"), None)
            self._tree.put(f"404.{language}.html", page.body)

    async def _visit(self, address: Address) -> None:
        answer = await self._ask(address, None)
        if not answer.may_be_kept:
            return
        self._add(find_links(answer, address.path, self._base))
        name = file_of(address, answer.content_type)
        english = await self._ask(address, Language.ENGLISH)
        if not english.may_be_kept or english.body == answer.body:
            self._tree.put(f"{BOTH}/{name}", answer.body)
            return
        self._add(find_links(english, address.path, self._base))
        self._tree.put(f"{Language.SWEDISH}/{name}", answer.body)
        self._tree.put(f"{Language.ENGLISH}/{file_of(address, english.content_type)}", english.body)

    async def _ask(self, address: Address, language: Language | None) -> Answer:
        query = address.query_in(language)
        try:
            answer = await ask(self._service, self._base, address.path, query, self._lasting)
        except Exception as error:  # the service has logged it; half a mirror must not be published
            raise MirrorError(f"{address.path} fails in the service; the mirror is left as it was") from error
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise MirrorError(f"{address.path} is answered {answer.status}; the mirror is left as it was")
        return answer

    def _add(self, addresses: Iterator[Address]) -> None:
        for address in addresses:
            if address not in self._seen and not _is_left_out(address.path):
                self._seen.add(address)
                self._waiting.append(address)


def _is_left_out(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in LEFT_OUT)
