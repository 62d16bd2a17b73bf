"""A recogniser behind an OpenAI-compatible server: ``POST /v1/audio/transcriptions``.

Every request has a deadline, a place among few at once, and a breaker that leaves a failing server
alone. Where it fails it says so, and the sound is given to another recogniser or kept: never is
there an empty text instead.
"""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any, Final

import structlog
from openai import AsyncStream

from server.clock import now
from server.core.events import Language
from server.engines import endpoint, gate
from server.engines.belief import believed, windows_of
from server.engines.lanes import MOST_FINALS, Batch, Tell
from server.engines.model_server import ModelServer
from server.engines.transcript_reply import Incoming, Told, Unreadable, read, sure
from server.engines.utterance import Heard, Trust, Utterance
from server.engines.whisper_batch import Decoded, Window
from server.ports import CANDIDATE_RATE, Busy, EngineError, Late, Superseded, Transcript, Unheard

AT_ONCE: Final = 16
CAPTIONS_AT_ONCE: Final = 6
"""Requests under way; those for captions leave room for final words."""

TIMEOUT_S: Final = 6.0
CAPTION_S: Final = 1.5
PAUSE_S: Final = 0.05
"""Before the second attempt, which is the last."""

PATH: Final = "/audio/transcriptions"
FORMS: Final[tuple[Mapping[str, Any], ...]] = (
    {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]},
    {"response_format": "json", "include": ["logprobs"]},
    {"response_format": "json"},
)
"""What is asked for, the best first; a server that does not understand one is asked for the
next."""

log = structlog.get_logger()


