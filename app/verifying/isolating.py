"""Reads a page in a child process with limits on time and memory."""

import asyncio
import json
import os
import sys
from typing import Any

from app.settings import ROOT
from app.verifying.reading import PageText, Unreadable

SECONDS = 30.0
"""The longest time for reading a page that has been fetched."""


async def read_in_child(body: bytes, content_type: str, seconds: float = SECONDS) -> PageText:
    """The text of a page. Raises Unreadable, also where the reader crashes or takes too long."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "app.verifying.reading", content_type.replace("\0", "")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(body), seconds)
    except TimeoutError:
        raise Unreadable(f"reading the page takes more than {seconds:g} seconds") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise Unreadable("the page crashes its reader")
    return _to_text(json.loads(output))


def _to_text(values: dict[str, Any]) -> PageText:
    if "unreadable" in values:
        raise Unreadable(values["unreadable"])
    return PageText(**{**values, "headings": tuple(values["headings"])})
