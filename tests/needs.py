"""What the tests need and PyPI does not carry: found on the machine, installed where we may, or named in one line.

`python -m tests.needs` runs before the tests (see the Makefile). Nothing is skipped silently.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import npm, postgres

APT_GET = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0")
NO_SERVICES = Path("/usr/sbin/policy-rc.d")
CHROMIUM_ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def chromium() -> Path | None:
    """A browser that Playwright can drive: `launch(executable_path=…)`."""
    return _program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", *CHROMIUM_ON_MACOS)


def nginx() -> Path | None:
    return _program("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx")


def pgbouncer() -> Path | None:
    return _program("pgbouncer", "/usr/sbin/pgbouncer")


def systemd_analyze() -> Path | None:
    """Reads the units of deploy/; elsewhere than on Linux it is not needed."""
    return _program("systemd-analyze") if sys.platform.startswith("linux") else Path("/")


def openssl() -> Path | None:
    """Makes the certificates of the tests."""
    return _program("openssl")


def wordpress() -> Path | None:
    """The folder with its files."""
    folders = (Path("/usr/share/wordpress"), Path("/usr/local/share/wordpress"), Path("/opt/homebrew/share/wordpress"))
    return next((folder for folder in folders if (folder / "wp-load.php").exists()), None)


def php() -> Path | None:
    """Runs WordPress."""
    return _program("php")


def mariadb() -> Path | None:
    """The database of WordPress."""
    return _program("mariadbd", "/usr/sbin/mariadbd", "/opt/homebrew/opt/mariadb/bin/mariadbd")


def postgresql() -> Path | None:
    """Where the server programs are, or the root folder if a server that runs is to be used."""
    return Path("/") if os.environ.get(postgres.RUNNING) else postgres.programs()


def _program(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


@dataclass(frozen=True)
class Need:
    name: str
    find: Callable[[], Path | None]
    packages: tuple[str, ...]  # Debian's


NEEDS = (
    Need("PostgreSQL's server", postgresql, ("postgresql",)),
    Need("Chromium", chromium, ("chromium", "fonts-liberation")),
    Need("nginx", nginx, ("nginx",)),
    Need("PgBouncer", pgbouncer, ("pgbouncer",)),
    Need("systemd-analyze", systemd_analyze, ("systemd",)),
    Need("OpenSSL's command", openssl, ("openssl",)),
    Need("PHP", php, ("php-cli", "php-mysql")),
    Need("MariaDB's server", mariadb, ("mariadb-server-core",)),
    Need("WordPress", wordpress, ("wordpress",)),
)


def main() -> None:
    with _one_at_a_time():
        missing = _missing()
        if missing and os.geteuid() == 0 and shutil.which("apt-get"):
            _apt_get_install(missing)
            missing = _missing()
        if missing:
            names = ", ".join(need.name for need in missing)
            packages = " ".join(package for need in missing for package in need.packages)
            sys.exit(f"The tests need {names}: install it (Debian, Ubuntu: apt-get install {packages}) and try again")
        _install_npm()


def _missing() -> list[Need]:
    return [need for need in NEEDS if need.find() is None]


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (npm.FOLDER / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _apt_get_install(needs: list[Need]) -> None:
    packages = [package for need in needs for package in need.packages]
    print(f"Installing {' '.join(packages)} …", flush=True)
    with _services_stay_stopped():
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            done = subprocess.run(
                [*APT_GET, *command],
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                print(done.stdout, file=sys.stderr)


@contextlib.contextmanager
def _services_stay_stopped() -> Iterator[None]:
    """Debian starts a service as it installs it, unless this file says no. The tests start their own."""
    if NO_SERVICES.exists():
        yield
        return
    NO_SERVICES.write_text("#!/bin/sh\nexit 101\n")
    NO_SERVICES.chmod(0o755)
    try:
        yield
    finally:
        NO_SERVICES.unlink()


def _install_npm() -> None:
    stamp = npm.MODULES / ".installed"
    wanted = hashlib.sha256((npm.FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing tests/npm …", flush=True)
    try:
        npm.install()
    except subprocess.CalledProcessError:
        sys.exit("npm could not install tests/npm: its own words are above")
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
