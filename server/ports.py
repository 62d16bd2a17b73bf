"""What the interview needs from engines: one small Protocol each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from server.core.events import Language, SoundsLike, Word
from server.core.understanding import Understood
from server.faults import Judged

CANDIDATE_RATE = 16_000
"""Hz of the candidate's PCM16 mono audio inside the server."""

VOICE_RATE = 24_000
"""Hz of the interviewer's PCM16 mono voice inside the server."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Recognised speech; word times in ms from the start of the audio that was given.

    Without ``text`` the engine heard that nothing was said: where it could not hear, it raises.
    ``words`` is empty where the engine has no word times. ``engine`` names library, model and
    device, e.g. ``whisper small int8 cpu``. ``sure``: how likely the text is what was said, in
    [0, 1], and ``sounds_like`` in which language; None where the engine does not tell.
    """

    text: str
    words: tuple[Word, ...]
    engine: str
    sure: float | None = None
    sounds_like: SoundsLike | None = None


class EngineError(Exception):
    """An engine could not do its work; the message says what to do, without personal data."""


class VoiceDetector(Protocol):
    """Voice activity of many streams in one call. Not thread-safe: one caller at a time."""

    window: int
    """Samples per window at 16 kHz (512 = 32 ms)."""

    def open(self) -> int:
        """Reserve state for one stream; returns its row."""

    def close(self, row: int) -> None: ...

    def probabilities(
        self, windows: NDArray[np.float32], rows: Sequence[int]
    ) -> NDArray[np.float32]:
        """``windows`` (B, window) in [-1, 1], each row at most once; returns (B,) in [0, 1]."""


class EchoCanceller(Protocol):
    """One stream. Not thread-safe."""

    def cancel(self, heard: NDArray[np.int16], played: NDArray[np.int16]) -> NDArray[np.int16]:
        """``heard`` without what comes back in it of ``played``, now and in earlier calls: 16 kHz
        mono, both equally long, a multiple of 10 ms. Finds an echo by itself that comes up to 0.4 s
        after what was played."""


class Unheard(EngineError):
    """The recogniser could not make words of this sound: it failed, died, or is not there. That is
    not silence; the same sound may be given to it again, later."""


class Busy(Unheard):
    """The recogniser's queue is over its limit; trying again a little later may help."""


class Late(Unheard):
    """The recogniser did not answer in time."""


class Superseded(EngineError):
    """A partial that nobody needs any more: a newer one, or the final, took its place."""


class SpeechRecognizer(Protocol):
    """Speech to text. Runs in an executor of its own; cancelling the await abandons the result."""

    @property
    def name(self) -> str: ...

    def covers(self, language: Language) -> bool: ...

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
        """``pcm``: PCM16 mono 16 kHz. ``context``: the words just before. ``session``: who asks,
        for fairness between them. ``partial``: a caption while the speech goes on. ``begun``: the
        words that it begins with, which need not be found again; part of what is returned.

        Raises Unheard (Busy, Late), and Superseded for a partial; never an empty text instead.
        """

    async def close(self) -> None: ...


@runtime_checkable
class Captioner(Protocol):
    """A recogniser that tells words while it is still at work."""

    def captions(
        self, pcm: bytes, language: Language, context: str = "", *, session: str = ""
    ) -> AsyncGenerator[str, None]:
        """All words so far, each time that there are more; the last are those of the caption.
        Raises as ``SpeechRecognizer.transcribe`` does."""


class TurnDetector(Protocol):
    """Whether a speaker sounds finished. Runs in an executor of its own."""

    name: str

    async def finished(self, pcm: bytes) -> float:
        """``pcm``: PCM16 mono 16 kHz, the answer so far with the pause that ends it; only its last
        seconds count. Returns a probability. Raises EngineError."""

    async def close(self) -> None: ...


class Understanding(Protocol):
    """What a finished utterance means. Runs in an executor of its own."""

    name: str

    async def understand(self, question: str, utterance: str, language: Language) -> Understood:
        """``question``: what was asked before it, may be empty. ``utterance``: as recognised,
        of any length; an empty one is garbled. Raises EngineError."""

    async def nearest(self, utterance: str, samples: Mapping[str, Sequence[str]]) -> str | None:
        """The name of the samples it says the same as; None where it is far from all of them.
        Raises EngineError."""

    async def judge(self, text: str, role: str, answer: str) -> Judged | None:
        """What is wrong with saying ``text`` to a candidate for ``role``, by its meaning; None
        where it may be said. ``answer``: what it follows, may be empty. Raises EngineError."""


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message; ``role`` is system, user or assistant."""

    role: str
    content: str


class QuestionWriter(Protocol):
    """A language model behind an OpenAI-compatible server."""

    @property
    def model(self) -> str:
        """Name and version of the model that wrote last."""

    @property
    def context(self) -> int | None:
        """Tokens that a prompt and its reply may have together, where that is known."""

    def write(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        session: str = "",
    ) -> AsyncGenerator[str]:
        """Stream the reply as text deltas. Closing the iterator aborts. ``schema``: of the JSON it
        is to be, which binds where the server can be bound. ``session``: whose prompts these are,
        so that they go where their beginning is known. Raises EngineError."""

    async def write_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        session: str = "",
        max_tokens: int | None = None,
    ) -> dict[str, Any]:
        """One JSON object, as ``write``. Raises EngineError."""

    async def close(self) -> None: ...


class EvidenceReader(Protocol):
    """A language model that points at sentences."""

    @property
    def model(self) -> str:
        """Name and version of the model that replied last."""

    async def write_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        session: str = "",
        max_tokens: int | None = None,
        temperature: float = 0.0,
        seed: int | None = None,
    ) -> dict[str, Any]:
        """One JSON object of that schema, as far as the server can be bound to it. ``seed``: of
        what chance there is. Raises EngineError."""

    async def close(self) -> None: ...


class MailFailed(Exception):
    """A mail was not taken this time. ``code``: why, without what it says or to whom."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefused(MailFailed):
    """It never will be: to try again is no use."""


class Mail(Protocol):
    """Hands mail over to a server that delivers it."""

    async def send(self, to: str, subject: str, text: str, *, mail_id: str) -> None:
        """``to``: one address. ``mail_id``: the same where the same mail is sent once more.
        Raises MailFailed, MailRefused."""


class HookFailed(Exception):
    """An event was not taken this time. ``code``: why, without where it was sent; ``status``: of
    HTTP, where there was an answer."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Hook(Protocol):
    """Hands events over to addresses that organisations chose."""

    async def call(self, url: str, secret: bytes, message_id: str, body: bytes) -> int:
        """``message_id``: the same where the same is sent once more. The status of the answer, of
        success. Raises HookFailed."""


class FileInfected(Exception):
    """A scanner found something in a file that does harm."""


class ScannerAway(Exception):
    """It did not say whether a file does harm. ``str()``: why, without what is in the file."""


class Scanner(Protocol):
    """Looks for what does harm in files that strangers sent."""

    async def scan(self, content: bytes) -> None:
        """A whole file. Raises FileInfected, ScannerAway."""


class Voice(Protocol):
    """Text to speech."""

    name: str

    def speak(self, text: str, language: Language, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Stream PCM16 mono 24 kHz. ``rate``: 1 is the voice's usual one, less is slower. Closing
        the iterator stops it. Raises EngineError."""

    async def close(self) -> None: ...
