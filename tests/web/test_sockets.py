"""The shorter way for sound is the same way to everybody but the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from server.web.sockets import (
    AT_ONCE,
    EXTENSION,
    MOST_UNREAD,
    SOUNDS_AT_ONCE,
    Sockets,
    Soon,
)

MAX_SIZE = 100_000
REQUEST = ClientProtocol(parse_uri("ws://127.0.0.1/"))
REQUEST.send_request(REQUEST.connect())
HANDSHAKE = b"".join(REQUEST.data_to_send())


class Peer(asyncio.Transport):
    """The other end, which is sent to."""

    def __init__(self) -> None:
        super().__init__()
        self.got = b""
        self.reads = True
        self.closed = False

    def write(self, data: Any) -> None:
        self.got += bytes(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True


@dataclass
class App:
    """Accepts, and keeps what it receives. ``take``: what is asked for sound to be handed to."""

    take: Callable[[bytes], bool] | None = None
    soon: Soon | None = None
    received: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        if self.take is not None:
            scope["extensions"][EXTENSION]["to"](self.take, self.soon)
        while (message := await receive())["type"] == "websocket.receive":
            self.received.append(message)
        self.received.append(message)


def into(kept: list[Any], shown: Callable[[bytes], Any] = bytes) -> Callable[[bytes], bool]:
    def take(data: bytes) -> bool:
        kept.append(shown(data))
        return True

    return take


def after_this(read: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(read)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def connected(
    kind: type[WebSocketsSansIOProtocol], app: App
) -> tuple[WebSocketsSansIOProtocol, Peer]:
    config = Config(
        app, ws=kind, ws_max_size=MAX_SIZE, ws_per_message_deflate=False, lifespan="off",
        log_config=None,
    )  # fmt: skip
    config.load()
    protocol, peer = kind(config, ServerState(), {}), Peer()
    protocol.connection_made(peer)
    protocol.data_received(HANDSHAKE)
    await settled()
    peer.got = b""
    return protocol, peer


async def carried(
    kind: type[WebSocketsSansIOProtocol], sent: bytes, piece: int, app: App
) -> tuple[list[dict[str, Any]], bytes, bool]:
    """What the application received, what the peer was sent, whether the line was closed."""
    protocol, peer = await connected(kind, app)
    for start in range(0, len(sent), piece):
        protocol.data_received(sent[start : start + piece])
        await settled()
    return app.received, peer.got, peer.closed


def frame(opcode: Opcode, data: bytes, **bits: bool) -> bytes:
    return Frame(opcode, data, **bits).serialize(mask=True)


def sound(*pieces: bytes) -> bytes:
    return b"".join(frame(Opcode.BINARY, piece) for piece in pieces)


TALK = [
    sound(b"a" * 1_280, b"", b"b"),
    frame(Opcode.TEXT, b'{"type": "viva.ping"}'),
    frame(Opcode.BINARY, b"in ", fin=False) + frame(Opcode.CONT, b"parts"),
    frame(Opcode.PING, b"there?"),
    frame(Opcode.CLOSE, b"\x03\xe8over"),
    sound(b"after the end"),
]
LARGE = [sound(bytes(65_535), bytes(range(256)) * 300, b"c"), *TALK]
WRONG = {
    "unmasked": Frame(Opcode.BINARY, b"x").serialize(mask=False),
    "of an extension": b"\xc2\x81\0\0\0\0x",
    "too long": sound(bytes(MAX_SIZE + 1)),
    "in the middle": frame(Opcode.TEXT, b"in ", fin=False) + sound(b"x"),
    "of no kind": b"\x83\x81\0\0\0\0x",
    "not to be continued": frame(Opcode.CONT, b"x"),
}


@pytest.mark.parametrize(
    ("talk", "piece"), [(TALK, 1), (TALK, 7), (LARGE, 1_290), (LARGE, 1_000_000)]
)
@pytest.mark.parametrize("handed_over", [None, "at once", "soon"])
async def test_whatever_is_sent_comes_as_the_library_has_it(
    talk: Sequence[bytes], piece: int, handed_over: str | None
) -> None:
    sent, app = b"".join(talk), App()
    if handed_over:
        app.take = into(app.received, lambda data: {"type": "websocket.receive", "bytes": data})
    if handed_over == "soon":
        app.soon = after_this
    assert await carried(Sockets, sent, piece, app) == await carried(
        WebSocketsSansIOProtocol, sent, piece, App()
    )


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_what_is_wrong_is_refused_as_the_library_refuses_it(wrong: bytes) -> None:
    well = sound(b"well")
    sent, piece = well + wrong + sound(b"x"), len(well)
    ours = await carried(Sockets, sent, piece, App())
    theirs = await carried(WebSocketsSansIOProtocol, sent, piece, App())
    assert ours == theirs
    assert ours[2]


async def test_sound_is_there_before_anything_else_runs() -> None:
    heard: list[bytes] = []
    app = App(into(heard))
    protocol, peer = await connected(Sockets, app)
    protocol.data_received(sound(b"one", b"two"))
    assert heard == [b"one", b"two"]
    assert peer.reads
    assert not app.received


async def test_who_has_left_is_gone() -> None:
    told: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        told.append(scope["extensions"][EXTENSION]["gone"]())
        await receive()
        told.append(scope["extensions"][EXTENSION]["gone"]())

    protocol, _ = await connected(Sockets, app)  # type: ignore[arg-type]
    protocol.connection_lost(None)
    await settled()
    assert told == [False, True]


async def test_sound_is_put_off_until_it_is_wanted_and_anything_else_is_not() -> None:
    heard: list[bytes] = []
    wanted: list[Callable[[], None]] = []
    app = App(into(heard), wanted.append)
    protocol, _ = await connected(Sockets, app)
    protocol.data_received(sound(b"one"))
    protocol.data_received(sound(b"two") + frame(Opcode.TEXT, b"with it"))
    assert not heard
    assert len(wanted) == 1
    wanted.pop()()
    assert heard == [b"one", b"two"]
    await settled()
    protocol.data_received(sound(b"three"))
    protocol.data_received(frame(Opcode.TEXT, b"behind"))
    assert heard == [b"one", b"two", b"three"]
    await settled()
    assert [one["text"] for one in app.received] == ["with it", "behind"]


async def test_what_was_put_off_is_heard_before_the_end() -> None:
    heard: list[bytes] = []
    app = App(into(heard), lambda _: None)
    protocol, _ = await connected(Sockets, app)
    protocol.data_received(sound(b"last"))
    protocol.connection_lost(None)
    await settled()
    assert heard == [b"last"]
    assert [one["type"] for one in app.received] == ["websocket.disconnect"]


async def test_no_more_is_put_off_than_fits() -> None:
    heard: list[int] = []
    app = App(into(heard, len), lambda _: None)
    protocol, _ = await connected(Sockets, app)
    for _ in range(4):
        protocol.data_received(sound(bytes(MOST_UNREAD // 2)))
    assert heard


async def test_sound_stays_behind_what_came_before_it() -> None:
    heard: list[bytes] = []
    app = App(into(heard))
    protocol, _ = await connected(Sockets, app)
    protocol.data_received(frame(Opcode.TEXT, b"first") + sound(b"second"))
    await settled()
    assert [one.get("text") or one["bytes"] for one in app.received] == ["first", b"second"]
    assert not heard


async def test_sound_that_is_not_taken_comes_the_common_way() -> None:
    app = App(lambda _: False)
    protocol, peer = await connected(Sockets, app)
    protocol.data_received(sound(b"one", b"two"))
    assert not peer.reads
    await settled()
    assert _bytes(app.received) == [b"one", b"two"]
    assert peer.reads


async def test_a_flood_is_not_taken_at_once() -> None:
    heard: list[bytes] = []
    app = App(into(heard))
    protocol, peer = await connected(Sockets, app)
    flood = [bytes([n]) for n in range(2 * AT_ONCE)]
    protocol.data_received(sound(*flood))
    assert heard == flood[:AT_ONCE]
    assert not peer.reads
    await settled()
    assert _bytes(app.received) == flood[AT_ONCE:]


async def test_who_sends_before_the_answer_is_read_by_the_library() -> None:
    app = App()
    config = Config(app, ws=Sockets, lifespan="off", log_config=None)
    config.load()
    protocol = Sockets(config, ServerState(), {})
    protocol.connection_made(Peer())
    sent = sound(b"early", b"late")
    protocol.data_received(HANDSHAKE)
    protocol.data_received(sent[:3])
    await settled()
    protocol.data_received(sent[3:])
    await settled()
    assert _bytes(app.received) == [b"early", b"late"]


def _bytes(received: Sequence[dict[str, Any]]) -> list[bytes]:
    return [one["bytes"] for one in received]


async def test_after_a_few_sounds_the_others_have_their_turn() -> None:
    kept: list[bytes] = []
    turns: list[Callable[[], None]] = []
    protocol, _ = await connected(Sockets, App(into(kept), turns.append))
    sounds = [bytes([number]) * 640 for number in range(2 * SOUNDS_AT_ONCE + 1)]
    protocol.data_received(sound(*sounds))
    heard = []
    while turns:
        turns.pop(0)()
        heard.append(len(kept))
    assert heard == [SOUNDS_AT_ONCE, 2 * SOUNDS_AT_ONCE, len(sounds)]
    assert kept == sounds
