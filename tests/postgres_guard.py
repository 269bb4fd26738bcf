"""Make a PostgreSQL cluster, run it until standard input closes, and leave nothing behind.

Standard input is a pipe from the test run. It closes when the run ends, in whatever way: also killed, also by SIGKILL.
That is why this is a process of its own, and why it needs nothing but the standard library.

Usage: postgres_guard.py FOLDER_OF_PROGRAMS EMPTY_FOLDER PORT ACCOUNT [PORT_OF_A_PRIMARY [durable]]
(ACCOUNT may be empty: stay who we are. With the port of a primary the cluster is its standby. `durable`: what is
committed is on the disk, as anywhere else, for measuring.)
"""

import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

LOCALES = ("C.UTF-8", "en_US.UTF-8")  # the second is for macOS, which may lack the first
OPTIONS = ("timezone=UTC", "max_connections=60")
# A crash may lose everything here, so nothing is flushed to disk.
QUICK = ("fsync=off", "autovacuum=off", "synchronous_commit=off", "full_page_writes=off")


def become(account: str) -> None:
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def make_cluster(programs: Path, home: Path) -> bool:
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        home / "data",
        "-U",
        "test",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    for locale in LOCALES:
        wanted = [*command, f"--locale={locale}"]
        made = subprocess.run(wanted, cwd=home, env=environment(), capture_output=True, text=True, check=False)
        if made.returncode == 0:
            return True
        sys.stderr.write(made.stderr)
    return False


def copy_cluster(programs: Path, home: Path, primary: str) -> bool:
    command: list[str | Path] = [programs / "pg_basebackup", "-D", home / "data", "-h", "127.0.0.1", "-p", primary]
    options = ["-U", "test", "--checkpoint=fast", "--no-sync", "--write-recovery-conf"]
    return subprocess.run([*command, *options], cwd=home, env=environment(), check=False).returncode == 0


def run_server(programs: Path, home: Path, port: str, options: tuple[str, ...]) -> None:
    command: list[str | Path] = [programs / "postgres", "-D", home / "data", "-k", home, "-h", "127.0.0.1", "-p", port]
    settings = [part for option in options for part in ("-c", option)]
    log = home / "log"
    with log.open("wb") as words:
        server = subprocess.Popen(
            [*command, *settings], cwd=home, env=environment(), stdin=subprocess.DEVNULL, stdout=words, stderr=words
        )
        while server.poll() is None and not select.select([sys.stdin], [], [], 0.1)[0]:
            pass
        if server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # at once: the data is thrown away
            server.wait()
        else:
            sys.stderr.write(log.read_text(errors="replace"))


def main(programs: str, home: str, port: str, account: str, primary: str = "", durable: str = "") -> None:
    if account:
        become(account)
    try:
        is_made = (
            copy_cluster(Path(programs), Path(home), primary) if primary else make_cluster(Path(programs), Path(home))
        )
        if is_made:
            run_server(Path(programs), Path(home), port, OPTIONS if durable else OPTIONS + QUICK)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
