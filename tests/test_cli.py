"""The command `stodkatalog`, run as people run it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.cli import main
from app.server.workers import SPREADS
from app.settings import ROOT
from tests.ports import free_port
from tests.seeding.small import edit, write_folder
from tests.serving import wait_for_workers


def environment(folder: Path, **more: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("STODKATALOG_")}
    return {**ours, "STODKATALOG_DATABASE_URL": f"sqlite:///{folder / 'store.sqlite3'}", **more}


@dataclass(frozen=True, slots=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command to its end, in this process: starting one takes longer than what most commands do."""

    def run_here(folder: Path, *arguments: str, **more: str) -> Done:
        with monkeypatch.context() as patched:
            for name in list(os.environ):
                if name.startswith("STODKATALOG_"):
                    patched.delenv(name)
            for name, value in {"STODKATALOG_DATABASE_URL": f"sqlite:///{folder / 'store.sqlite3'}", **more}.items():
                patched.setenv(name, value)
            code: object = 0
            try:
                main(arguments)
            except SystemExit as ended:
                code = ended.code or 0
                if isinstance(code, str):
                    print(code, file=sys.stderr)
                    code = 1
        said = capfd.readouterr()
        assert isinstance(code, int)
        return Done(code, said.out, said.err)

    return run_here


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """`stodkatalog serve`, once it answers; its address, and the process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port), *arguments],
        cwd=ROOT, env=environment(folder, **more), stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{address}/healthz")
                break
            time.sleep(0.05)
        yield address, process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)


def test_help_names_every_command_and_says_where_settings_are(tmp_path: Path, run: Run) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    for command in ("serve", "migrate", "seed", "rebuild", "change", "redact", "check", "openapi", "hours"):
        assert f"\n    {command} " in done.stdout
        assert run(tmp_path, command, "--help").returncode == 0
    assert "STODKATALOG_" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("serv",), "invalid choice: 'serv'"),
        (("serve", "--port", "http"), "'http' is no port; a port is a whole number from 1 to 65535"),
        (("serve", "--port", "70000"), "'70000' is no port"),
        (("serve", "--workers", "0"), "'0' is no number of processes; it may be 1 to 64"),
        (("hours", "24/7", "--at", "2026-06-19"), "is not a moment in RFC 3339 with its offset"),
    ],
)
def test_a_wrong_argument_is_named_with_what_it_may_be(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STODKATALOG_DATABASE_URL", "mysql://user:hemligt@host/name"),
        ("STODKATALOG_DATABASE_URL", "postgresql+psycopg://user:hemligt@[::1/name"),
        ("STODKATALOG_DATABASE_URL", "postgresql+psycopg://user:hemligt@host"),
        ("STODKATALOG_DATABASE_URL", "sqlite:///:memory:"),
        ("STODKATALOG_DATABASE_URL", "sqlite:////srv/what?/store.sqlite3"),
        ("STODKATALOG_DATABASE_URL", "sqlite:////srv/store.sqlite3?mode=ro"),  # which alone means nothing
        ("STODKATALOG_BASE_URL", "stodkatalogen.example"),
        ("STODKATALOG_CONTACT_EMAIL", "kontakt"),
        ("STODKATALOG_TRUSTED_PROXIES", "10.0.0.1, proxy.example"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_may_be_and_never_with_its_value(
    tmp_path: Path, run: Run, name: str, value: str
) -> None:
    done = run(tmp_path, "migrate", **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"stodkatalog: {name} has a value that it may not have. ")
    assert done.stderr.count("\n") == 1
    assert value not in done.stderr


def test_migrate_and_seed_say_what_they_did_and_can_be_repeated(tmp_path: Path, run: Run) -> None:
    seed = {"STODKATALOG_SEED_DIR": str(write_folder(tmp_path / "seed"))}
    assert run(tmp_path, "migrate").stdout == "The schema is now the newest.\n"
    assert run(tmp_path, "migrate").stdout == "The schema was the newest already.\n"
    assert "0 changed, 0 unchanged, 0 removed" in run(tmp_path, "seed", **seed).stdout
    assert run(tmp_path, "seed", **seed).stdout.startswith("0 added, 0 changed,")


def test_what_was_changed_in_the_store_can_be_written_back_into_the_files(tmp_path: Path, run: Run) -> None:
    folder = write_folder(tmp_path / "seed")
    seed = {"STODKATALOG_SEED_DIR": str(folder)}
    run(tmp_path, "seed", **seed)
    assert (
        run(tmp_path, "export-seed", str(folder)).stdout == "The files say what the store says; nothing was written.\n"
    )
    (tmp_path / "patch.json").write_text('{"summary": {"sv": "Lager."}}', "utf-8")
    patch = str(tmp_path / "patch.json")
    assert run(tmp_path, "change", "hotlines/linjen", "--patch", patch, "--reason", "Svaret är nytt.").returncode == 0
    edit(folder, "hotlines.toml", "En linje.", "Fil.")
    refused = run(tmp_path, "export-seed", str(folder))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "it would be lost: hotline linjen. Run `stodkatalog seed` first." in refused.stderr
    assert run(tmp_path, "seed", "--dry-run", "--conflicts-ok", **seed).returncode == 0
    assert run(tmp_path, "seed", **seed).returncode == 3
    assert run(tmp_path, "export-seed", str(folder)).stdout == "hotlines.toml: 0 added, 1 changed, 0 removed\n"
    assert 'sv = "Lager."' in (folder / "hotlines.toml").read_text("utf-8")


def test_files_that_lost_most_of_their_records_are_refused_in_one_line_unless_forced(tmp_path: Path, run: Run) -> None:
    folder = write_folder(tmp_path / "seed")
    seed = {"STODKATALOG_SEED_DIR": str(folder)}
    lines = (folder / "hotlines.toml").read_text("utf-8")
    more = "".join(lines.replace('"linjen"', f'"linje-{nth}"') for nth in range(4))
    (folder / "hotlines.toml").write_text(lines + more, "utf-8")
    run(tmp_path, "seed", **seed)
    (folder / "hotlines.toml").write_text(lines, "utf-8")
    done = run(tmp_path, "seed", **seed)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "hotlines.toml lacks 4 of the 5 records that it had; nothing was written" in done.stderr
    assert "4 removed" in run(tmp_path, "seed", "--force", **seed).stdout


def test_a_broken_seed_is_refused_with_every_fault_and_nothing_is_written(tmp_path: Path, run: Run) -> None:
    folder = write_folder(tmp_path / "seed")
    edit(folder, "hotlines.toml", "+4620390000", "020")
    for command in ("check", "seed"):
        done = run(tmp_path, command, STODKATALOG_SEED_DIR=str(folder))
        assert done.returncode == 1
        assert done.stderr.startswith("hotlines.toml: linjen: contact_points.telefon.value: '020' is neither")
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "store.sqlite3").exists()


def test_check_needs_no_store(tmp_path: Path, run: Run) -> None:
    done = run(tmp_path, "check")
    assert done.returncode == 0
    assert "no fault" in done.stdout
    assert not (tmp_path / "store.sqlite3").exists()


def test_hours_prints_state_next_change_and_lint(tmp_path: Path, run: Run) -> None:
    whole = "Mo-Fr 09:00-16:00; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
    done = run(tmp_path, "hours", whole, "--at", "2026-06-17T10:00+02:00")
    assert done.stdout.split("\n") == ["state        open", "next change  2026-06-17T16:00:00+02:00", ""]
    linted = run(tmp_path, "hours", "Mo-Fr 09:00-16:00; PH off", "--at", "2026-06-19T10:00+02:00")
    assert "lint         at 19: PH: write a rule for each eve" in linted.stdout
    broken = run(tmp_path, "hours", "Mo-Fr 9-16")
    assert (broken.returncode, "Traceback" in broken.stderr) == (1, False)


def test_serve_seeds_an_empty_store_says_where_all_is_and_changes_nothing_the_second_time(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process):
        line = httpx.get(f"{address}/v1/hotlines/nationella-stodtelefonen").json()
        assert line["contact_points"][0]["display"] == "020-39 00 00"
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    for words in (f"{address}/\n", f"{address}/docs\n", f"{address}/v1\n", "store.sqlite3", "Seeding: ", "/seed"):
        assert words in said, said
    with serving(tmp_path) as (address, process):
        assert httpx.get(f"{address}/v1/hotlines/nationella-stodtelefonen").json()["updated_at"] == line["updated_at"]
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert "Seeding" not in said


@pytest.mark.parametrize(
    ("host", "more", "warned", "links"),
    [
        ("127.0.0.1", {}, False, "https://127.0.0.1"),
        ("0.0.0.0", {}, True, "https://127.0.0.1"),  # what a container listens on
        ("127.0.0.1", {"STODKATALOG_TRUSTED_PROXIES": "192.0.2.1, 198.51.100.0/24"}, True, "http://127.0.0.1"),
        ("127.0.0.1", {"STODKATALOG_TRUSTED_PROXIES": "127.0.0.0/8, 192.0.2.1"}, True, "https://127.0.0.1"),
        ("0.0.0.0", {"STODKATALOG_BASE_URL": "https://katalog.example"}, False, "https://katalog.example"),  # as above
    ],
)
def test_serve_believes_the_proxies_it_was_told_and_warns_where_others_could_make_up_the_address_in_its_links(
    tmp_path: Path, host: str, more: dict[str, str], warned: bool, links: str
) -> None:
    seed = {"STODKATALOG_SEED_DIR": str(write_folder(tmp_path / "seed"))}
    with serving(tmp_path, "--host", host, **seed, **more) as (address, process):
        by_two_proxies = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 192.0.2.1"}
        claims = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https"}
        found = httpx.get(f"{address}/v1/hotlines", headers={**by_two_proxies, **claims}).json()
        assert found["_links"]["self"]["href"].startswith(links)
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    warnings = [line for line in said.splitlines() if line.startswith("  warning")]
    assert len(warnings) == warned
    assert all("STODKATALOG_BASE_URL is not set" in line for line in warnings)


def test_serve_says_in_one_line_which_files_changed_since_the_last_seeding(tmp_path: Path, run: Run) -> None:
    folder = write_folder(tmp_path / "seed")
    seed = {"STODKATALOG_SEED_DIR": str(folder)}
    run(tmp_path, "seed", **seed)
    edit(folder, "hotlines.toml", "En linje.", "Fil.")
    with serving(tmp_path, **seed) as (_, process):
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    line = "  warning       Changed since the last seeding: hotlines.toml. Run `stodkatalog seed`."
    assert [line for line in said.splitlines() if line.startswith("  warning")] == [line]


def test_serve_with_two_workers_answers_and_logs(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", STODKATALOG_SEED_DIR=str(write_folder(tmp_path / "seed"))) as (address, process):  # fmt: skip  # noqa: E501  # one line
        for _ in range(6):
            assert httpx.get(f"{address}/v1/hotlines/linjen?lang=en").status_code == 200
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert "GET /hotlines/{id} 200" in said
    assert "lang=en" not in said


def test_a_worker_that_is_killed_is_replaced_and_the_others_answer_meanwhile(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", STODKATALOG_SEED_DIR=str(write_folder(tmp_path / "seed"))) as (address, process):  # fmt: skip  # noqa: E501  # one line
        if sys.platform == "linux":
            wait_for_workers(httpx.URL(address).port or 0, 2)
        before = find_workers(process.pid)
        os.kill(before[0], signal.SIGKILL)
        deadline, answers = time.monotonic() + 60, list[int]()
        while len(after := find_workers(process.pid)) < 2 or before[0] in after:
            assert time.monotonic() < deadline
            answers.append(httpx.get(f"{address}/v1/hotlines/linjen", timeout=30).status_code)
        assert set(answers) <= {200}
        assert len(before) == len(after) == 2
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert f"a worker ended and is replaced: process {before[0]}, exit code -9\n" in said


def test_workers_are_replaced_and_end_when_the_process_that_they_were_forked_from_is_killed(tmp_path: Path) -> None:
    if sys.platform != "linux":
        assert not SPREADS, "nothing is forked"
        return
    folder = str(write_folder(tmp_path / "seed"))
    with serving(tmp_path, "--workers", "2", STODKATALOG_SEED_DIR=folder) as (address, process):
        wait_for_workers(httpx.URL(address).port or 0, 2)
        before = find_workers(process.pid)
        forker = Path(f"/proc/{before[0]}/stat").read_text("utf-8").rpartition(")")[2].split()[1]
        os.kill(int(forker), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while len(find_workers(process.pid)) < 2 or any(Path(f"/proc/{worker}").exists() for worker in before):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        wait_for_workers(httpx.URL(address).port or 0, 2)
        assert httpx.get(f"{address}/v1/hotlines/linjen", timeout=30).status_code == 200


def find_workers(supervisor: int) -> list[int]:
    """The processes that answer: forked from a child of the supervisor; where nothing is forked, its own children."""
    done = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()[1:]]
    children = {pid: words for pid, parent, words in rows if int(parent) == supervisor}
    forked = [int(pid) for pid, parent, _ in rows if parent in children]
    return sorted(forked or [int(pid) for pid, words in children.items() if "spawn_main" in words])


def test_nothing_about_who_asks_or_for_what_is_logged(tmp_path: Path) -> None:
    with serving(tmp_path, STODKATALOG_SEED_DIR=str(write_folder(tmp_path / "seed"))) as (address, process):
        headers = {"Referer": "https://hemlig.example/sida", "User-Agent": "webblasare-x", "Cookie": "kaka=1"}
        for path in ("/v1/search?q=hemligtord", "/v1/hotlines?q=%00hemligtord", "/hemligtord", "/v1/hotlines/hemligtord", "/v1/municipalities/hemligtord"):  # fmt: skip  # noqa: E501  # one list
            assert httpx.get(f"{address}{path}", headers=headers).status_code < 500
        os.killpg(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert "GET /search 200" in said
    log = said.split("data  ", 1)[1].split("\n", 1)[1]
    for word in ("hemlig", "127.0.0.1", "webblasare", "kaka"):
        assert word not in log, log


def test_a_port_that_is_taken_is_said_in_a_clear_line(tmp_path: Path, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "serve", "--port", str(port), STODKATALOG_SEED_DIR=str(write_folder(tmp_path / "seed")))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"stodkatalog: Cannot listen on 127.0.0.1, port {port}: address already in use.")


@pytest.mark.parametrize("command", ["serve", "migrate", "seed"])
def test_a_store_in_a_folder_that_is_missing_is_said_in_one_line(tmp_path: Path, run: Run, command: str) -> None:
    done = run(tmp_path / "missing", command)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("stodkatalog: The store sqlite:///")
    assert "(STODKATALOG_DATABASE_URL) cannot be opened: unable to open database file" in done.stderr
