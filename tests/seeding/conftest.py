"""A small seed folder to break."""

from pathlib import Path

import pytest

from tests.seeding.small import write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small seed folder, in order."""
    return write_folder(tmp_path / "seed")
