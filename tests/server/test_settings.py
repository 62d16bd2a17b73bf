"""What the environment may say, and how a wrong value is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from server.environment import secret
from server.settings import NAMES, Settings, SettingsError, unknown_names


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8000, Path(".viva"))
    assert settings.stt_model is None
    assert settings.max_resume_bytes == 10 * 1024 * 1024


def test_empty_is_as_good_as_not_set() -> None:
    assert Settings.from_env(dict.fromkeys(NAMES, " ")) == Settings()


def test_every_variable_is_read() -> None:
    values = {
        "VIVA_HOST": "::1",
        "VIVA_PORT": "8123",
        "VIVA_PUBLIC_URL": "https://viva.example",
        "VIVA_TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/24",
        "VIVA_WEBHOOK_NETWORKS": "10.0.0.0/8",
        "VIVA_TLS_CERT": "/srv/viva.pem",
        "VIVA_TLS_KEY": "/srv/viva.key",
        "VIVA_DATA": "/srv/viva",
        "DATABASE_URL": "postgresql://viva:pw@db/viva",
        "REDIS_URL": "redis://cache:6379/1",
        "VIVA_STT": "whisper",
        "VIVA_STT_MODEL": "small",
        "VIVA_STT_DEVICE": "cuda",
        "VIVA_STT_QUEUE": "200",
        "VIVA_STT_URL": "https://ears.example/v1",
        "VIVA_STT_API_KEY": "key",
        "VIVA_STT_TIMEOUT_MS": "3000",
        "VIVA_LLM_URL": "http://127.0.0.1:8001/v1/",
        "VIVA_LLM_MODEL": "some/model",
        "VIVA_LLM_API_KEY": "key",
        "VIVA_LLM_FIRST_TOKEN_MS": "1500",
        "VIVA_LLM_TIMEOUT_MS": "2500",
        "VIVA_LLM_TEMPERATURE": "0.25",
        "VIVA_LLM_SEED": "7",
        "VIVA_LLM_EXTRA_BODY": '{"top_p": 0.9, "chat_template_kwargs": {"enable_thinking": false}}',
        "VIVA_VLLM": sys.executable,
        "VIVA_VLLM_ARGS": "--dtype half --quantization 'awq'",
        "VIVA_VLLM_PORT": "8002",
        "VIVA_TTS_URL": "https://voice.example/v1",
        "VIVA_TTS_MODEL": "tts",
        "VIVA_TTS_VOICE": "alto",
        "VIVA_TTS_API_KEY": "key",
        "VIVA_MAX_RESUME_BYTES": "4096",
        "VIVA_RESUMES_PER_DAY": "50",
        "VIVA_UPLOAD_MIB_PER_DAY": "500",
        "VIVA_ADMISSION": "off",
        "VIVA_MAX_SESSIONS": "150",
        "VIVA_MAX_STT_WAIT_MS": "3000",
        "VIVA_MAX_LOOP_LAG_MS": "50",
        "VIVA_MAX_MEMORY_PERCENT": "80",
        "VIVA_CONNECTIONS_PER_ADDRESS": "64",
        "VIVA_UPLOADS_PER_ADDRESS": "10",
        "VIVA_INTERVIEWS_PER_ADDRESS": "5",
        "VIVA_WATCHERS_PER_INTERVIEW": "20",
        "VIVA_EVENTS_PER_SECOND": "200",
        "VIVA_BYTES_PER_SECOND": "1000000",
        "VIVA_HEADER_SECONDS": "5",
        "VIVA_BODY_SECONDS": "60",
        "VIVA_INTERVIEWER_KEY": "key",
        "VIVA_ASKED_BY": "Hanbit Data",
        "VIVA_SCAN_URL": "tcp://127.0.0.1:3310",
        "VIVA_SMTP_URL": "smtps://viva:p%40ss@mail.example",
        "VIVA_MAIL_FROM": "viva <viva@company.example>",
        "VIVA_OIDC_ISSUER": "https://id.example/realms/a",
        "VIVA_OIDC_CLIENT_ID": "viva",
        "VIVA_OIDC_CLIENT_SECRET": "key",
        "VIVA_OIDC_NAME": "Example",
        "VIVA_PACKS": "/srv/packs",
        "VIVA_SOUND_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "VIVA_RECORDING": "consent",
        "VIVA_RECORDING_DAYS": "7",
        "VIVA_SERVERS": "3",
        "VIVA_RTC": "2",
        "VIVA_RTC_SESSIONS": "30",
        "VIVA_RTC_ADDRESSES": "10.0.0.7, fd00::7",
        "VIVA_RTC_ADVERTISED": "203.0.113.7",
        "VIVA_RTC_PORTS": "50000-50999",
        "VIVA_RTC_METRICS": "9464",
        "VIVA_RTC_SERVER": "https://viva.example",
        "VIVA_DRAIN_SECONDS": "90",
        "VIVA_LOG": "json",
        "VIVA_LOG_LEVEL": "debug",
    }
    assert set(values) == set(NAMES)
    settings = Settings.from_env(values)
    for name in Settings.model_fields:
        assert getattr(settings, name) != getattr(Settings(), name), name
    assert settings.llm_url == "http://127.0.0.1:8001/v1"
    assert settings.vllm_args == ("--dtype", "half", "--quantization", "awq")
    assert settings.rtc_addresses == ("10.0.0.7", "fd00::7")
    assert settings.rtc_ports == (50_000, 50_999)
    assert settings.rtc_server_url == "wss://viva.example"
    assert Settings(port=8_080).rtc_server_url == "ws://127.0.0.1:8080"
    assert Settings(host="::1").rtc_server_url == "ws://[::1]:8000"


@pytest.mark.parametrize(
    ("name", "value", "may_be"),
    [
        ("VIVA_PORT", "eighty", "a number from 1 to 65535"),
        ("VIVA_PORT", "70000", "a number from 1 to 65535"),
        ("VIVA_PORT", "tcp://10.0.0.1:80", "a number from 1 to 65535"),
        ("VIVA_PORT", "٣", "a number from 1 to 65535"),
        ("VIVA_LLM_TIMEOUT_MS", "0", "a number from 100 to 60000"),
        ("VIVA_MAX_RESUME_BYTES", "10MB", "a number from 1024"),
        ("VIVA_STT", "google", "auto, transcription-server, whisper, whisper-base"),
        ("VIVA_STT_DEVICE", "gpu", "auto, cuda, cpu"),
        ("VIVA_RECORDING", "always", "off, consent"),
        ("VIVA_SOUND_KEY", "short", "32 random bytes"),
        ("VIVA_RECORDING_DAYS", "0", "a number from 1 to 3650"),
        ("VIVA_LOG", "xml", "console, json"),
        ("VIVA_LOG_LEVEL", "DEBUG", "debug, info, warning, error"),
        ("VIVA_HOST", "example.com", "127.0.0.1"),
        ("VIVA_PUBLIC_URL", "viva.example", "such as https://viva.example.com"),
        ("VIVA_PUBLIC_URL", "https://viva.example/viva", "scheme and host alone"),
        ("VIVA_PUBLIC_URL", "https://me@viva.example", "scheme and host alone"),
        ("VIVA_PUBLIC_URL", "wss://viva.example", "scheme and host alone"),
        ("VIVA_RTC_ADDRESSES", "eth0", "such as 203.0.113.7"),
        ("VIVA_RTC_ADVERTISED", "viva.example", "such as 203.0.113.7"),
        ("VIVA_RTC_PORTS", "50000", "such as 50000-50999"),
        ("VIVA_RTC_PORTS", "50999-50000", "such as 50000-50999"),
        ("VIVA_RTC_PORTS", "80-443", "such as 50000-50999"),
        ("VIVA_TRUSTED_PROXIES", "*", "such as 127.0.0.1,10.0.0.0/24"),
        ("VIVA_TRUSTED_PROXIES", "127.0.0.1,proxy", "addresses and networks"),
        ("VIVA_LLM_URL", "127.0.0.1:8001", "http://127.0.0.1:8001/v1"),
        ("VIVA_LLM_URL", "http://me:s3cret@a/v1,http://b/v1", "a router in front of several"),
        ("VIVA_LLM_TEMPERATURE", "warm", "a number from 0 to 2"),
        ("VIVA_LLM_TEMPERATURE", "2.1", "a number from 0 to 2"),
        ("VIVA_LLM_SEED", "-1", "a number from 0 to 2147483647"),
        ("VIVA_LLM_SEED", "1e3", "a number from 0 to 2147483647"),
        ("VIVA_LLM_TEMPERATURE", "nan", "a number from 0 to 2"),
        ("VIVA_PORT", "8_000", "a number from 1 to 65535"),
        ("VIVA_LLM_EXTRA_BODY", "top_p=0.9", 'such as {"top_p": 0.9}'),
        ("VIVA_LLM_EXTRA_BODY", "[1]", 'such as {"top_p": 0.9}'),
        ("VIVA_LLM_EXTRA_BODY", '{"stream": false}', "sets stream, which viva sets itself"),
        ("VIVA_VLLM", "/nowhere/vllm", "auto, off or the path of a program"),
        ("VIVA_VLLM_ARGS", "--dtype 'half", "cannot be split"),
        ("VIVA_TTS_URL", "ftp://127.0.0.1/v1", "http://127.0.0.1:8001/v1"),
        ("DATABASE_URL", "mysql://db/viva", "postgresql://..."),
        ("DATABASE_URL", "postgresql://", "postgresql://..."),
        ("REDIS_URL", "127.0.0.1:6379", "redis://..."),
        ("REDIS_URL", "redis://cache:port", "is not a URL"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, may_be: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({name: value})
    assert str(refused.value).startswith(f"{name} ")
    assert may_be in str(refused.value)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"VIVA_PORT": "eighty", "REDIS_URL": "redis://:s3cret@cache:port"})
    assert "VIVA_PORT is 'eighty'" in str(refused.value)
    assert "REDIS_URL is not a URL" in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "8.8.8.8"])
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(SettingsError, match="until somebody has signed in everything is open"):
        Settings.from_env({"VIVA_HOST": host})


def test_with_tls_of_its_own_it_may_be_listened_on() -> None:
    tls = {"VIVA_TLS_CERT": "x.pem", "VIVA_TLS_KEY": "x.key"}
    public = {"VIVA_PUBLIC_URL": "https://viva.example"}
    host = {"VIVA_HOST": "0.0.0.0"}
    assert Settings.from_env({**host, **tls, **public}).host == "0.0.0.0"
    for less in ({**host, **tls}, {**host, **public}):
        with pytest.raises(SettingsError, match="loopback only"):
            Settings.from_env(less)
    with pytest.raises(SettingsError, match="belong together"):
        Settings.from_env({"VIVA_TLS_CERT": "x.pem"})


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"VIVA_PUBLIC_URL": "https://viva.example"}, "count as the proxy's"),
        (
            {"VIVA_PUBLIC_URL": "http://viva.example", "VIVA_TRUSTED_PROXIES": "10.0.0.1"},
            "can be read on the way",
        ),
        ({"VIVA_TRUSTED_PROXIES": "10.0.0.1"}, "VIVA_TRUSTED_PROXIES is set without"),
        ({"VIVA_TLS_CERT": "x.pem", "VIVA_TLS_KEY": "x.key"}, "VIVA_TLS_CERT is set without"),
        ({"VIVA_PUBLIC_URL": "https://a.example", "VIVA_TRUSTED_PROXIES": "10.0.0.1"}, None),
        ({"VIVA_PUBLIC_URL": "http://127.0.0.1:8000", "VIVA_TRUSTED_PROXIES": "10.0.0.1"}, None),
        ({}, None),
    ],
)
def test_what_is_hardly_meant_is_said(given: dict[str, str], doubt: str | None) -> None:
    doubts = Settings.from_env(given).doubts()
    assert len(doubts) == (doubt is not None)
    assert doubt is None or doubt in doubts[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_has_several_names(host: str) -> None:
    assert Settings.from_env({"VIVA_HOST": host}).host == host


def test_secrets_are_not_shown() -> None:
    settings = Settings.from_env(
        {
            "DATABASE_URL": "postgresql://viva:s3cret@db/viva",
            "REDIS_URL": "redis://:s3cret@cache",
            "VIVA_LLM_API_KEY": "s3cret",
            "VIVA_TTS_API_KEY": "s3cret",
            "VIVA_INTERVIEWER_KEY": "s3cret",
        }
    )
    shown = (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json())
    assert not any("s3cret" in one for one in shown)
    assert secret(settings.llm_api_key) == "s3cret"


def test_every_variable_that_may_hold_a_secret_is_one() -> None:
    ends = ("_key", "base_url", "dis_url", "smtp_url", "_secret")
    named = {name for name in Settings.model_fields if name.endswith(ends)}
    named -= {"tls_key"}  # the path of a file
    kept = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field)}
    assert named == kept


def test_every_variable_is_described_where_it_is_defined() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]


def test_the_processs_own_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_PORT", "9999")
    assert Settings().port == Settings.from_env({}).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://viva:s3cret@db/viva"),
        ("REDIS_URL", "http://:s3cret@cache"),
        ("REDIS_URL", "redis://:s3cret@cache:port"),
        ("VIVA_LLM_URL", "http://me:s3cret@llm/v1"),
        ("VIVA_LLM_URL", "http://me:s3cret@a/v1,http://b/v1"),
    ],
)
def test_secrets_are_not_in_a_refusal(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({name: value})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(("cores", "servers"), [(1, 1), (2, 2), (64, 2), (None, 1)])
def test_two_cores_get_two_servers(
    cores: int | None, servers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert Settings().server_count == servers
    assert Settings(servers=5).server_count == 5


def test_the_embedded_servers_urls_are_accepted() -> None:
    settings = Settings.from_env(
        {
            "DATABASE_URL": "postgresql://viva@/viva?host=/tmp/viva/run&port=5432",
            "REDIS_URL": "unix:///tmp/viva/run/valkey.sock?db=0",
        }
    )
    assert settings.database_url
    assert settings.redis_url


def test_slips_of_the_pen_are_found() -> None:
    env = {"VIVA_SST": "whisper", "VIVA_STT": "whisper", "HOME": "/root"}
    assert unknown_names(env) == ["VIVA_SST"]
