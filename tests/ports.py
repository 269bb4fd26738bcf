"""Ports for servers that are told theirs before they start."""

import random
import socket

PORTS = range(20_000, 32_000)
"""Below those that systems give to clients, and to servers that ask for any: between our look and the server's start
nobody else gets one of these by chance."""
_random = random.SystemRandom()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    while True:
        port = _random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
