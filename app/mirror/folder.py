"""The folder of a mirror: a new tree is written next to the one in use, and replaces it in one step.

DIR/.stodkatalog-mirror   marks the folder as ours; locked while a process writes
DIR/current               a link to the tree in use, which a web server serves
DIR/trees/7/              the tree; unchanged files are hard links to those of the tree before
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MARKER = ".stodkatalog-mirror"
CURRENT, TREES = "current", "trees"
SAYS = "Written by `stodkatalog export`, which removes what it finds here. Serve the folder `current`.\n"


class MirrorError(Exception):
    """The mirror cannot be written; the message is one line for the user of the command."""


@dataclass(slots=True)
class MirrorReport:
    """How many files were written, left unchanged and removed."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def __str__(self) -> str:
        return f"{self.written} files written, {self.unchanged} unchanged, {self.removed} removed"


class Tree:
    """A tree that is being written."""

    def __init__(self, root: Path, before: Path | None) -> None:
        self.root, self._before = root, before
        self.report = MirrorReport()
        self._put: set[str] = set()

    def put(self, name: str, body: bytes) -> None:
        """Write a file, or link the former one if its content is the same."""
        file, old = self.root / name, self._before and self._before / name
        self._put.add(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        if old and old.is_file() and old.read_bytes() == body:
            os.link(old, file)
            self.report.unchanged += 1
        else:
            file.write_bytes(body)
            self.report.written += 1

    def close(self) -> None:
        """Count the files that are gone."""
        if self._before:
            names = (file.relative_to(self._before).as_posix() for file in self._before.rglob("*") if file.is_file())
            self.report.removed = sum(name not in self._put for name in names)


@contextmanager
def writing(folder: Path) -> Iterator[Tree]:
    """A tree to fill, which comes into use when the block ends without an error; otherwise nothing changes.

    A killed run leaves the tree in use as it was, and the next run removes the unfinished one. Raises MirrorError.
    """
    try:
        with _claimed(folder):
            yield from _written(folder)
    except OSError as error:
        where = error.filename or folder
        raise MirrorError(f"{where} cannot be written: {error.strerror or error}") from None


def _written(folder: Path) -> Iterator[Tree]:
    trees, current = folder / TREES, folder / CURRENT
    trees.mkdir(exist_ok=True)
    before = current.resolve() if current.is_symlink() and current.exists() else None
    _clear(trees, before)
    tree = Tree(trees / str(int(before.name) + 1 if before else 1), before)
    try:
        tree.root.mkdir()
        yield tree
        tree.close()
        if before is None or tree.report.written or tree.report.removed:
            _swap(folder, tree.root)
            before = tree.root
    finally:
        _clear(trees, before)


def _swap(folder: Path, root: Path) -> None:
    os.sync()  # the files are on the disk before the link that leads to them
    fresh = folder / f".{CURRENT}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path(TREES, root.name))
    fresh.replace(folder / CURRENT)


def _clear(trees: Path, in_use: Path | None) -> None:
    for tree in trees.iterdir():
        if in_use is None or tree.name != in_use.name:
            shutil.rmtree(tree)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Claim the folder: check that it is ours and lock it. Raises MirrorError."""
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    if not marker.is_file() and any(folder.iterdir()):
        raise MirrorError(
            f"{folder} holds something else: an export removes what it does not know. Name another folder"
        )
    with marker.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MirrorError(f"{folder} is being written by another export") from None
        if not marker.stat().st_size:
            lock.write(SAYS)
            lock.flush()
        yield
