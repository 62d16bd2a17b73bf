"""TLS by certificate files, on a real connection, also after they were replaced."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import uvicorn

from server.certificates import Certificates
from server.serving import encrypted
from tests.certificates import certificate
from tests.live import free_port, until


async def answers(port: int, trust: ssl.SSLContext) -> bool:
    import httpx

    try:
        async with httpx.AsyncClient(verify=trust) as client:
            return (await client.get(f"https://localhost:{port}/")).status_code == 200
    except httpx.ConnectError:
        return False


async def app(scope: object, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


async def test_a_new_certificate_is_shown_and_a_broken_one_is_not(tmp_path: Path) -> None:
    import asyncio

    first = certificate(tmp_path)
    files = Certificates(first.cert, first.key)
    old, kept = first.trust(), (first.cert.read_bytes(), first.key.read_bytes())
    port = free_port()
    config = uvicorn.Config(app, port=port, lifespan="off", log_config=None, **encrypted(files))
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    try:

        async def started() -> bool | None:
            return server.started or None

        await until(started)
        assert await answers(port, old)
        second = certificate(tmp_path)  # in the same files
        new = second.trust()
        assert not await answers(port, new), "it was not looked for yet"
        await files.look()
        assert await answers(port, new)
        assert not await answers(port, old)
        first.key.write_bytes(kept[1])  # a key that does not fit
        await files.look()
        assert await answers(port, new)
        first.cert.write_bytes(kept[0])
        await files.look()
        assert await answers(port, old)
        first.cert.unlink()
        await files.look()
        assert await answers(port, old)
    finally:
        server.should_exit = True
        await serving


def test_what_is_no_certificate_is_refused(tmp_path: Path) -> None:
    made = certificate(tmp_path)
    with pytest.raises(ssl.SSLError):
        Certificates(made.key, made.cert)
    with pytest.raises(FileNotFoundError):
        Certificates(tmp_path / "none.pem", made.key)
    context = Certificates(made.cert, made.key).context
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
