"""``viva talk``: an interview from the command line, as any OpenAI Realtime client holds it."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from server.wav import NoWav, read_wav

RATE = 24_000
PIECE_S = 0.1
PIECE_BYTES = int(RATE * PIECE_S) * 2
READ_S = 180
RECORDERS = (
    ("parec", "--raw", "--format=s16le", "--channels=1", f"--rate={RATE}", "--latency-msec=50"),
    ("arecord", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE)),
    ("rec", "-q", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", str(RATE), "-"),
)
PLAYERS = (
    ("pacat", "--raw", "--format=s16le", "--channels=1", f"--rate={RATE}", "--latency-msec=50"),
    ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE)),
    ("play", "-q", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", str(RATE), "-"),
)


class TalkError(Exception):
    """The conversation cannot be held; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Call:
    """Where to talk, and with what: ``resume`` or ``token``, ``wavs`` or the microphone. ``key``:
    by which an interview may be made where that is not open to everybody."""

    url: str
    resume: Path | None
    token: str | None
    wavs: Sequence[Path]
    key: str | None = None


class Mouth(Protocol):
    """What the candidate's side says, in pieces of PIECE_S; and what it does with the voice."""

    def pieces(self) -> AsyncIterator[bytes]: ...

    def play(self, pcm: bytes) -> None: ...

    def stop(self) -> None:
        """Somebody speaks over the voice."""

    def asked(self) -> None:
        """All of a question's voice is there."""


