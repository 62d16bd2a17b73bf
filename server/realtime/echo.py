"""The interviewer's own voice, taken out of what the microphone hears.

A loudspeaker brings the voice back, louder or softer, 50 ms or more than a second later. The
canceller takes it out where it comes within half a second of what it is told was played. How late
it really comes is measured: the two sounds are compared band by band at every lag, and where the
echo lags by more, what was played is told later. Where no echo is found nothing is taken out: the
canceller would take the candidate's own voice for one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from server.ports import CANDIDATE_RATE, EchoCanceller
from server.realtime.echo_level import DECAY, EchoLevel, powers
from server.realtime.highpass import HighPass
from server.realtime.loudspeaker import Loudspeaker, Sound

FRAME = CANDIDATE_RATE // 100
AT_ONCE = 8
"""Frames that are dealt with together where there is no echo."""

LAGS = 140
"""Frames of 10 ms that an echo is looked for after what was played."""

LOOK_BACK = 100
LEAST = 30
"""Frames that are compared: a second, or at first so few that every lag can be."""

LOOK_EVERY = 8
LOOK_SELDOM = 25
"""Once it is known."""

ALIKE = 4.0
"""By the square root of the frames compared: the correlation from which two stretches are the same
sound. Of other people's speech one look in a hundred passes it, two at one lag hardly ever."""

STEADY = 2
FORGOTTEN_LOOKS = 32
"""So many in a row, 8 s of voice, without any likeness: earphones are in."""

NEAR, FAR = 2, 44
"""Frames: an echo that lags by this much the canceller deals with by itself."""

PLACED = 12
UNKNOWN_FRAMES, SUSPECT_FRAMES = 60, 120
"""Before anything is known of a room, what it sends is looked at that long before it is heard, and
longer while it resembles what is played."""

SUSPECT = 3.4

QUIET_FRAMES, MOST_FRAMES = 160, 250
"""Frames of the first voice after which a room that has stayed quiet, or brought nothing back that
is alike, is one without an echo."""

QUIET, STILL = 0.001, 2.0
"""Loudness below which nothing came back, and loud over soft frames below which it was a hiss."""

UNLIKE = 2.6
"""What is heard and resembles what is played no more than this is not its echo: it is left as it
is, where the canceller would weaken it."""

SOUND = 0.1
"""How much the bands have to change, by frame, for a stretch to be told from another: those of a
voice do by eight even at -42 dB, those of silence not at all."""

LIKE_NOW, TURNED_UP = 10, 0.5
"""Frames, and how like the voice they are where not the candidate is loud, but the loudspeaker."""

ABOVE_FRAMES = 5
"""So long after a frame that no echo can be the next are the candidate's too."""

FLOOR = np.float32(1e-4)
COMMON = np.float32(0.9)
BANDS = 16
WINDOW = np.hanning(2 * FRAME).astype(np.float32)
EDGES = np.unique(np.round(np.geomspace(3, 110, BANDS + 1)).astype(np.int64))
"""Of the bands, in bins of 50 Hz."""


Rows = NDArray[np.float32]
"""(frames, bands)."""


class Bands:
    """How loud each of sixteen bands is beside the others, a row for every 10 ms: what two voices
    have in common, that they speak and pause, is left out."""

    def __init__(self) -> None:
        self._before = np.zeros((1, FRAME), np.float32)

    def skip(self, frames: Sound) -> None:
        """They come before the next, and nobody asks for theirs."""
        self._before = np.divide(frames[-1:], np.float32(32_768), dtype=np.float32)

    def of(self, frames: Sound) -> Rows:
        """``frames`` (n, `FRAME`) go on where the last ones ended."""
        now = np.concatenate([self._before, frames / np.float32(32_768)])
        self._before = now[-1:]
        spectrum = np.fft.rfft(np.concatenate([now[:-1], now[1:]], axis=1) * WINDOW)
        spectrum = spectrum[:, : EDGES[-1]]
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        loud = np.log(np.add.reduceat(power, EDGES[:-1], axis=1) + FLOOR)
        rows: Rows = loud - COMMON * loud.mean(axis=1, keepdims=True)
        return rows


