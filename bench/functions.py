"""How many functions of ours an answer that is not kept goes through: `python -m bench.functions [ADDRESS]`.

Asked in this process, without a socket, and after another answer of the same route: what is made once is made then.
Prints each file with its functions, and how many there are.
"""

import asyncio
import sys
import threading
from collections import defaultdict
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import httpx
from fastapi import FastAPI

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT, Settings

ADDRESS = "/v1/hotlines"
APP = f"{ROOT / 'app'}/"


class Noting:
    """Notes which functions are entered, while `is_on`; expressions and lambdas are part of theirs."""

    def __init__(self) -> None:
        self.entered: defaultdict[str, set[str]] = defaultdict(set)
        """By file."""
        self.is_on = False

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if self.is_on and event == "call" and code.co_filename.startswith(APP) and not code.co_name.startswith("<"):
            self.entered[code.co_filename.removeprefix(APP)].add(code.co_qualname)


async def ask_twice(service: FastAPI, address: str, noting: Noting) -> None:
    """Ask by two names of the host, so that no kept answer is given, and note the functions of the second answer."""
    sys.setprofile(noting)
    threading.setprofile(noting)
    transport = httpx.ASGITransport(service)
    async with (
        service.router.lifespan_context(service),
        httpx.AsyncClient(transport=transport) as client,
    ):
        for host in ("first", "second"):
            noting.is_on = host == "second"
            answer = await client.get(f"http://{host}{address}")
            noting.is_on = False
            answer.raise_for_status()
    sys.setprofile(None)
    threading.setprofile(None)


def find_functions(address: str) -> dict[str, set[str]]:
    """The functions that an answer enters, by file."""
    noting = Noting()
    with TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/store.sqlite3")
        engine = engine_for(settings.database_url)
        migrate(engine)
        write_seed(engine, read_seed(ROOT / "seed"), datetime.now(UTC))
        engine.dispose()
        asyncio.run(ask_twice(create_app(settings), address, noting))
    return noting.entered


if __name__ == "__main__":
    found = find_functions(sys.argv[1] if len(sys.argv) > 1 else ADDRESS)
    for file, names in sorted(found.items()):
        print(f"{file}: {', '.join(sorted(names))}")
    print(f"{sum(map(len, found.values()))} functions in {len(found)} files")
