"""Settings, each from an environment variable `STODKATALOG_<NAME>`."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
"""What `app/`, `migrations/` and `seed/` lie in: a checkout or, once installed, the folder of the package."""

HOME = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
"""Where a store is made by default; never in the folder of a package, which goes when another version is installed."""

PLACEHOLDER = "https://stodkatalogen.example"
"""Stands for an address that nobody has set; the top-level domain `example` is reserved and belongs to no one."""
PLACEHOLDER_EMAIL = "kontakt@stodkatalogen.example"

DEFAULT_PORTS = {"http": 80, "https": 443}


def _normalize_address(url: str) -> str:
    """The address as browsers write it in `Origin`: scheme and host in lower case, without the default port."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("names no host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path}"


BaseUrl = Annotated[
    str,
    StringConstraints(pattern=r"^(?i:https?)://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?$"),
    AfterValidator(_normalize_address),
]
OrgId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,}(-[A-Z0-9_]+)+-[A-Za-z0-9._/-]+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Emails = Annotated[str, StringConstraints(pattern=r"^[^@\s,<>]+@[^@\s,<>]+(, ?[^@\s,<>]+@[^@\s,<>]+)*$")]


def _address(file: Path) -> str:
    """The address of a store in a file; what has a meaning of its own in an address is escaped."""
    return f"sqlite:///{file}".replace("%", "%25").replace("?", "%3F")


def _store(url: str) -> str:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("is no address of a store") from None
    if parsed.database in (None, "", ":memory:"):  # a store in memory would be another one for each connection
        raise ValueError("names no store")
    # The rest of a path after a `?` would be passed over, and so would `mode=ro`: another file, or one that is written.
    if url.startswith("sqlite") and "?" in url and "uri" not in parsed.query:
        raise ValueError("has a `?` that is not escaped, or lacks uri=true")
    return url


DatabaseUrl = Annotated[
    str, StringConstraints(pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$"), AfterValidator(_store)
]


def _standby(url: str, others: ValidationInfo) -> str:
    if not str(others.data.get("database_url")).startswith("postgresql"):
        raise ValueError("is for a store on PostgreSQL")
    address = make_url(url)
    if "," in str(address.host) or not isinstance(address.query.get("host", ""), str):
        raise ValueError("names several hosts: what one holds tells nothing of another")
    return url


ReadDatabaseUrl = Annotated[
    str, StringConstraints(pattern=r"^postgresql\+psycopg://.+$"), AfterValidator(_store), AfterValidator(_standby)
]


def _private(port: int, others: ValidationInfo) -> int:
    if others.data.get("base_url") is not None:
        raise ValueError("is for services that the world does not see")
    return port


def _known(issuer: str, others: ValidationInfo) -> str:
    if others.data.get("oidc_client_id") is None:
        raise ValueError("needs STODKATALOG_OIDC_CLIENT_ID")
    return issuer


OneLine = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=500)]
Issuer = Annotated[
    str,
    StringConstraints(pattern=r"^(https://[^\s/?#@]+|http://127\.0\.0\.1:[0-9]{1,5})(/[^\s?#]*)?$"),
    AfterValidator(_known),
]
SmtpUrl = Annotated[
    str, StringConstraints(pattern=r"^smtps?://([^/@\s]+@)?([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?$")
]
TestPort = Annotated[int, Field(ge=1, le=65535), AfterValidator(_private)]


def _networks(text: str) -> str:
    for part in text.split(","):
        ip_network(part.strip())
    return text


