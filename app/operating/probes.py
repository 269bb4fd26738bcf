"""`/livez` and `/readyz`: whether the process is alive, and whether it can answer its callers.

They come before the cache and the queue for requests, so that they never wait behind callers.
"""

import asyncio
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.http.context import context_of
from app.http.guard import add_headers
from app.http.problems import PRIVATE
from app.migrating import is_newest
from app.seeding.noticing import find_unseeded

LIVE, READY = "/livez", "/readyz"
PATIENCE = 1.0
"""Seconds within which the store must answer."""

_NEWEST = text("SELECT max(number) FROM edition")
_SOME = text("SELECT EXISTS (SELECT 1 FROM resource)")


class Probes:
    """ASGI application that answers GET and HEAD of the two probes."""

    def __init__(self, engine: Engine, seed_dir: Path) -> None:
        self._engine, self._seed_dir = engine, seed_dir
        self._check: asyncio.Task[dict[str, Any]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(message)
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        context_of(scope).route = scope["path"]
        answer = PlainTextResponse("ok") if scope["path"] == LIVE else await self._answer_ready(scope["app"])
        answer.headers["Cache-Control"] = PRIVATE
        await answer(scope, receive, send_with_headers)

    async def _answer_ready(self, app: Any) -> Response:
        # Requests during a check share it, so that a hanging store blocks one thread and not one for each.
        if self._check is None or self._check.done():
            self._check = asyncio.create_task(to_thread.run_sync(self._check_store, limiter=CapacityLimiter(1)))
        await asyncio.wait({self._check}, timeout=PATIENCE)
        state = self._check.result() if self._check.done() else {"ready": False, "store": "does not answer"}
        if app.state.is_stopping:  # it may have been told to stop during the check
            state = {**state, "ready": False}
        return JSONResponse(state, 200 if state["ready"] else 503, {} if state["ready"] else {"Retry-After": "5"})

    def _check_store(self) -> dict[str, Any]:
        """Check the store. Errors of the store are part of the answer, not raised."""
        try:
            if not is_newest(self._engine):
                return {"ready": False, "store": "cannot be reached, or has another schema than this version"}
            with self._engine.connect() as connection:
                edition, has_records = connection.scalar(_NEWEST), connection.scalar(_SOME)
            unseeded = find_unseeded(self._engine, self._seed_dir)
        except SQLAlchemyError:
            return {"ready": False, "store": "does not answer as it should"}
        ready = edition is not None and bool(has_records)
        return {"ready": ready, "store": "ok" if ready else "is empty", "edition": edition, "unseeded_files": unseeded}
