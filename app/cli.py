"""The command `stodkatalog`."""

import argparse
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError

from app.database import engine_for, is_one_server, is_pooled
from app.http.logging import log_to_stderr
from app.http.safe_logs import make_logs_safe
from app.migrating import StoreError, is_empty, is_newest, is_ready, lacks_index, migrate, refuse_older
from app.mirror.folder import MirrorError
from app.opening_hours.live import parse_moment, this_minute
from app.opening_hours.rules import OpeningHoursError, check, evaluate
from app.operating.cores import count_cores
from app.records.faults import Conflict, InvalidRecords
from app.seeding.noticing import find_unseeded
from app.server.choosing import choose_protocol
from app.server.open_files import raise_file_limit
from app.settings import ROOT, BaseUrl, Settings, WrongSetting, load, unsaid
from app.version import VERSION, read_commit

if TYPE_CHECKING:
    from app.seeding.files import Seed

SERVER = "app.server.application:application"
CONFLICTS = 3
"""Exit status of a command that left something for a person to decide."""
GRACE = 5
"""Seconds that answers under way have when the service is told to end; who does not read would hold it up for ever."""

START = 60
"""Seconds that a worker has to start: on a busy machine, uvicorn's five end each one before it serves."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; ends with 0, or with 1 and a line on stderr that says what to do."""
    asked = _parser().parse_args(arguments)
    log_to_stderr()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        run: Callable[[argparse.Namespace], None] = asked.run
        run(asked)
    except (WrongSetting, StoreError, MirrorError, Conflict, InvalidRecords) as error:
        sys.exit(f"stodkatalog: {error}")
    except DBAPIError as error:
        sys.exit(f"stodkatalog: The store cannot be used: {' '.join(str(error.orig).split())}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stodkatalog",
        description="Sweden's resource directory against prostitution, human trafficking and sexual exploitation.",
        epilog="Settings are environment variables, STODKATALOG_…; the README lists them.",
    )
    built_from = f" ({commit})" if (commit := read_commit()) else ""
    parser.add_argument("--version", action="version", version=f"{VERSION}{built_from}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    _add_serve(commands)
    _command(commands, "prepare", _prepare, "migrate and seed an empty store, as serve does before it serves")
    _command(commands, "migrate", _migrate, "bring the store's schema to the newest")
    seed = _command(commands, "seed", _seed, "merge what the seed files say into the store; safe to repeat")
    seed.add_argument("--dry-run", action="store_true", help="only say what would be done")
    seed.add_argument("--force", action="store_true", help="also where files lack most of the records that they had")
    seed.add_argument("--conflicts-ok", action="store_true", help="end with 0 instead of 3 after conflicts")
    export_seed = _command(commands, "export-seed", _export_seed, "write the store's records back into the seed files")
    export_seed.add_argument("folder", metavar="DIR", type=Path, help="a seed folder, such as a checkout's seed/")
    _command(commands, "rebuild", _rebuild, "make all other tables anew from the revisions")
    _add_changes(commands)
    _add_confirm(commands)
    _add_keys(commands)
    _add_login_link(commands)
    _add_verify(commands)
    _add_backup(commands)
    _add_assistants(commands)
    _add_status(commands)
    _command(commands, "check", _check, "look through the seed files, without a store")
    _command(commands, "openapi", _openapi, "print the OpenAPI document")
    export = _command(commands, "export", _export, "write the whole service as plain files, for any web server")
    export.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or one that an export wrote")
    export.add_argument("--base-url", type=_address, help="where the files will be found (default: the setting)")
    hours = _command(commands, "hours", _hours, "say what an opening_hours expression means at a moment")
    hours.add_argument("expression", help="OSM opening_hours, such as 'Mo-Fr 09:00-16:00; PH off; Dec 24 off'")
    hours.add_argument("--at", type=_moment, help="moment, RFC 3339 with offset (default: now)")
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = _command(commands, "serve", _serve, "migrate, seed an empty store, and serve over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    serve.add_argument(
        "--workers",
        type=_workers,
        default=1,
        help="number of processes, or `auto`: one a core it may use (default: %(default)s)",
    )
    serve.add_argument("--no-migrate", action="store_true", help="refuse a store that is not ready, and change nothing")
    serve.add_argument("--no-access-log", action="store_true", help="no line for each request")


def _add_changes(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    change = _command(commands, "change", _change, "change one record in the store")
    change.add_argument("record", metavar="COLLECTION/ID", help="such as hotlines/kvinnofridslinjen")
    change.add_argument("--patch", required=True, metavar="FILE", help="a JSON merge patch (RFC 7396), - for stdin")
    change.add_argument("--reason", required=True, help="why, for the history, which is public")
    change.add_argument(
        "--by", default="editor", help="a role or an organization, never a person (default: %(default)s)"
    )
    redact = _command(commands, "redact", _redact, "blank the document of an old revision, for good")
    redact.add_argument("revision", metavar="REVISION", type=int, help="its number; not the newest of its record")
    redact.add_argument("--reason", required=True, help="why, for the history, which is public")
    redact.add_argument("--by", required=True, help="a role or an organization, never a person")


def _add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = _command(commands, "keys", _keys, "make, list and revoke the keys of those who may change something")
    kinds = keys.add_subparsers(dest="what", required=True, metavar="add|list|revoke")
    add = kinds.add_parser("add", help="make a key; it is shown once")
    add.add_argument("name", metavar="NAME", help="the role or organization whose key it is, for the public history")
    add.add_argument("--role", required=True, choices=["contributor", "operator", "editor", "admin"])
    add.add_argument(
        "--scope", help="records=COLLECTION/ID,…, municipality=CODE or organization=ID (default: the whole directory)"
    )
    add.add_argument("--days", type=int, default=366, help="days that it lasts (default and most: %(default)s)")
    add.add_argument("--test", action="store_true", help="a key that has everything checked and stores nothing")
    kinds.add_parser("list", help="list the keys, and which are to be replaced soon")
    kinds.add_parser("revoke", help="end a key at once").add_argument("id", metavar="ID", help="as `list` shows it")


def _add_login_link(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    login = _command(commands, "login-link", _login_link, "print a link that signs in to the console, once")
    login.add_argument("key", metavar="KEY", nargs="?", help="name or id of the key that the session acts for")
    login.add_argument("--name", help="instead of KEY: a role or organization; its key is made if there is none")
    login.add_argument("--role", choices=["editor", "admin"], help="with --name: the role")


def _add_backup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = _command(commands, "backup", _backup, "copy the store into a new file, also while it serves")
    backup.add_argument("file", metavar="FILE", type=Path, help="a new file; on PostgreSQL a dump of pg_dump")
    restore = _command(commands, "restore", _restore, "replace the store by a backup, and keep what stood before")
    restore.add_argument("file", metavar="FILE", type=Path, help="what `backup` wrote")


def _add_status(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    status = _command(commands, "status", _status, "show the state of the store; exits with 1 if it cannot be served")
    status.add_argument("--backups", metavar="DIR", type=Path, help="also name the newest file in this folder")
    status.add_argument("--json", action="store_true", help="as JSON")


def _add_verify(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = _command(commands, "verify", _verify, "fetch the cited pages and look whether they still say so")
    verify.add_argument("--source", metavar="ID", help="only this source")
    verify.add_argument("--dry-run", action="store_true", help="fetch and report, but write nothing")
    verify.add_argument("--json", action="store_true", help="report as JSON")
    tasks = _command(commands, "tasks", _tasks, "list what a person must look at")
    tasks.add_argument("--json", action="store_true", help="list as JSON")
    _command(commands, "deliver", _deliver, "tell those who have a webhook of what is new; for a timer, every minute")
    _command(commands, "remind", _remind, "mail editors what is waiting, and remind those who run a record")


def _add_assistants(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    assistants = _command(commands, "mcp", _mcp, "serve assistants by the Model Context Protocol, on stdin and stdout")
    assistants.add_argument("--port", type=_port, help="over HTTP instead, at /mcp of this port")
    assistants.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")


def _add_confirm(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    confirm = _command(commands, "confirm", _confirm, "write down that a person checked a record")
    confirm.add_argument("record", metavar="COLLECTION/ID", help="such as hotlines/kvinnofridslinjen")
    confirm.add_argument(
        "--scope", required=True, choices=["contact", "hours", "content"], help="how to reach it, when, or all the rest"
    )
    confirm.add_argument(
        "--method",
        required=True,
        choices=["operator", "phone", "read"],
        help="the operator said so, by telephone, or by reading a source",
    )
    confirm.add_argument("--source", metavar="ID", help="the source that was read")
    confirm.add_argument("--on", type=_day, metavar="DATE", help="the day of the check, as 2026-11-28 (default: today)")
    confirm.add_argument(
        "--by", default="editor", help="a role or an organization, never a person (default: %(default)s)"
    )


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    what: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    command.set_defaults(run=run)
    return command


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is a whole number from 1 to 65535")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, such as 2026-11-28") from None


def _workers(text: str) -> int:
    if text == "auto":
        return min(64, count_cores())
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; it may be 1 to 64, or auto")
    return int(text)


def _address(text: str) -> str:
    try:
        return TypeAdapter[str](BaseUrl).validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError(f"{text!r} is no web address without a final slash") from None


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from None


def _refuse_taken(host: str, port: int) -> None:
    # Asked before anything is said to be served there.
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        sys.exit(f"stodkatalog: Cannot listen on {host}, port {port}: {reason}. Choose another with --host or --port.")


def _serve(asked: argparse.Namespace) -> None:
    settings = load()
    _refuse_taken(asked.host, asked.port)
    engine = engine_for(settings.database_url)
    _wait_for(engine)
    if not is_ready(engine):
        if asked.no_migrate:
            sys.exit(
                "stodkatalog: The store has no records, or another schema than this version: `stodkatalog prepare`"
            )
        _prepare_in_child()
        refuse_older(engine)
    _announce(asked, settings, engine)
    engine.dispose()
    raise_file_limit()
    with _metrics_of(settings):
        _run(asked, settings)


def _metrics_of(settings: Settings) -> AbstractContextManager[None]:
    """What serves `/metrics`, where the settings ask for it."""
    if settings.metrics is None:
        return nullcontext()
    from app.operating.metrics import serving_metrics  # noqa: PLC0415  # a library that few need

    return serving_metrics(settings.metrics, engine_for(settings.database_url, for_callers=True))


def _run(asked: argparse.Namespace, settings: Settings) -> None:
    uvicorn.run(
        SERVER,
        host=asked.host,
        port=asked.port,
        http=choose_protocol(fast_path=settings.fast_path),
        ws="none",
        workers=asked.workers,
        timeout_worker_healthcheck=START,
        timeout_graceful_shutdown=GRACE,
        access_log=False,  # it would hold addresses and query texts; ours holds neither
        log_config=_log_config(ours=not asked.no_access_log, as_json=settings.log_format == "json"),
        log_level="warning",
        server_header=False,
        date_header=True,
    )


def _announce(asked: argparse.Namespace, settings: Settings, engine: Engine) -> None:
    lines = _describe_start(asked, settings, engine)
    if settings.log_format == "text":
        print("\n".join(lines), file=sys.stderr)
    else:
        make_logs_safe(as_json=True)
        for line in lines:
            logging.getLogger("stodkatalog").info(" ".join(line.split()))


def _describe_start(asked: argparse.Namespace, settings: Settings, engine: Engine) -> list[str]:
    shown = "127.0.0.1" if asked.host in ("0.0.0.0", "::") else asked.host  # noqa: S104  # only compared
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{asked.port}"
    lines = [
        f"Stödkatalogen   {address}/",
        f"  documentation {address}/docs",
        f"  API           {address}/v1",
        f"  data          {settings.seed_dir} → {engine.url.render_as_string()}",
    ]
    if settings.read_database_url is not None:
        standby = make_url(settings.read_database_url).render_as_string()  # without the password
        lines.append(f"  reads         {standby} where it has caught up")
    if is_pooled(engine):
        lines.append("  pooler        between us and PostgreSQL: statements are not prepared.")
    if not is_one_server(engine):
        lines.append(
            "  warning       The hosts of the store may be different servers: no answer is kept. With"
            " target_session_attrs=primary all connections reach the same one."
        )
    if news := find_unseeded(engine, settings.seed_dir):
        lines.append(f"  warning       Changed since the last seeding: {', '.join(news)}. Run `stodkatalog seed`.")
    if settings.base_url is None and _others_reach(asked.host):
        lines.append("  warning       STODKATALOG_BASE_URL is not set: links follow the Host header of each caller.")
    if names := unsaid(settings):
        lines += [
            f"  not set       {', '.join(names)}",
            "                The data catalogue (/datasets/dcat) and security.txt lack them, or name placeholders.",
        ]
    return lines


def _others_reach(host: str) -> bool:
    """Whether callers come from other machines: directly, or through a proxy that uvicorn is told to trust."""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return not here or "FORWARDED_ALLOW_IPS" in os.environ


def _log_config(*, ours: bool, as_json: bool) -> dict[str, Any]:
    """What uvicorn sets up in each process; `ours` is one line a request."""
    loggers: dict[str, Any] = uvicorn.config.LOGGING_CONFIG["loggers"]
    formatter = {"()": "app.http.safe_logs.JsonFormatter" if as_json else "app.http.safe_logs.SafeFormatter"}
    return {
        **uvicorn.config.LOGGING_CONFIG,
        "formatters": {"default": formatter, "access": formatter},
        "loggers": {**loggers, "stodkatalog.access": {"level": "INFO" if ours else "WARNING"}},
    }


def _prepare_in_child() -> None:
    """Run `prepare` as a process of its own, whose memory a worker need not keep. Ends with its code if it fails."""
    # This package and no other of its name, in the folder that relative settings start from.
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-P", "-m", "app", "prepare"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False)  # noqa: S603  # ourselves
    if done.returncode:
        sys.exit(done.returncode)


def _prepare(_asked: argparse.Namespace) -> None:
    settings = load()
    engine = engine_for(settings.database_url)
    _wait_for(engine)
    _make_ready(settings, engine)


def _wait_for(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        from app.operating.waiting import wait_for_store  # noqa: PLC0415  # nine megabytes that SQLite can do without

        wait_for_store(engine)


def _make_ready(settings: Settings, engine: Engine) -> None:
    """Migrate, and seed an empty store. Of several processes that do so at once, the first does and the others wait."""
    from app.seeding.writing import write_first  # noqa: PLC0415  # a seeded store is served without

    if is_ready(engine):
        return
    _to_newest(engine, settings)
    with engine.connect() as connection:
        empty = is_empty(connection)
    if empty and (report := write_first(engine, _checked(settings.seed_dir), datetime.now(UTC))):
        print("Seeding:", report, file=sys.stderr)


def _checked(folder: Path, documents: Path | None = None) -> "Seed":
    from app.seeding.checking import BrokenSeed, checked  # noqa: PLC0415  # a seeded store is served without

    try:
        return checked(folder, documents)
    except BrokenSeed as error:
        sys.exit(f"{error}\nstodkatalog: {len(error.faults)} faults in the seed files; nothing was written")


def _to_newest(engine: Engine, settings: Settings) -> bool:
    from app.records.rebuilding import rebuild  # noqa: PLC0415  # as above
    from app.seeding.writing import refill  # noqa: PLC0415
    from app.verifying.broken import raise_broken_records  # noqa: PLC0415

    now = datetime.now(UTC)
    done = migrate(engine, then=lambda connection: refill(connection, lambda: _checked(settings.seed_dir), now))
    with engine.connect() as connection:
        is_outdated = lacks_index(connection)
    if is_outdated:
        rebuild(engine, now)
    if done and (count := raise_broken_records(engine, now)):
        print(f"Broken records: {count}; each is a task (`stodkatalog tasks`)", file=sys.stderr)
    return done


def _migrate(_asked: argparse.Namespace) -> None:
    settings = load()
    engine = engine_for(settings.database_url)
    _wait_for(engine)
    done = _to_newest(engine, settings)
    print("The schema is now the newest." if done else "The schema was the newest already.")


def _backup(asked: argparse.Namespace) -> None:
    from app.operating.backup import back_up  # noqa: PLC0415  # as above

    print(back_up(engine_for(load().database_url), asked.file))


def _restore(asked: argparse.Namespace) -> None:
    import app.main  # noqa: F401, PLC0415  # knows every table, which are the ones to be replaced
    from app.operating.backup import restore  # noqa: PLC0415  # as above

    engine = engine_for(load().database_url)
    print(restore(engine, asked.file, datetime.now(UTC)))
    if not is_newest(engine):
        print("Its schema is an older one: run `stodkatalog migrate`; `stodkatalog serve` does so at its start.")


def _status(asked: argparse.Namespace) -> None:
    from app.operating.commands import describe_service, print_service  # noqa: PLC0415  # as above

    if asked.backups is not None and not asked.backups.is_dir():
        sys.exit(f"stodkatalog: {asked.backups} is not a folder")
    settings = load()
    engine = engine_for(settings.database_url)
    described = describe_service(engine, settings, asked.backups)
    engine.dispose()
    print_service(described, as_json=asked.json)
    if not described["ready"]:
        sys.exit(1)


def _seed(asked: argparse.Namespace) -> None:
    from app.seeding.merging import LostRecords  # noqa: PLC0415  # as above
    from app.seeding.writing import write  # noqa: PLC0415

    settings = load()
    engine = engine_for(settings.database_url)
    seed = _checked(settings.seed_dir, settings.documents)
    _to_newest(engine, settings)
    try:
        report = write(engine, seed, datetime.now(UTC), dry_run=asked.dry_run, force=asked.force)
    except LostRecords as error:
        sys.exit(f"stodkatalog: {error}; nothing was written. If they are to be removed, seed with --force.")
    print(f"Would be: {report}" if asked.dry_run else report)
    if report.conflicts and not asked.conflicts_ok:
        sys.exit(CONFLICTS)


def _export_seed(asked: argparse.Namespace) -> None:
    from app.seeding.checking import BrokenSeed  # noqa: PLC0415  # as above
    from app.seeding.exporting import ExportRefused, export_seed  # noqa: PLC0415

    try:
        written = export_seed(engine_for(load().database_url), asked.folder)
    except ExportRefused as error:
        sys.exit(f"stodkatalog: {error}")
    except BrokenSeed as error:
        sys.exit(f"{error}\nstodkatalog: {len(error.faults)} faults in the seed files; nothing was written")
    except OSError as error:
        sys.exit(f"stodkatalog: {error.filename or asked.folder} cannot be written: {error.strerror}")
    print("\n".join(map(str, written)) if written else "The files say what the store says; nothing was written.")


def _rebuild(_asked: argparse.Namespace) -> None:
    from app.records.rebuilding import rebuild  # noqa: PLC0415  # as above

    mended = rebuild(engine_for(load().database_url), datetime.now(UTC))
    print(f"Mended: {', '.join(mended)}" if mended else "Every table says what the revisions say.")


def _change(asked: argparse.Namespace) -> None:
    from app.records.commands import change_record, read_patch  # noqa: PLC0415  # as above

    engine = engine_for(load().database_url)
    patch = read_patch(sys.stdin.read() if asked.patch == "-" else Path(asked.patch).read_text("utf-8"))
    print(change_record(engine, asked.record, patch, asked.by, asked.reason, datetime.now(UTC)))


def _confirm(asked: argparse.Namespace) -> None:
    from app.records.commands import confirm_record  # noqa: PLC0415  # as above
    from app.records.confirming import Confirmation  # noqa: PLC0415
    from app.resources.reviewing import day_of  # noqa: PLC0415
    from app.verifying.models import Method, Scope  # noqa: PLC0415

    engine, now = engine_for(load().database_url), datetime.now(UTC)
    refuse_older(engine)
    confirmation = Confirmation(
        Scope(asked.scope), Method(asked.method), asked.by, asked.on or day_of(now), asked.source
    )
    print(confirm_record(engine, asked.record, confirmation, now))


def _redact(asked: argparse.Namespace) -> None:
    from app.records.redacting import CannotRedact, redact  # noqa: PLC0415  # as above

    try:
        print(redact(engine_for(load().database_url), asked.revision, asked.by, asked.reason, datetime.now(UTC)))
    except CannotRedact as error:
        sys.exit(f"stodkatalog: {error}")


def _keys(asked: argparse.Namespace) -> None:
    from app.access.commands import run_keys  # noqa: PLC0415  # as above
    from app.access.keys import KeyRefused  # noqa: PLC0415

    engine = engine_for(load().database_url)
    refuse_older(engine)
    try:
        run_keys(engine, asked, datetime.now(UTC))
    except KeyRefused as error:
        sys.exit(f"stodkatalog: {error}")


def _login_link(asked: argparse.Namespace) -> None:
    from app.access.keys import KeyRefused  # noqa: PLC0415  # as above
    from app.console.commands import print_login_link  # noqa: PLC0415

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    try:
        print_login_link(engine, asked, settings.base_url, datetime.now(UTC))
    except KeyRefused as error:
        sys.exit(f"stodkatalog: {error}")


def _verify(asked: argparse.Namespace) -> None:
    from app.verifying.commands import verify  # noqa: PLC0415  # it needs an HTTP client and parsers
    from app.verifying.running import UnknownSource  # noqa: PLC0415

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    try:
        needs_person = verify(engine, settings, asked, datetime.now(UTC))
    except UnknownSource as error:
        sys.exit(f"stodkatalog: {error}")
    if needs_person:
        sys.exit(CONFLICTS)


def _tasks(asked: argparse.Namespace) -> None:
    from app.verifying.commands import print_tasks  # noqa: PLC0415  # as above

    engine = engine_for(load().database_url)
    refuse_older(engine)
    print_tasks(engine, as_json=asked.json)


def _deliver(_asked: argparse.Namespace) -> None:
    from app.verifying.commands import name_agent  # noqa: PLC0415  # as above
    from app.webhooks.delivering import deliver  # noqa: PLC0415
    from app.webhooks.sending import Sender  # noqa: PLC0415

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    done = deliver(engine, Sender(name_agent(settings), settings.verify_test_port), datetime.now(UTC))
    failed = [f"{one.webhook.id} of {one.webhook.owner}: {one.failure}" for one in done if one.failure is not None]
    sent = sum(one.message is not None and one.failure is None for one in done)
    print("\n".join([f"Sent: {sent}", *(f"Not sent: {failure}" for failure in failed)]))


def _remind(_asked: argparse.Namespace) -> None:
    from app.mailing.running import send_due_mails  # noqa: PLC0415  # as above

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    outcome = send_due_mails(engine, settings, datetime.now(UTC))
    print(outcome)
    if outcome.failures:
        sys.exit(1)


def _mcp(asked: argparse.Namespace) -> None:
    from app.assistants.commands import AT_ONCE, make_tools_application, serve_tools  # noqa: PLC0415  # as above
    from app.main import create_app  # noqa: PLC0415  # it needs every route, the other commands do not

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    engine.dispose()
    application = create_app(settings)
    if asked.port is None:
        serve_tools(application, settings)
    else:
        tools = make_tools_application(application, settings)
        options: dict[str, Any] = {"access_log": False, "log_level": "warning", "limit_concurrency": AT_ONCE}
        uvicorn.run(tools, host=asked.host, port=asked.port, **options)


def _check(_asked: argparse.Namespace) -> None:
    settings = load()
    seed = _checked(settings.seed_dir, settings.documents)
    areas = sum(map(len, seed.areas.values()))
    looked_up = "evidence looked up" if settings.documents else "evidence not looked up: no documents"
    print(
        f"{len(seed.resources)} resources, {len(seed.organizations)} organizations, {areas} areas: "
        f"no fault; {looked_up}"
    )


def _openapi(_asked: argparse.Namespace) -> None:
    from app.http.openapi import document  # noqa: PLC0415  # with every route, which the other commands do not need
    from app.main import create_api  # noqa: PLC0415  # it needs every route, the other commands do not

    settings = load()
    described = document(create_api(settings, engine_for(settings.database_url)))
    print(json.dumps(described, ensure_ascii=False, indent=2))


def _export(asked: argparse.Namespace) -> None:
    from app.mirror.exporting import export  # noqa: PLC0415  # it needs every route, the other commands do not

    settings = load()
    settings = settings.model_copy(update={"base_url": asked.base_url or settings.base_url})
    if settings.base_url is None:
        sys.exit("stodkatalog: Links need an address: give --base-url, or set STODKATALOG_BASE_URL")
    engine = engine_for(settings.database_url)
    _make_ready(settings, engine)
    logging.getLogger("stodkatalog.access").setLevel(logging.WARNING)  # thousands of requests of our own
    print(export(settings, engine, asked.folder))


def _hours(asked: argparse.Namespace) -> None:
    at = asked.at or this_minute()
    for problem in check(asked.expression):
        print(f"lint         at {problem.position}: {problem.reason}")
    try:
        status = evaluate(asked.expression, at)
    except OpeningHoursError as error:
        sys.exit(f"stodkatalog: {error}")
    print(f"state        {status.state}" + (f" ({status.comment})" if status.comment else ""))
    print(f"next change  {status.next_change.isoformat() if status.next_change else 'never'}")
