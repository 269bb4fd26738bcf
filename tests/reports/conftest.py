"""The small directory, served."""

from tests.access.conftest import client, folder, make_key, store

__all__ = ["client", "folder", "make_key", "store"]
