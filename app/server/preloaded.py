"""What all workers need, made once, in the process that they are forked from."""

import gc
import signal

from sqlalchemy.orm import configure_mappers

gc.disable()
import app.main  # noqa: E402, F401  # after the line above
from app.server import slow_clients, workers  # noqa: E402, F401

configure_mappers()
gc.freeze()  # a collection would write to the pages that they share
gc.enable()
# Whoever stops the service may signal all its processes: this one ends after the last worker. Blocked and not ignored,
# so that a worker that is just being started gets the signal once it can take it.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
