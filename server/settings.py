"""The environment, typed and read once. A wrong value is refused by its variable's name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from server.engines.registry import EngineSettings
from server.environment import (
    Address,
    Addresses,
    Folder,
    Host,
    Hosts,
    Issuer,
    MailSender,
    Number,
    Ports,
    PostgresUrl,
    PublicUrl,
    RedisUrl,
    ScannerUrl,
    ServerUrl,
    SmtpUrl,
    SoundKey,
    is_loopback,
    may_be,
)

MIB = 1024 * 1024
PREFIX: Final = "VIVA_"


class SettingsError(Exception):
    """A variable has a value it may not have; the message names it and what it may be."""


class Settings(EngineSettings, BaseSettings):
    """What the environment says; what only one engine needs is defined with its row.

    Nothing is read but what ``from_env`` is given. Secrets are SecretStr and in no repr.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        enable_decoding=False,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )

    host: Address = Field(default="127.0.0.1", description="address that the server listens on")
    port: Annotated[int, Field(ge=1, le=65_535), Number] = Field(
        default=8000, description="port that the server listens on"
    )
    public_url: PublicUrl | None = Field(
        default=None,
        description="where browsers find viva behind a reverse proxy; other hosts are refused",
    )
    trusted_proxies: Addresses = Field(
        default=(),
        description="reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed",
        json_schema_extra={"default": "none"},
    )
    webhook_networks: Addresses = Field(
        default=(),
        description="private networks in which webhooks may be called, also without TLS",
        json_schema_extra={"default": "none"},
    )
    tls_cert: Folder | None = Field(
        default=None,
        description="file of the certificate with which viva itself speaks TLS, PEM, its chain too",
        json_schema_extra={"default": "none"},
    )
    tls_key: Folder | None = Field(
        default=None, description="file of its key", json_schema_extra={"default": "none"}
    )
    data: Folder = Field(
        default=Path(".viva"),
        description="folder of the embedded databases and of what `viva up` keeps",
    )
    database_url: PostgresUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL; without it `viva up` brings PostgreSQL 18",
    )
    redis_url: RedisUrl | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="Redis or Valkey; without it `viva up` brings Valkey 9",
    )
    smtp_url: SmtpUrl | None = Field(
        default=None,
        description="mail server, with user and password; without it links are shown",
        json_schema_extra={"default": "none"},
    )
    mail_from: MailSender | None = Field(
        default=None,
        description="whom mail is from",
        json_schema_extra={"default": "viva at the host of `VIVA_PUBLIC_URL`"},
    )
    oidc_issuer: Issuer | None = Field(
        default=None,
        description="OpenID provider by whom members may sign in",
        json_schema_extra={"default": "none"},
    )
    oidc_client_id: str | None = Field(default=None, description="what viva is called there")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="viva's secret there; none for a public client"
    )
    oidc_name: Annotated[str, Field(max_length=60)] = Field(
        default="SSO", description="what the provider is called on the sign-in page"
    )
    interviewer_key: SecretStr | None = Field(
        default=None,
        description="secret that lets interviewers correct résumés and hear recordings",
        json_schema_extra={"default": "made and kept in `VIVA_DATA`"},
    )
    asked_by: str | None = Field(
        default=None,
        max_length=200,
        description="who holds the interviews, as the notice names them to candidates",
        json_schema_extra={"default": "the organisation that invited the candidate"},
    )
    sound_key: SoundKey | None = Field(
        default=None,
        description="key that seals sound and signs receipts, the same for all servers; of several "
        "the first seals and signs, all open and verify",
        json_schema_extra={"default": "made and kept in `VIVA_DATA`"},
    )
    recording: Literal["off", "consent"] = Field(
        default="off", description="whether answers of candidates who agree are recorded"
    )
    recording_days: Annotated[int, Field(ge=1, le=3_650), Number] = Field(
        default=30,
        description="days after an interview when sound, page pictures and PDFs are deleted, where "
        "the organisation has not chosen",
    )
    packs: Folder | None = Field(
        default=None,
        description="folder of further language packs; one there takes the place of the one of its "
        "language that comes with viva",
        json_schema_extra={"default": "none"},
    )
    scan_url: ScannerUrl | None = Field(
        default=None,
        description="ClamAV's daemon, which looks through each résumé before it is taken",
        json_schema_extra={"default": "none"},
    )
    max_resume_bytes: Annotated[int, Field(ge=1_024, le=100 * MIB), Number] = Field(
        default=10 * MIB, description="bytes of the largest résumé that is taken"
    )
    resumes_per_day: Annotated[int, Field(ge=0, le=1_000_000), Number] = Field(
        default=2_000, description="résumés that each organisation may add in a day of UTC"
    )
    upload_mib_per_day: Annotated[int, Field(ge=0, le=10_000_000), Number] = Field(
        default=10_000, description="MiB of them"
    )
    servers: Annotated[int, Field(ge=1, le=64), Number] | None = Field(
        default=None,
        description="server processes of `viva up`, all on one port",
        json_schema_extra={"default": "2 where there are two cores, else 1"},
    )
    rtc: Annotated[int, Field(ge=0, le=64), Number] = Field(
        default=0,
        description="processes of `viva up` that hold calls over WebRTC, for pages of other sites",
    )
    rtc_sessions: Annotated[int, Field(ge=1, le=1_000), Number] = Field(
        default=20, description="calls that one of them holds at a time"
    )
    rtc_addresses: Hosts = Field(
        default=("127.0.0.1",), description="addresses of this machine on which calls hear UDP"
    )
    rtc_advertised: Host | None = Field(
        default=None,
        description="where browsers find the first of them",
        json_schema_extra={"default": "the same"},
    )
    rtc_ports: Ports | None = Field(
        default=None,
        description="UDP ports of calls, one for each",
        json_schema_extra={"default": "any"},
    )
    rtc_metrics: Annotated[int, Field(ge=1, le=65_535), Number] | None = Field(
        default=None,
        description="port on which `viva rtc` tells its figures, at `VIVA_HOST`; under `viva up` "
        "the servers tell them",
        json_schema_extra={"default": "none"},
    )
    rtc_server: ServerUrl | None = Field(
        default=None,
        description="where `viva rtc` finds the server",
        json_schema_extra={"default": "`VIVA_HOST` and `VIVA_PORT`"},
    )
    drain_seconds: Annotated[int, Field(ge=0, le=86_400), Number] = Field(
        default=60,
        description="seconds that a server which is asked to end (SIGTERM) gives its interviews to "
        "go on elsewhere, between two turns; connections of OpenAI's clients stay until then",
    )
    admission: Literal["on", "off"] = Field(
        default="on", description="whether a server that is full refuses interviews to begin"
    )
    max_sessions: Annotated[int, Field(ge=0, le=100_000), Number] = Field(
        default=0,
        description="it is with so many interviews in one process; 0: as many as it bears",
    )
    max_stt_wait_ms: Annotated[int, Field(ge=100, le=60_000), Number] = Field(
        default=2_000,
        description="or where answers wait longer, in ms, for the recogniser (p95 of a minute)",
    )
    max_loop_lag_ms: Annotated[int, Field(ge=10, le=60_000), Number] = Field(
        default=200,
        description="or where the process is later, in ms, with whatever it does (p95 of a minute)",
    )
    max_memory_percent: Annotated[int, Field(ge=10, le=100), Number] = Field(
        default=95, description="or where more of the container's or machine's memory is used"
    )
    connections_per_address: Annotated[int, Field(ge=0, le=1_000_000), Number] = Field(
        default=1_000,
        description="connections from one address at a time, those behind a trusted proxy each for "
        "itself; 0: as many as come. Programs on this machine are not counted",
    )
    uploads_per_address: Annotated[int, Field(ge=0, le=1_000_000), Number] = Field(
        default=1_000,
        description="résumés from one address within an hour, but for API keys; 0: as many as come",
    )
    interviews_per_address: Annotated[int, Field(ge=0, le=1_000_000), Number] = Field(
        default=1_000, description="interviews that are created from there, in the same way"
    )
    watchers_per_interview: Annotated[int, Field(ge=0, le=100_000), Number] = Field(
        default=100, description="people who follow one interview at a time; 0: as many as come"
    )
    events_per_second: Annotated[int, Field(ge=0, le=1_000_000), Number] = Field(
        default=500,
        description="events, frames of sound too, that are read of one WebSocket in a second, on "
        "average of four; 0: as many as come",
    )
    bytes_per_second: Annotated[int, Field(ge=0, le=1_000_000_000), Number] = Field(
        default=2 * MIB, description="and bytes"
    )
    header_seconds: Annotated[int, Field(ge=1, le=3_600), Number] = Field(
        default=10, description="seconds in which the header of a request has to come"
    )
    body_seconds: Annotated[int, Field(ge=1, le=3_600), Number] = Field(
        default=30, description="and its body, with one more for each 500 bytes that came"
    )
    log: Literal["console", "json"] = Field(default="console", description="how log lines look")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least that is logged"
    )

    @property
    def server_count(self) -> int:
        """How many server processes ``viva up`` runs."""
        return self.servers or min(2, os.cpu_count() or 1)

    @property
    def rtc_server_url(self) -> str:
        """Where calls connect to: ``ws://host:port`` or ``wss://``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "http" if self.tls_cert is None else "https"
        url = self.rtc_server or f"{scheme}://{host}:{self.port}"
        return f"ws{url.removeprefix('http')}"

    @property
    def sender(self) -> str:
        """Whom mail is from."""
        host = "localhost" if self.public_url is None else _host_of(self.public_url)
        return self.mail_from or f"viva@{host}"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises SettingsError. A variable that is empty counts as one that is not set."""
        names = map(variable, cls.model_fields)
        given = {name: env[name].strip() for name in names if env.get(name, "").strip()}
        try:
            settings = cls(**_Given(cls, given)())
        except ValidationError as error:
            refused = [_refusal(cls, one["loc"][0], one) for one in error.errors()]
            raise SettingsError("; ".join(refused)) from None
        if refused := settings.contradictions():
            raise SettingsError("; ".join(refused))
        return settings

    @property
    def secure(self) -> bool:
        """The address that browsers find has TLS."""
        return (self.public_url or "").startswith("https:")

    def contradictions(self) -> list[str]:
        """What cannot be meant together."""
        found = []
        if (self.tls_cert is None) != (self.tls_key is None):
            found.append("VIVA_TLS_CERT and VIVA_TLS_KEY belong together; set both or none")
        if not is_loopback(self.host) and not (self.tls_cert and self.secure):
            found.append(
                f"VIVA_HOST is {self.host!r}; until somebody has signed in everything is open, so "
                "viva listens on loopback only (127.0.0.1, ::1, localhost), behind a proxy if need "
                "be, unless it speaks TLS itself: VIVA_TLS_CERT, VIVA_TLS_KEY and an https "
                "VIVA_PUBLIC_URL"
            )
        return found

    def doubts(self) -> list[str]:
        """What can be meant, and hardly is."""
        found = []
        if self.public_url and not self.trusted_proxies and not self.tls_cert:
            found.append(
                "VIVA_PUBLIC_URL is set without VIVA_TRUSTED_PROXIES or VIVA_TLS_CERT: behind a "
                "proxy all attempts to sign in count as the proxy's"
            )
        if self.public_url and not self.secure and not is_loopback(_host_of(self.public_url)):
            found.append(
                "VIVA_PUBLIC_URL is http: passwords and interviews can be read on the way, and "
                "browsers give no microphone to such a page"
            )
        if not self.public_url and (self.trusted_proxies or self.tls_cert):
            what = "VIVA_TRUSTED_PROXIES" if self.trusted_proxies else "VIVA_TLS_CERT"
            found.append(
                f"{what} is set without VIVA_PUBLIC_URL: only this machine's names are answered"
            )
        if self.tls_cert and self.public_url and not self.secure:
            found.append("VIVA_TLS_CERT is set, and VIVA_PUBLIC_URL is http")
        return found

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the base class fixes what it is given
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


class _Given(EnvSettingsSource):
    """The environment that was handed over, not the process's own."""

    def __init__(self, settings: type[BaseSettings], env: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in env.items()}
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._given


def variable(name: str) -> str:
    """The variable that sets this field."""
    field = Settings.model_fields.get(name)
    alias = field and field.validation_alias
    return alias if isinstance(alias, str) else PREFIX + name.upper()


NAMES: Final = tuple(variable(name) for name in Settings.model_fields)


def unknown_names(env: Mapping[str, str]) -> list[str]:
    """Variables that look like viva's and are not: most often a slip of the pen."""
    return sorted(name for name in env if name.startswith(PREFIX) and name not in NAMES)


def _refusal(settings: type[Settings], place: int | str, error: Mapping[str, Any]) -> str:
    fields = settings.model_fields
    name = next(one for one, field in fields.items() if place in (one, field.validation_alias))
    said: Any = error.get("ctx", {}).get("error")
    if isinstance(said, ValueError) and str(said):
        return f"{variable(name)} {said}"
    return f"{variable(name)} is {error['input']!r}; it may be {may_be(fields[name])}"
