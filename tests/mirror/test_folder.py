"""The folder of a mirror: whole before and whole after, whatever happens in between."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.mirror.folder import MARKER, MirrorError, writing

OLD = {"any/robots.txt": b"old", "sv/v1/hotlines/index.json": b"[]", "sv/gone.txt": b"."}
NEW = {"any/robots.txt": b"new", "sv/v1/hotlines/index.json": b"[]", "en/v1/more/index.json": b"{}"}

HALF_WAY = """
import sys, time
from pathlib import Path
from app.mirror import folder
def hang(*_):
    print("now", flush=True)
    time.sleep(60)
def after(then):
    return lambda *them: (then(*them), hang())
match sys.argv[2]:
    case "while it writes": folder.Tree.put = after(folder.Tree.put)
    case "before it swaps": folder._swap = hang
    case "within the swap": folder.os.sync = hang
    case "after the swap": folder._swap = after(folder._swap)
with folder.writing(Path(sys.argv[1])) as tree:
    tree.put("any/robots.txt", b"new")
    tree.put("sv/only.txt", b"new")
"""


def fill(folder: Path, files: dict[str, bytes]) -> str:
    with writing(folder) as tree:
        for name, body in files.items():
            tree.put(name, body)
    return str(tree.report)


class FaultAfterOne(dict[str, bytes]):
    """Files of which only the first can be had."""

    def items(self) -> Any:
        yield next(iter(super().items()))
        raise KeyError


def held(folder: Path) -> dict[str, bytes]:
    root = (folder / "current").resolve()
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def trees(folder: Path) -> list[str]:
    return sorted(tree.name for tree in (folder / "trees").iterdir())


def test_a_second_run_writes_only_what_changed_and_removes_what_ended(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "mirror"
    assert fill(folder, OLD) == "3 files written, 0 unchanged, 0 removed"
    same = (folder / "current/sv/v1/hotlines/index.json").stat()
    assert fill(folder, NEW) == "2 files written, 1 unchanged, 1 removed"
    assert held(folder) == NEW
    now = (folder / "current/sv/v1/hotlines/index.json").stat()
    assert (now.st_ino, now.st_mtime_ns) == (same.st_ino, same.st_mtime_ns)
    assert len(trees(folder)) == 1


def test_a_run_that_finds_nothing_new_leaves_the_very_tree_in_use(tmp_path: Path) -> None:
    fill(tmp_path / "mirror", OLD)
    before = (tmp_path / "mirror/current").readlink()
    assert fill(tmp_path / "mirror", OLD) == "0 files written, 3 unchanged, 0 removed"
    assert (tmp_path / "mirror/current").readlink() == before
    assert trees(tmp_path / "mirror") == [before.name]


def test_a_fault_half_way_leaves_the_mirror_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path, OLD)
    with pytest.raises(KeyError):
        fill(tmp_path, FaultAfterOne(NEW))
    assert held(tmp_path) == OLD
    assert len(trees(tmp_path)) == 1


@pytest.mark.parametrize("moment", ["while it writes", "before it swaps", "within the swap", "after the swap"])
def test_killed_at_any_moment_the_mirror_is_whole_and_the_next_run_clears_up(tmp_path: Path, moment: str) -> None:
    fill(tmp_path, OLD)
    process = subprocess.Popen([sys.executable, "-c", HALF_WAY, tmp_path, moment], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    new = {"any/robots.txt": b"new", "sv/only.txt": b"new"}
    assert held(tmp_path) == (new if moment == "after the swap" else OLD)
    assert len(trees(tmp_path)) == 2
    fill(tmp_path, NEW)
    assert held(tmp_path) == NEW
    assert len(trees(tmp_path)) == 1


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(MirrorError, match="holds something else"):
        fill(tmp_path, NEW)
    assert [file.name for file in tmp_path.iterdir()] == ["letters.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    fill(tmp_path, NEW)
    assert (tmp_path / MARKER).read_text().startswith("Written by")


def test_what_cannot_be_written_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MirrorError, match=r"file cannot be written: File exists"):
        fill(tmp_path / "file", NEW)
    with pytest.raises(MirrorError, match=r"cannot be written: Not a directory"):
        fill(tmp_path / "file" / "mirror", NEW)


def test_a_full_disk_leaves_the_mirror_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, OLD)

    def full(_: Path, body: bytes) -> int:
        raise OSError(28, os.strerror(28), "any/robots.txt")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(MirrorError, match=r"any/robots\.txt cannot be written: No space left on device"):
            fill(tmp_path, NEW)
    assert held(tmp_path) == OLD


def test_two_exports_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with writing(tmp_path) as tree:
        tree.put("any/robots.txt", b"")
        with pytest.raises(MirrorError, match="another export"):
            fill(tmp_path, NEW)
    assert held(tmp_path) == {"any/robots.txt": b""}