Networks = Annotated[str, AfterValidator(_networks)]
MetricsAddress = Annotated[str, StringConstraints(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$")]

PublisherType = Literal[
    "Academia-ScientificOrganisation", "Company", "IndustryConsortium", "LocalAuthority", "NationalAuthority",
    "NonGovernmentalOrganisation", "NonProfitOrganisation", "PrivateIndividual(s)", "RegionalAuthority",
    "StandardisationBody", "SupraNationalAuthority",
]  # fmt: skip


class Settings(BaseSettings):
    """What an operator may set. The README's table is tested against these fields."""

    model_config = SettingsConfigDict(
        env_prefix="STODKATALOG_", env_file=None, env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: DatabaseUrl = Field(
        default=_address(HOME / "stodkatalog.sqlite3"),
        description="Where the store is: `sqlite:///file` or `postgresql+psycopg://user:password@host/name`. In the "
        "path of a file, `%` is written `%25`, and `?` is written `%3F`.",
    )
    read_database_url: ReadDatabaseUrl | None = Field(
        default=None,
        description="A hot standby of a PostgreSQL store, with one host: "
        "`postgresql+psycopg://user:password@host/name`. Public answers are made from it whenever it has caught up.",
    )
    seed_dir: Path = Field(default=ROOT / "seed", description="The folder of the seed files.")
    documents: Path | None = Field(
        default=None, description="A folder with the cited documents; `check` then looks each evidence fragment up."
    )
    base_url: BaseUrl | None = Field(
        default=None,
        description="The address that the world sees: `https://` or `http://`, the host, and perhaps a path, without "
        "a final slash. Left out: links follow the request's Host header.",
    )
    trusted_proxies: Networks | None = Field(
        default=None,
        description="The proxies whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed: addresses and networks, "
        "with commas between them, such as `192.0.2.7, 10.0.0.0/8`. Left out: those on this machine.",
    )
    fast_path: bool = Field(
        default=True,
        description="`on`, or `off` to serve on uvicorn's own protocol: slower, and without limits for slow clients.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How the log is written: `text`, or `json`, one object a line."
    )
    metrics: MetricsAddress | None = Field(
        default=None,
        description="Where `/metrics` is served for Prometheus, an address of its own: `127.0.0.1:9464`. Left out: "
        "nowhere, and nothing is counted.",
    )
    opentelemetry: bool = Field(
        default=False,
        description="`on` to send traces by OpenTelemetry (OTLP over HTTP) to where its own variables say, such as "
        "`OTEL_EXPORTER_OTLP_ENDPOINT`; needs the extra `stodkatalog[opentelemetry]`.",
    )
    publisher_name: str = Field(default="Stödkatalogen", description="Who publishes this instance.")
    publisher_type: PublisherType | None = Field(
        default=None,
        description=f"What sort of body the publisher is, for data portals: {', '.join(get_args(PublisherType))}.",
    )
    publisher_identifier: OrgId | None = Field(
        default=None,
        description="The publisher's identifier for HSDS, as https://org-id.guide forms it: the code of a list, a "
        "hyphen and the identifier in that list.",
    )
    contact_url: BaseUrl = Field(
        default=PLACEHOLDER,
        description="Where the publisher can be reached on the web: an address with `https://` or `http://`.",
    )
    contact_email: Email = Field(
        default=PLACEHOLDER_EMAIL,
        description="Where errors in the data are reported: an e-mail address, `name@host`.",
    )
    smtp_url: SmtpUrl | None = Field(
        default=None,
        description="The mail server of `remind`: `smtp://host:25`, which uses TLS where the server offers it, or "
        "`smtps://host:465`, each perhaps with `user:password@` before the host: these are sent with TLS only.",
    )
    editors: Emails | None = Field(
        default=None, description="Who gets the daily mail of what waits: e-mail addresses, with commas between them."
    )
    oidc_client_id: OneLine | None = Field(
        default=None, description="Who the console is to the provider of STODKATALOG_OIDC_ISSUER."
    )
    oidc_client_secret: OneLine | None = Field(
        default=None, description="What proves that to the provider; left out: a public client, with PKCE alone."
    )
    oidc_roles_claim: OneLine = Field(
        default="roles",
        description="The claim of the ID token, text or a list, that holds `admin`, `editor:all`, or `editor:` and a "
        "scope.",
    )
    oidc_issuer: Issuer | None = Field(
        default=None,
        description="The provider of OpenID Connect whose accounts sign in to the console: `https://…`, just as its "
        "metadata say; needs STODKATALOG_OIDC_CLIENT_ID. Left out: one-time links only.",
    )
    dear_per_minute: int = Field(
        default=300,
        ge=0,
        description="How many dear answers (searches, hours over time, HSDS, files) and writings a network, an IPv4 "
        "/24 or IPv6 /48, may ask of a process in a minute: a number from 0, which is no limit. Kept answers do not "
        "count, nor do private addresses, such as those of a proxy that does not say for whom it asks.",
    )
    verify_test_port: TestPort | None = Field(
        default=None,
        description="For tests only: a port of 127.0.0.1, from 1 to 65535, that `verify` may fetch from and `deliver` "
        "may send to. Not allowed beside STODKATALOG_BASE_URL: a service that the world sees asks public ones only.",
    )

    @property
    def own_email(self) -> str | None:
        """The operator's address for errors; None where none is set."""
        return None if self.contact_email == Settings.model_fields["contact_email"].default else self.contact_email

    @property
    def own_url(self) -> str | None:
        """The publisher's address on the web; None where none is set."""
        return None if self.contact_url == PLACEHOLDER else self.contact_url


PUBLISHING = ("base_url", "publisher_name", "publisher_type", "contact_url", "contact_email")
"""What data portals and those who report faults are told; only the operator knows it."""


def unsaid(settings: Settings) -> list[str]:
    """The variables of `PUBLISHING` that have no value of the operator's own."""
    return [
        f"STODKATALOG_{name.upper()}"
        for name in PUBLISHING
        if getattr(settings, name) == Settings.model_fields[name].default
    ]


class WrongSetting(Exception):
    """A setting has a value it may not have; the message names both."""


def load() -> Settings:
    """The settings of this process. Raises WrongSetting with one line a setting."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSetting("\n".join(_explain(str(fault["loc"][0])) for fault in error.errors())) from None


def _explain(name: str) -> str:
    # The value stays out: a database address may hold a password.
    description = Settings.model_fields[name].description
    return f"STODKATALOG_{name.upper()} has a value that it may not have. {description}"