class _Failed(Unheard):
    """It counts against the server. ``again``: asking at once may help."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


class _NotUnderstood(Unheard):
    """The request holds something that the server does not know; another form may do."""


class TranscriptionServer:
    """A ``choice.Recognizer`` and ``ports.Captioner``. ``model``: the first that the server lists
    where none is given. ``limit``: final segments that may wait. ``timeout_s``: for the words of a
    window of at most 29 s."""

    def __init__(
        self,
        url: str,
        model: str | None = None,
        key: str | None = None,
        *,
        limit: int = MOST_FINALS,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._server = ModelServer(
            url, model or "", key, timeout_s, what="transcription", kept=True
        )
        self._limit = limit
        self._timeout_s = timeout_s
        self._places = asyncio.Semaphore(AT_ONCE)
        self._in_hand = [0, 0]
        self._life = 0
        self._renew()
        self._trust = Trust()
        self._nameless = count()
        self._watching: asyncio.Task[None] | None = None
        self.watchers: list[Callable[[Batch], None]] = []

    @property
    def name(self) -> str:
        return f"{self._server.label or 'first model listed'} at {self._server.place}"

    @property
    def why(self) -> str:
        return f"an OpenAI-compatible server at {self._server.place}"

    @property
    def waiting(self) -> tuple[int, int]:
        """Finals and captions that are asked for and have not come."""
        return self._in_hand[0], self._in_hand[1]

    @property
    def trouble(self) -> str:
        """Why nothing can be expected of it now; empty where nothing is known against it."""
        self._renew()
        return self._trouble or self._server.refusal(_now_ms()) or ""

    def covers(self, language: Language) -> bool:
        """A server does not say what it knows."""
        return True

    async def load(self, tell: Tell | None = None) -> None:
        """Also where nobody is there yet: it is looked at from now on."""
        if self._watching is None:
            await self._server.look()
            self._watching = asyncio.create_task(self._server.watch())

    async def check(self) -> tuple[bool, str]:
        """Whether words can be expected of it, without asking for any."""
        ok, why = await self._server.check()
        return (False, self.trouble) if ok and self.trouble else (ok, why)

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._server.close()

    async def transcribe(
        self,
        pcm: bytes,
        language: Language,
        context: str = "",
        *,
        session: str = "",
        partial: bool = False,
        begun: str = "",
    ) -> Transcript:
        """As the port says; a caption for which there is no place is Superseded. A server can not
        be told how it begins."""
        session = session or f"nameless {next(self._nameless)}"
        context = self._trust.context(session, context)
        utterance = Utterance(pcm, language, context, partial)
        async with self._admitted(partial=partial):
            heard = await self._heard(utterance)
        if not partial and heard.text:
            self._trust.remember(session, doubtful=heard.doubtful)
        return Transcript(heard.text, heard.words, self.name, heard.sure, heard.sounds_like)

    async def captions(
        self, pcm: bytes, language: Language, context: str = "", *, session: str = ""
    ) -> AsyncGenerator[str, None]:
        """As the port says."""
        utterance = Utterance(pcm, language, self._trust.context(session, context), partial=True)
        samples = gate.samples_of(pcm)
        async with self._admitted(partial=True):
            pieces = list(windows_of(utterance, samples))
            if len(pieces) != 1 or not self._streams:
                yield (await self._heard(utterance)).text
                return
            (_, window), text = pieces[0], ""
            async with aclosing(self._streamed(pcm, window)) as texts:
                async for text in texts:
                    yield text
            yield believed([(0, Told(text).decoded(window))], samples).text

    def _renew(self) -> None:
        """A server that came back may be another: what is known of it is learned anew."""
        if self._life != self._server.lives:
            self._life = self._server.lives
            self._form, self._streams, self._trouble = 0, True, ""

    # Who may ask now.

    @asynccontextmanager
    async def _admitted(self, *, partial: bool) -> AsyncIterator[None]:
        if partial and (self._places.locked() or self._in_hand[1] >= CAPTIONS_AT_ONCE):
            raise Superseded("final words go first")
        if not partial and self._in_hand[0] >= self._limit + AT_ONCE:
            raise Busy(f"{self._server.name} has {self._limit} utterances waiting")
        asked, began = now(), None
        self._in_hand[partial] += 1
        try:
            async with asyncio.timeout(CAPTION_S if partial else None):
                async with self._places:
                    began = now()
                    yield
        except TimeoutError as error:
            raise Late(f"{self._server.name} had no caption in time") from error
        finally:
            self._in_hand[partial] -= 1
            if began is not None:
                self._measure(asked, began, partial=partial)

    def _measure(self, asked: float, began: float, *, partial: bool) -> None:
        waited = (round((began - asked) * 1_000),)
        took_ms = round((now() - began) * 1_000)
        for watcher in self.watchers:
            watcher(Batch(self.name, int(not partial), int(partial), waited, took_ms))

    # What is asked.

    async def _heard(self, utterance: Utterance) -> Heard:
        """One window after the other: what is longer than one is not urgent."""
        samples = gate.samples_of(utterance.pcm)
        parts: list[tuple[int, Decoded]] = []
        all_told: list[Told] = []
        for start, window in windows_of(utterance, samples):
            told = await self._told(_cut(utterance.pcm, start, len(window.samples)), window)
            parts.append((start, told.decoded(window)))
            all_told.append(told)
        heard = believed(parts, samples)
        if any(told.log_probability is None for told in all_told):
            words = tuple(replace(word, sure=None) for word in heard.words)
            return replace(heard, words=words, sure=None)
        return heard if heard.words or not heard.text else replace(heard, sure=sure(all_told))

    async def _told(self, pcm: bytes, window: Window) -> Told:
        """In the best form that the server understands. Raises Unheard."""
        self._renew()
        last = len(FORMS) - 1
        if not window.timed:
            return await self._tried(pcm, window, FORMS[last])
        for form in range(self._form, last + 1):
            try:
                told = await self._tried(pcm, window, FORMS[form])
            except _NotUnderstood:
                if form == last:
                    raise
            else:
                self._form = form
                return told
        raise AssertionError("the last form returns or raises")

    async def _tried(self, pcm: bytes, window: Window, form: Mapping[str, Any]) -> Told:
        clock = asyncio.get_running_loop().time
        by = clock() + self._timeout_s
        try:
            return await self._attempt(pcm, window, form, by, last=False)
        except _Failed as failed:
            if not failed.again or clock() + PAUSE_S >= by:
                raise
        await asyncio.sleep(PAUSE_S)
        return await self._attempt(pcm, window, form, by, last=True)

    async def _attempt(
        self, pcm: bytes, window: Window, form: Mapping[str, Any], by: float, *, last: bool
    ) -> Told:
        async with self._request(last=last):
            async with asyncio.timeout_at(by):
                reply = await self._server.client.post(
                    PATH, **await self._body(pcm, window, form), cast_to=object
                )
            return read(reply, len(pcm) * 500 // CANDIDATE_RATE)

    async def _streamed(self, pcm: bytes, window: Window) -> AsyncGenerator[str, None]:
        """The text so far, each time that more of it came."""
        text, incoming = "", Incoming()
        try:
            async with self._request():
                stream = await self._server.client.post(
                    PATH,
                    **await self._body(pcm, window, {"response_format": "json", "stream": True}),
                    cast_to=object,
                    stream=True,
                    stream_cls=AsyncStream[object],
                )
                try:
                    if "event-stream" not in stream.response.headers.get("content-type", ""):
                        whole = json.loads(await stream.response.aread())
                        yield read(whole, 0).text
                        return
                    async for event in stream:
                        if (told := incoming.hear(event)) != text:
                            text = told
                            yield text
                finally:
                    await stream.close()
        except _NotUnderstood:
            self._streams = False
            raise

    async def _body(self, pcm: bytes, window: Window, form: Mapping[str, Any]) -> dict[str, Any]:
        """Below the typed method of the client, which knows OpenAI's models only."""
        body = {
            "model": await self._server.model_name(),
            "language": window.language,
            "temperature": 0,
            **({"prompt": window.context} if window.context else {}),
            **form,
        }
        files = {"file": ("speech.wav", _wav(pcm), "audio/wav")}
        return {
            "body": body,
            "files": files,
            "options": {"headers": {"Content-Type": "multipart/form-data"}},
        }

    # How it went.

    @asynccontextmanager
    async def _request(self, *, last: bool = True) -> AsyncIterator[None]:
        """One request: whether it may leave, and what is thought of the server after it. A kept
        connection may be broken where the server is not: before the last attempt that says nothing
        of it. Raises Unheard."""
        server = self._server
        if why := server.refusal(_now_ms()):
            raise Unheard(why)
        server.begin(_now_ms())
        try:
            yield
        except Exception as error:
            if last:
                server.failed(error)
            judged, ok = self._judged(error)
            server.ended(_now_ms(), ok=ok)
            raise judged from error
        except BaseException:  # cancelled: a caption that came too late, or nobody wants it
            server.ended(_now_ms(), ok=None)
            raise
        if self._trouble:
            log.info("transcription works again", at=server.place)
            self._trouble = ""
        server.ended(_now_ms(), ok=True)

    def _judged(self, error: Exception) -> tuple[Unheard, bool | None]:
        """The error to raise, and what the breaker is told."""
        name = self._server.name
        if isinstance(error, TimeoutError):
            judged: Unheard = Late(f"{name} had not written it down in time")
        elif endpoint.not_understood(error):
            return _NotUnderstood(f"{name} {endpoint.reason(error)}"), None
        elif isinstance(error, Unreadable):
            judged = _Failed(f"{name} sent something else than a transcript", again=False)
        elif isinstance(error, EngineError):
            judged = _Failed(str(error), again=False)
        else:
            judged = _Failed(f"{name} {_advised(error)}", again=endpoint.passing(error))
        if str(judged) != self._trouble:
            log.warning("transcription failed", reason=str(judged))
            self._trouble = str(judged)
        return judged, False


def _advised(error: Exception) -> str:
    """The failure in words, and what to do about it."""
    why = endpoint.reason(error)
    status = getattr(error, "status_code", None)
    if status in {401, 403}:
        return f"{why}: set VIVA_STT_API_KEY"
    return f"{why}: see VIVA_STT_URL and VIVA_STT_MODEL" if status == 404 else why


def _cut(pcm: bytes, start: int, samples: int) -> bytes:
    return pcm[2 * start : 2 * (start + samples)]


def _wav(pcm: bytes) -> bytes:
    into = io.BytesIO()
    with wave.open(into, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CANDIDATE_RATE)
        file.writeframes(pcm)
    return into.getvalue()


def _now_ms() -> int:
    return int(asyncio.get_running_loop().time() * 1_000)