class Heard:
    """The newest of one sound in bands, reckoned when somebody looks."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bands = Bands()
        self._new: list[Sound] = []
        self._rows = np.zeros((0, BANDS), np.float32)
        self._count = 0

    def __len__(self) -> int:
        return min(self._count, self._most)

    def add(self, frames: Sound) -> None:
        self._new.append(frames)
        self._count += len(frames)

    def clear(self) -> None:
        if self._new:
            self._bands.skip(self._new[-1])
        self._new, self._rows, self._count = [], self._rows[:0], 0

    def rows(self) -> Rows:
        """At most so many as are kept, the newest last."""
        if self._new:
            new = np.concatenate(self._new)
            if len(new) > self._most:
                self._bands.skip(new[: -self._most])
                new = new[-self._most :]
            rows = self._bands.of(new)
            self._rows = np.concatenate([self._rows, rows])[-self._most :]
            self._new = []
        return self._rows


class Lag:
    """How many frames after it was played a sound is heard, where it is heard at all."""

    def __init__(self) -> None:
        self.frames: int | None = None
        self._played = Heard(LAGS + LOOK_BACK)
        self._heard = Heard(LOOK_BACK)
        self._before: int | None = None
        self._likeness: deque[float] = deque([0.0], UNKNOWN_FRAMES // LOOK_EVERY + 1)
        self._since = 0
        self._missed = 0

    def restart(self) -> None:
        """Another voice begins."""
        self._played.clear()
        self._heard.clear()
        self._before, self._since = None, 0

    def feed(self, heard: Sound, played: Sound) -> None:
        """(n, `FRAME`) of each, at the same time."""
        self._played.add(played)
        self._heard.add(heard)
        self._since += len(heard)
        if self.due <= 0:
            self._since = 0
            self._look()

    @property
    def due(self) -> int:
        """After so many frames more it is looked."""
        every = LOOK_EVERY if self.frames is None else LOOK_SELDOM
        return max(every - self._since, LEAST - len(self._heard))

    def _look(self) -> None:
        found, before = self._best(), self._before
        self._before = found
        if found is None:
            self._missed += self._likeness[-1] > 0  # where there was sound to compare
            if self._missed >= FORGOTTEN_LOOKS and self.frames is not None:
                self.frames = None
            return
        self._missed = 0
        if before is not None and abs(found - before) <= STEADY:
            self.frames = found

    def _best(self) -> int | None:
        length = min(LOOK_BACK, max(LEAST, len(self._played) - LAGS))
        heard = self._heard.rows()[-length:]
        heard = heard - heard.mean(axis=0)
        ours = float(np.square(heard).sum())
        if ours < SOUND * length:  # silence resembles everything
            self._likeness.append(0.0)
            return None
        played = self._played.rows()
        theirs = _spreads(played, length)
        told = theirs >= SOUND * length
        if not told.any():
            self._likeness.append(0.0)
            return None
        together = _along(heard @ played.T)
        alike = np.where(told, together / np.sqrt(np.maximum(theirs * ours, SOUND)), 0.0)
        best = int(alike.argmax())
        self._likeness.append(float(alike[best]) * length**0.5)
        return len(alike) - 1 - best if self._likeness[-1] >= ALIKE else None

    def like_now(self) -> float:
        """Correlation, in [-1, 1], of the newest frames with what was played so long before."""
        if self.frames is None or len(self._played) < self.frames + LIKE_NOW:
            return 0.0
        last = len(self._played) - self.frames
        played = self._played.rows()[last - LIKE_NOW : last]
        heard = self._heard.rows()[-LIKE_NOW:]
        played, heard = played - played.mean(), heard - heard.mean()
        both = float(np.square(played).sum() * np.square(heard).sum())
        return float((played * heard).sum() / np.sqrt(max(both, SOUND)))

    @property
    def likeness(self) -> float:
        """The most of the last looks, in the measure of ``ALIKE``."""
        return max(self._likeness)


def _spreads(rows: Rows, length: int) -> NDArray[np.float64]:
    """(lags,): of every stretch so long, how far its bands are from their means, squared."""
    sums = np.zeros((len(rows) + 1, BANDS + 1))
    np.cumsum(rows, axis=0, out=sums[1:, :BANDS])
    np.cumsum(np.einsum("tb,tb->t", rows, rows), out=sums[1:, BANDS])
    stretches = sums[length:] - sums[:-length]
    means = np.square(stretches[:, :BANDS]).sum(axis=1) / length
    spreads: NDArray[np.float64] = stretches[:, BANDS] - means
    return spreads


def _along(products: Rows) -> Rows:
    """(lags,): of ``products`` (heard, played), the sums where both go on together."""
    length, frames = products.shape
    row, column = products.strides
    shape, strides = (length, frames - length + 1), (row + column, column)
    diagonals = np.lib.stride_tricks.as_strided(products, shape, strides, writeable=False)
    sums: Rows = diagonals.sum(axis=0)
    return sums


class Echo:
    """One candidate's microphone, cleaned of the voice while that can be in it. It is as long as
    it was; while the canceller works it comes up to 10 ms later, and in the first seconds of the
    first voice half a second."""

    def __init__(self, canceller: Callable[[], EchoCanceller] | None) -> None:
        """``canceller`` makes one that knows nothing of the room; without it nothing is cleaned."""
        self.loudspeaker = Loudspeaker()
        self._new = canceller
        self._lag = Lag()
        self._canceller = None if canceller is None else canceller()
        self._shift = 0
        self._loudness: list[float] = []
        self._looking = canceller is not None
        self._rest = b""
        self._played: deque[Sound] = deque(maxlen=LAGS + SUSPECT_FRAMES + AT_ONCE)
        self._left: deque[float] = deque([0.0], LAGS + SUSPECT_FRAMES + AT_ONCE)
        self._level = EchoLevel()
        self._above = 0
        self._waiting: deque[tuple[Sound, float]] = deque()
        """Frames, and how loud each is."""

        self._highpass: HighPass | None = None

    def clean(self, pcm: bytes) -> bytes:
        """PCM16 mono 16 kHz as it was heard; what can be told of it by now, without the voice."""
        if self._new is None:
            return pcm
        if not self.loudspeaker.playing:
            return self.flush() + pcm
        sound = np.frombuffer(self._rest + pcm, "<i2")
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:].tobytes()
        frames = sound[:whole].reshape(-1, FRAME)
        loudness = self._loudness_of(frames)
        cleaned: list[Sound] = []
        while len(frames):
            some = self._at_once
            self._take(frames[:some], loudness[:some])
            frames, loudness = frames[some:], loudness[some:]
            while len(self._waiting) > self._most_waiting:
                cleaned.append(self._next())
        return b"".join(one.tobytes() for one in cleaned)

    def _loudness_of(self, frames: Sound) -> list[float]:
        """The power of each, where anything is decided by it. What is below every voice is in none
        of the bands that are compared, but it is loud."""
        if not self._looking and self._canceller is None:
            self._highpass = None
            return [0.0] * len(frames)
        if self._highpass is None:
            self._highpass = HighPass()
        voiced = np.frombuffer(self._highpass.of(frames.tobytes()), "<i2")
        return powers(voiced.reshape(-1, FRAME))

    @property
    def _at_once(self) -> int:
        """How many frames nothing can be decided within."""
        if self._looking or self._canceller is not None:
            return 1
        return max(1, min(AT_ONCE, self._lag.due - 1))

    @property
    def _most_waiting(self) -> int:
        if not self._looking:
            return 0
        return SUSPECT_FRAMES if self._lag.likeness >= SUSPECT else UNKNOWN_FRAMES

    def reported(self, turn: int, played_ms: int, *, complete: bool) -> None:
        """What the client says it has played; what is measured is better."""
        if self._lag.frames is None:
            self.loudspeaker.reported(turn, played_ms, complete=complete)

    def flush(self) -> bytes:
        """What was still looked at."""
        if not (self._rest or self._waiting or self._played):
            return b""
        rest, self._rest = self._rest, b""
        cleaned = b"".join(self._next().tobytes() for _ in range(len(self._waiting)))
        if self._played and not self.loudspeaker.playing:
            self._highpass = None
            self._played.clear()
            self._lag.restart()
        return cleaned + rest

    def _take(self, heard: Sound, loudness: Sequence[float]) -> None:
        """Frames, (n, `FRAME`), and how loud each is."""
        played = self.loudspeaker.play(heard.size).reshape(-1, FRAME)
        self._played.extend(played)
        for loud in powers(played):
            self._left.append(max(loud, DECAY * self._left[-1]))
        self._waiting.extend(zip(heard, loudness, strict=True))
        self._lag.feed(heard, played)
        if self._looking:
            self._look(loudness)
        lag = self._lag.frames
        if lag is None and not self._looking:
            self._canceller = None
        elif lag is not None:
            near = NEAR <= lag - self._shift <= FAR
            shift = self._shift if near else max(0, lag - PLACED)
            if self._canceller is None or shift != self._shift:
                self._shift = shift
                self._canceller = self._prepared()

    def _look(self, loudness: Sequence[float]) -> None:
        """Is this a room with an echo?"""
        before = len(self._loudness)
        self._loudness += [loud**0.5 for loud in loudness]
        first = self._loudness[:QUIET_FRAMES]
        quiet = before < QUIET_FRAMES <= len(self._loudness) and (
            max(first) < QUIET or max(first) < STILL * float(np.median(first))
        )
        if quiet or self._lag.frames is not None or len(self._loudness) > MOST_FRAMES:
            self._looking = False

    def _prepared(self) -> EchoCanceller | None:
        """One that has learned the room from what still waits before it cleans that."""
        if self._new is None:
            return None
        canceller = self._new()
        ago = len(self._waiting)
        for heard, _ in self._waiting:
            ago -= 1
            canceller.cancel(heard, self._played_with(ago))
        return canceller

    def _next(self) -> Sound:
        heard, loud = self._waiting.popleft()
        if self._canceller is None:
            return heard
        ago = len(self._waiting)
        cleaned = self._canceller.cancel(heard, self._played_with(ago))
        lag = self._lag.frames
        if lag is None:
            return heard if self._lag.likeness < UNLIKE else cleaned
        self._above -= 1
        outdone = self._level.outdone(loud, self._left_at(ago + lag))
        if outdone and self._lag.like_now() < TURNED_UP:
            self._above = ABOVE_FRAMES
        return heard if self._above > 0 else cleaned

    def _left_at(self, ago: int) -> float:
        """What of the voice can have been in the room so long ago, or a little later."""
        at, last = len(self._left) - 1 - ago, len(self._left)
        return max(
            (self._left[n] for n in range(max(0, at), min(last, at + NEAR + 2))), default=0.0
        )

    def _played_with(self, ago: int) -> Sound:
        """What is told to have been played when the frame was heard after which ``ago`` came."""
        at = len(self._played) - 1 - ago - self._shift
        return self._played[at] if at >= 0 else np.zeros(FRAME, np.int16)
