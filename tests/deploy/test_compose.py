"""compose.yaml and the image it builds, as far as they can be held to without an engine."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.cli import parser
from server.engines import registry
from server.environment import secret
from server.settings import NAMES, Settings, SettingsError, variable
from server.vllm import Launch, launch

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = ("migrate", "server", "worker")
CALLS = "rtc"
MODEL = "llm"
PASSWORDS = {
    "POSTGRES_PASSWORD": "pg1",
    "VALKEY_PASSWORD": "vk1",
    "VIVA_SOUND_KEY": base64.b64encode(bytes(32)).decode(),
}
STARTS_VLLM = {"VIVA_VLLM", "VIVA_VLLM_ARGS", "VIVA_VLLM_PORT"}
GPU = {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}


def interpolated(value: str, env: dict[str, str]) -> str:
    """As compose does it: ``${NAME:-default}`` and ``${NAME:?message}``."""

    def replace(match: re.Match[str]) -> str:
        name, sign, word = match.groups()
        if env.get(name):
            return env[name]
        assert sign == ":-", f"{name} has to be set"
        return word

    return re.sub(r"\$\{([A-Z_]+)(:-|:\?)([^}]*)\}", replace, value)


def environment(service: str, env: dict[str, str]) -> dict[str, str]:
    given = SERVICES[service]["environment"]
    return {name: interpolated(str(value), env) for name, value in given.items()}


def test_the_set_is_complete() -> None:
    assert set(SERVICES) == {"postgres", "valkey", "migrate", "server", "worker", CALLS, MODEL}
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["valkey"]["image"] == "valkey/valkey:9"


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"migrate"}))
def test_everything_that_stays_has_a_health_check(service: str) -> None:
    check = SERVICES[service]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("service", ["server", MODEL])
def test_the_gpu_is_reserved(service: str) -> None:
    devices = SERVICES[service]["deploy"]["resources"]["reservations"]["devices"]
    assert devices == [GPU]


@pytest.mark.parametrize("service", OURS)
def test_our_environment_is_what_settings_know_and_accept(service: str) -> None:
    env = environment(service, PASSWORDS)
    assert set(env) <= set(NAMES)
    for row in registry.ROWS:
        names = {variable(name) for name in row.settings.model_fields}
        assert names - set(env) <= STARTS_VLLM, row.name
    settings = Settings.from_env(env)
    assert secret(settings.database_url) == "postgresql://viva:pg1@127.0.0.1:5432/viva"
    assert secret(settings.redis_url) == "redis://:vk1@127.0.0.1:6379/0"
    assert settings.llm_url == "http://127.0.0.1:8001/v1"
    named = {"data", "database_url", "redis_url", "llm_url", "log", "sound_key"}
    defaults = Settings().model_dump(exclude=named)
    assert settings.model_dump(exclude=named) == defaults
    with pytest.raises(SettingsError):
        Settings.from_env(environment(service, {**PASSWORDS, "VIVA_PORT": "no"}))


def test_who_holds_calls_is_given_what_the_others_are_and_where_they_come() -> None:
    env = environment(CALLS, PASSWORDS)
    shared = environment("server", PASSWORDS)
    own = {name: value for name, value in env.items() if name not in shared}
    assert env == shared | own
    assert set(own) == {name for name in NAMES if name.startswith("VIVA_RTC_")}
    settings = Settings.from_env(env)
    assert settings.rtc_server_url == "ws://127.0.0.1:8000"
    assert settings.rtc_addresses == ("127.0.0.1",)
    assert settings.rtc_ports is not None
    assert settings.rtc_ports[1] - settings.rtc_ports[0] >= settings.rtc_sessions
    assert settings.rtc_metrics == 9_464
    assert SERVICES[CALLS]["profiles"] == ["calls"], "nobody else needs it"


def test_nothing_starts_without_passwords() -> None:
    for service in ("postgres", "valkey", CALLS, *OURS):
        with pytest.raises(AssertionError, match="has to be set"):
            environment(service, {})


def test_nothing_is_reachable_from_another_machine() -> None:
    for name, service in SERVICES.items():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name
    for name in (*OURS, CALLS, MODEL):
        assert SERVICES[name]["network_mode"] == "host"
    for name in (*OURS, CALLS):
        assert SERVICES[name]["environment"]["VIVA_HOST"] == "127.0.0.1"


def test_the_urls_point_at_what_is_published() -> None:
    published = {
        name: service["ports"][0] for name, service in SERVICES.items() if "ports" in service
    }
    assert published["postgres"] == "127.0.0.1:5432:5432"
    assert published["valkey"] == "127.0.0.1:6379:6379"
    model, server = environment(MODEL, {}), environment("server", PASSWORDS)
    assert server["VIVA_LLM_URL"] == f"http://127.0.0.1:{model['VIVA_VLLM_PORT']}/v1"


def test_the_models_environment_is_what_settings_know_and_holds_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vllm = tmp_path / "vllm"  # on the PATH of the image
    vllm.write_text("#!/bin/sh")
    vllm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    env = environment(MODEL, {"VIVA_LLM_MODEL": "own/model", "VIVA_VLLM_ARGS": "--dtype half"})
    assert set(env) - set(NAMES) == {"HF_TOKEN"}
    assert {"VIVA_VLLM", "VIVA_VLLM_ARGS", "VIVA_VLLM_PORT"} <= set(env)
    found = launch(Settings.from_env(env))
    assert isinstance(found, Launch)
    assert (found.program, found.model) == (str(vllm), "own/model")
    assert found.arguments == ("--dtype", "half")


@pytest.mark.parametrize("service", [*OURS, CALLS, MODEL])
def test_our_commands_exist(service: str) -> None:
    commands = [SERVICES[service]["command"]]
    if service == "worker":
        commands.append(SERVICES[service]["healthcheck"]["test"][1:])
    for program, *arguments in commands:
        assert program == "viva"
        assert callable(parser().parse_args(arguments).command)


def test_the_image_copies_what_exists_and_runs_as_nobody_special() -> None:
    build = SERVICES["server"]["build"]
    dockerfile = ROOT / build["context"] / build["dockerfile"]
    lines = dockerfile.read_text().splitlines()
    copied = [
        source
        for line in lines
        if line.startswith("COPY")
        for source in line.replace("--chown=viva", "").split()[1:-1]
    ]
    assert {"requirements.lock", "pyproject.toml", "server", "workers", "migrations"} <= set(copied)
    ignored = dockerfile.with_name("Dockerfile.dockerignore").read_text().split()
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored
    assert [line for line in lines if line.startswith("USER")] == ["USER viva"]
    assert all(SERVICES[service]["user"] == "viva" for service in (*OURS, CALLS, MODEL))