class Files:
    """Answers from WAV files, one for each question, when it has been heard out."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._answers = list(answers)
        self._next = 0
        self._saying = bytearray()
        self._heard_at = 0.0

    async def pieces(self) -> AsyncIterator[bytes]:
        due = monotonic()
        while True:
            piece = bytes(self._saying[:PIECE_BYTES])
            del self._saying[:PIECE_BYTES]
            yield piece.ljust(PIECE_BYTES, b"\0")
            due += PIECE_S
            await asyncio.sleep(max(0.0, due - monotonic()))

    def play(self, pcm: bytes) -> None:
        self._heard_at = max(self._heard_at, monotonic()) + len(pcm) / (RATE * 2)

    def stop(self) -> None:
        self._heard_at = monotonic()

    def asked(self) -> None:
        answer = self._answers[self._next % len(self._answers)]
        self._next += 1
        wait = max(0.0, self._heard_at - monotonic()) + 0.3
        asyncio.get_running_loop().call_later(wait, self._saying.extend, answer)


class Devices:
    """The machine's own microphone and loudspeaker, by the programs that are there for it."""

    def __init__(self) -> None:
        self._recorder = _program(RECORDERS, "a microphone")
        self._player = _program(PLAYERS, "a loudspeaker")
        self._sound: asyncio.Queue[bytes] = asyncio.Queue()
        self._playing: asyncio.Task[None] | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        pipe = asyncio.subprocess.PIPE
        recorder = await asyncio.create_subprocess_exec(*self._recorder, stdout=pipe)
        assert recorder.stdout is not None
        try:
            while True:
                yield await recorder.stdout.readexactly(PIECE_BYTES)
        except asyncio.IncompleteReadError as error:
            raise TalkError(f"{self._recorder[0]} stopped; is there a microphone?") from error
        finally:
            with suppress(ProcessLookupError):
                recorder.kill()
            await recorder.wait()

    def play(self, pcm: bytes) -> None:
        self._sound.put_nowait(pcm)
        if self._playing is None:
            self._playing = asyncio.create_task(self._play())

    async def _play(self) -> None:
        pipe = asyncio.subprocess.PIPE
        player = await asyncio.create_subprocess_exec(*self._player, stdin=pipe)
        assert player.stdin is not None
        try:
            while True:
                player.stdin.write(await self._sound.get())
                await player.stdin.drain()
        finally:
            with suppress(ProcessLookupError):
                player.kill()
            await player.wait()

    def stop(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
        self._playing, self._sound = None, asyncio.Queue()

    def asked(self) -> None:
        pass


def talk(call: Call) -> None:
    """Until the interview is over. Raises TalkError."""
    try:
        mouth = Files([read_wav(path, RATE) for path in call.wavs]) if call.wavs else Devices()
    except NoWav as error:
        raise TalkError(str(error)) from error
    token = call.token or _open(call)
    asyncio.run(_talk(call.url, token, mouth))


async def _talk(url: str, token: str, mouth: Mouth) -> None:
    address = url.replace("http", "ws", 1).rstrip("/") + "/v1/realtime?model=viva"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with connect(address, additional_headers=headers, max_size=None) as socket:
            speaking = asyncio.create_task(_speak(socket, mouth))
            try:
                await _listen(socket, mouth)
            finally:
                speaking.cancel()
                mouth.stop()
                with suppress(asyncio.CancelledError):
                    await speaking
            if socket.close_code != 1000:
                raise TalkError(f"the server closed: {socket.close_reason or socket.close_code}")
    except InvalidStatus as error:
        refused = error.response
        raise TalkError(_problem(bytes(refused.body or b""), refused.status_code)) from error
    except (OSError, WebSocketException) as error:
        raise TalkError(f"{address} cannot be reached: {error}") from error


async def _speak(socket: ClientConnection, mouth: Mouth) -> None:
    with suppress(ConnectionClosed):
        async for piece in mouth.pieces():
            audio = base64.b64encode(piece).decode()
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": audio}))


async def _listen(socket: ClientConnection, mouth: Mouth) -> None:
    with suppress(ConnectionClosed):
        async for message in socket:
            _take(json.loads(message), mouth)


def _take(event: dict[str, Any], mouth: Mouth) -> None:
    match event["type"]:
        case "response.output_audio.delta":
            mouth.play(base64.b64decode(event["delta"]))
        case "response.output_audio_transcript.delta":
            _say(f"> {event['delta']}")
        case "response.done":
            mouth.asked()
        case "input_audio_buffer.speech_started":
            mouth.stop()
        case "conversation.item.input_audio_transcription.completed":
            _say(f"  {event['transcript']}")
        case "conversation.item.input_audio_transcription.failed" | "error":
            _say(f"! {event['error']['message']}")
        case _:
            pass


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# Getting there.


def _open(call: Call) -> str:
    """Upload the résumé, wait until it is read, make an interview; returns its token."""
    assert call.resume is not None
    resume_id = _request(call, "/v1/resumes", _form(call.resume))["id"]
    ends = monotonic() + READ_S
    while (state := _request(call, f"/v1/resumes/{resume_id}"))["status"] == "queued":
        if monotonic() > ends:
            raise TalkError("the résumé is not read yet; does a worker run?")
        asyncio.run(asyncio.sleep(0.3))
    if state["status"] == "failed":
        raise TalkError(f"the résumé cannot be read: {state['error']['detail']}")
    body = json.dumps({"resume_id": resume_id}).encode()
    made = _request(call, "/v1/interviews/realtime", ("application/json", body))
    _say(f"# {made['target_role']} ({made['language']}), interview {made['interview_id']}")
    token: str = made["token"]
    return token


def _form(path: Path) -> tuple[str, bytes]:
    boundary = token_hex(16)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="resume.pdf"\r\n'
    kind = "Content-Type: application/pdf\r\n\r\n"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TalkError(f"{path}: {error.strerror}") from error
    body = (head + kind).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _request(call: Call, path: str, body: tuple[str, bytes] | None = None) -> dict[str, Any]:
    url = call.url
    if not url.startswith(("http://", "https://")):
        raise TalkError(f"{url} is no http address")
    headers = {"Content-Type": body[0]} if body else {}
    if call.key:
        headers["Authorization"] = f"Bearer {call.key}"
    request = urllib.request.Request(  # noqa: S310  (the scheme is checked above)
        url.rstrip("/") + path, data=body[1] if body else None, headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise TalkError(_problem(error.read(), error.code)) from error
    except (OSError, ValueError) as error:
        raise TalkError(f"{url} does not answer as viva does: {error}") from error
    return found


def _problem(body: bytes, status: int) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(body)["detail"])
    return f"the server answers {status}"


def _program(choices: Sequence[tuple[str, ...]], what: str) -> tuple[str, ...]:
    for choice in choices:
        if shutil.which(choice[0]):
            return choice
    names = ", ".join(choice[0] for choice in choices)
    raise TalkError(f"no program for {what} is there: {names}")
