"""What uvicorn serves: the application with the settings of this process."""

import ctypes
import gc

from fastapi import FastAPI

from app.http.logging import log_to_stderr
from app.http.measuring import start_measuring
from app.http.safe_logs import make_logs_safe
from app.http.spans import start_spans
from app.settings import load

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3
"""Constants of glibc's <malloc.h>."""

YOUNG_COLLECTIONS = 100
"""How many collections of younger objects come before one of all, which stops every thread for ten milliseconds.
While a file is written, Python's own ten pass within a second."""


def _limit_memory() -> None:
    # By default, each thread has its own arena, whose freed memory other threads cannot use, and large blocks lie among
    # small ones and are never returned to the system.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other libraries than glibc have none
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, 512 * 1024)


def _create_application() -> FastAPI:
    # These objects live for ever: do not collect garbage among them, neither now nor later.
    gc.disable()
    from app.main import create_app  # noqa: PLC0415  # after the line above

    created = create_app(load())
    gc.freeze()
    gc.set_threshold(700, 10, YOUNG_COLLECTIONS)
    gc.enable()
    return created


_limit_memory()
log_to_stderr()  # each worker is a process of its own
_settings = load()
make_logs_safe(as_json=_settings.log_format == "json")
if _settings.metrics is not None:
    start_measuring()
if _settings.opentelemetry:
    start_spans()
application = _create_application()
