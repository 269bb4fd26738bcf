"""Writes the commit that a package is built from into the package, for `app/version.py`."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMMAND = ("git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")


class CommitHook(BuildHookInterface[Any]):
    """Adds the file COMMIT; a source distribution has it already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before anything is packed; `version` says what sort of a wheel it is to be."""
        root, target = Path(self.root), "stodkatalog/COMMIT" if self.target_name == "wheel" else "COMMIT"
        commit = root / "COMMIT"
        if version == "editable" or not (commit.exists() or (root / ".git").exists()):
            return
        if not commit.exists():
            commit = Path(self.directory, "COMMIT")
            commit.parent.mkdir(parents=True, exist_ok=True)
            done = subprocess.run(COMMAND, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603  # fixed
            commit.write_text(done.stdout, "utf-8")
        build_data["force_include"][str(commit)] = target
