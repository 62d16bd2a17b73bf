"""espeak-ng in a process of its own: requests in on stdin, raw audio out on stdout.

Run as a script with the standard library alone: ``espeak_child.py LIBRARY DATA PARENT_PID``.

Every frame is ``u32 request, u8 kind, u32 length`` (little-endian) and ``length`` bytes. In: SPEAK
(language, NUL, share of the usual rate, NUL, text, all UTF-8), CANCEL. Out: AUDIO (PCM16 mono),
DONE, FAILED (reason), and first of all READY (u32 sample rate). End of input ends the process.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import struct
import sys
import threading
from typing import BinaryIO

HEADER = struct.Struct("<IBI")
READY, SPEAK, CANCEL, AUDIO, DONE, FAILED = range(6)

VOICES = {b"en": (b"en-us", 160), b"ko": (b"ko", 165)}
"""Voice and rate. A question is heard once, so both are a little slower than conversation."""

SYNCHRONOUS = 2
DONT_EXIT = 0x8000
BUFFER_MS = 60
RATE_PARAMETER = 1
UTF8 = 1
PR_SET_PDEATHSIG = 1

Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Synthesiser:
    """The one espeak-ng engine that a process can have."""

    def __init__(self, library: str, data: str, out: BinaryIO) -> None:
        self._espeak = ctypes.CDLL(library)
        self.rate = self._espeak.espeak_Initialize(SYNCHRONOUS, BUFFER_MS, data.encode(), DONT_EXIT)
        if self.rate <= 0:
            raise RuntimeError("espeak-ng found no usable data")
        self._out = out
        self._callback = Callback(self._audio)
        self._espeak.espeak_SetSynthCallback(self._callback)
        self._request = 0
        self.given_up: set[int] = set()

    def send(self, request: int, kind: int, payload: bytes = b"") -> None:
        self._out.write(HEADER.pack(request, kind, len(payload)) + payload)
        self._out.flush()

    def speak(self, request: int, language: bytes, share: float, text: bytes) -> None:
        voice, rate = VOICES[language]
        self._request = request
        if self._espeak.espeak_SetVoiceByName(voice) != 0:
            raise RuntimeError("espeak-ng has no voice for this language")
        self._espeak.espeak_SetParameter(RATE_PARAMETER, round(rate * share), 0)
        failed = self._espeak.espeak_Synth(
            text, ctypes.c_size_t(len(text) + 1), 0, 0, 0, UTF8, None, None
        )
        if failed:
            raise RuntimeError("espeak-ng could not speak this text")

    def _audio(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
        if self._request in self.given_up:
            return 1
        if count > 0:
            self.send(self._request, AUDIO, ctypes.string_at(samples, count * 2))
        return 0


def die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def read_requests(
    source: BinaryIO, waiting: queue.Queue[tuple[int, bytes]], given_up: set[int]
) -> None:
    while len(head := source.read(HEADER.size)) == HEADER.size:
        request, kind, length = HEADER.unpack(head)
        payload = source.read(length)
        if kind == SPEAK:
            waiting.put((request, payload))
        elif kind == CANCEL:
            given_up.add(request)
    os._exit(0)


def main(library: str, data: str, parent: int) -> None:
    die_with(parent)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the library prints must not land between frames
    engine = Synthesiser(library, data, out)
    waiting: queue.Queue[tuple[int, bytes]] = queue.Queue()
    reader = threading.Thread(
        target=read_requests, args=(sys.stdin.buffer, waiting, engine.given_up), daemon=True
    )
    reader.start()
    engine.send(0, READY, struct.pack("<I", engine.rate))
    while True:
        request, payload = waiting.get()
        language, share, text = payload.split(b"\0", 2)
        try:
            if request not in engine.given_up:
                engine.speak(request, language, float(share), text)
            engine.send(request, DONE)
        except (RuntimeError, KeyError) as error:
            engine.send(request, FAILED, str(error).encode())
        # Requests come in order, so giving up an earlier one can only have come too late.
        engine.given_up -= {number for number in tuple(engine.given_up) if number <= request}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
