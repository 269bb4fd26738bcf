"""A real WordPress, with a MariaDB of its own, served by PHP on an origin of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import needs
from tests.ports import free_port

PASSWORD = "a-password-of-the-tests"

CONFIGURATION = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{database}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HOME', '{address}' );
define( 'WP_SITEURL', '{address}' );
define( 'DISABLE_WP_CRON', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'WP_DEFAULT_THEME', 'kommunen' );
$table_prefix = 'wp_';
define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
"""

INSTALLATION = f"""
mysqli_query( mysqli_connect( 'localhost', 'root', '', '', 0, '{{database}}' ), 'CREATE DATABASE wordpress' );
define( 'WP_INSTALLING', true );
function wp_new_blog_notification() {{}}
require 'wp-load.php';
require 'wp-admin/includes/upgrade.php';
wp_install( 'Kommunen', 'admin', 'admin@kommunen.example', true, '', '{PASSWORD}' );
wp_insert_user( array( 'user_login' => 'author', 'user_pass' => '{PASSWORD}', 'role' => 'author' ) );
"""

# WordPress asks no server of its own machine, and none on such a port. In the tests the directory is one.
REACHABLE = """<?php
add_filter( 'http_request_host_is_external', '__return_true' );
add_filter( 'http_allowed_safe_ports', function () { return range( 1, 65535 ); } );
"""

THEME = {
    "style.css": "/* Theme Name: Kommunen */",
    "index.php": "<!doctype html><html <?php language_attributes(); ?>><head><?php wp_head(); ?></head><body>"
    "<?php while ( have_posts() ) { the_post(); the_content(); } wp_footer(); ?></body></html>",
}


@dataclass(frozen=True, slots=True)
class WordPress:
    """Its address, and its folder on the server."""

    address: str
    folder: Path

    def add_plugin(self, name: str, php: str) -> None:
        """Save a plugin that is always on."""
        _write(self.folder / "wp-content" / "mu-plugins" / name, php)


@contextmanager
def run_wordpress(folder: Path) -> Iterator[WordPress]:
    """Run until the block ends. It goes by `localhost`, and has the users `admin` and `author`."""
    port = free_port()
    site = WordPress(f"http://localhost:{port}", folder / "site")
    database = folder / "database.sock"
    source = _find(needs.wordpress())
    shutil.copytree(source, site.folder, ignore=shutil.ignore_patterns(".htaccess", "wp-config.php", "themes"))
    for name, text in THEME.items():
        _write(site.folder / "wp-content" / "themes" / "kommunen" / name, text)
    _write(site.folder / "wp-config.php", CONFIGURATION.format(database=database, address=site.address))
    site.add_plugin("reachable.php", REACHABLE)
    php = _find(needs.php())
    with _run(_database(folder, database), folder / "mariadb.log", database.exists):
        installation = INSTALLATION.replace("{database}", str(database))
        done = subprocess.run([php, "-r", installation], cwd=site.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        serving: list[str | Path] = [php, "-d", "opcache.enable_cli=1", "-S", f"127.0.0.1:{port}", "-t", site.folder]
        with _run(serving, folder / "php.log", lambda: _listens(port)):
            yield site


def _find(found: Path | None) -> Path:
    assert found is not None, "python -m tests.needs"
    return found


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _database(folder: Path, database: Path) -> list[str | Path]:
    """The command of a server that lets everybody on this socket do anything, and that can do without system tables."""
    data = folder / "database"
    data.mkdir()
    return [
        _find(needs.mariadb()), "--no-defaults", f"--user={'root' if os.geteuid() == 0 else ''}", f"--datadir={data}",
        f"--socket={database}", f"--pid-file={folder / 'database.pid'}", "--skip-networking", "--skip-grant-tables",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M",
    ]  # fmt: skip


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _run(command: Sequence[str | Path], log: Path, is_ready: Callable[[], bool]) -> Iterator[None]:
    """Run a server until the block ends, which begins when the server is ready."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | {"PHP_CLI_SERVER_WORKERS": "4"},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            if is_ready():
                break
            time.sleep(0.05)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
