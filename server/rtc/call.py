"""One call: a browser's sound and events on one side, the interview's connection on the other."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Any, Final

import structlog
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcconfiguration import RTCBundlePolicy

from server.background import end
from server.ports import VOICE_RATE
from server.rtc import events
from server.rtc.link import OVER, Ended, Link
from server.rtc.playout import Playout
from server.rtc.voice import VoiceTrack
from server.switchboard import Offer

CHANNEL: Final = "oai-events"
LONGEST_SDP: Final = 64 * 1024
COME_S: Final = 20.0
"""How long a browser may take to find its way here."""
FAREWELL_S: Final = 60.0
"""The last words are played to their end."""
LAST_S: Final = 0.2
"""So long the last packet is on its way."""
PIECE_BYTES: Final = VOICE_RATE * 2 * 40 // 1_000
"""Sound goes on in events of 40 ms."""
GOODBYE_S: Final = 1.0
MOST_KEPT: Final = 2_000
"""Events for a browser whose channel is not open yet."""
OPUS: Final = re.compile(r"a=rtpmap:(\d+) opus/48000/2\r\n")
MEDIA: Final = re.compile(r"^m=(\w+) ", re.MULTILINE)

log = structlog.get_logger()


class NoOffer(Exception):
    """It cannot be answered; the message says why."""


class Call:
    """``server``: where the interview is, as of Link."""

    def __init__(self, offer: Offer, server: str) -> None:
        self.call_id = offer.call_id
        self._log = log.bind(call=offer.call_id)
        self._offer = offer
        self._peer = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._link = Link(server, offer.secret, offer.model, self._hear)
        self._playout = Playout(self._say)
        self._voice = VoiceTrack(self._playout)
        self._channel: RTCDataChannel | None = None
        self._kept: list[str] = []
        self._greeted = False
        self._connected = asyncio.Event()
        self._gone = asyncio.Event()
        self._shut = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def answer(self) -> str:
        """SDP. Raises NoOffer."""
        _examine(self._offer.sdp)
        peer = self._peer
        peer.on("track", self._track)
        peer.on("datachannel", self._opened)
        peer.on("connectionstatechange", self._changed)
        try:
            spoken = RTCRtpSender.getCapabilities("audio").codecs
            opus = [codec for codec in spoken if codec.mimeType == "audio/opus"]
            peer.addTransceiver(self._voice).setCodecPreferences(opus)
            await peer.setRemoteDescription(RTCSessionDescription(self._offer.sdp, "offer"))
            await peer.setLocalDescription(await peer.createAnswer())
        except Exception as error:  # whatever a stranger's SDP makes of the library
            self._log.info("an offer was not understood", error=type(error).__name__)
            raise NoOffer("it cannot be understood, or nothing of it is spoken here") from error
        return _with_fec(peer.localDescription.sdp)

    async def run(self) -> None:
        """Until either side ends it."""
        try:
            async with asyncio.timeout(COME_S):
                await self._connected.wait()
        except TimeoutError:
            self._log.info("nobody came to a call")
            return
        linked = asyncio.create_task(self._link.run())
        gone = asyncio.create_task(self._gone.wait())
        try:
            await asyncio.wait({linked, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                await self._farewell(linked.result())
        finally:
            await end(linked, gone)

    async def close(self) -> None:
        if self._listening is not None:
            await end(self._listening)
        if self._channel is not None and self._channel.readyState == "open":
            # A channel that goes with its connection is an error to a browser.
            self._channel.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await self._shut.wait()
        await self._peer.close()

    def hang_up(self) -> None:
        self._gone.set()

    async def _farewell(self, ended: Ended) -> None:
        self._log.info("an interview's connection ended", code=ended.code)
        if ended.code != OVER:
            reason = ended.reason or "the interview cannot be reached"
            self._say(events.failed("connection_closed", reason, "server_error"))
            return
        self._playout.end()
        self._voice.come.set()
        played = asyncio.create_task(self._playout.idle.wait())
        gone = asyncio.create_task(self._gone.wait())
        await asyncio.wait({played, gone}, timeout=FAREWELL_S, return_when=asyncio.FIRST_COMPLETED)
        await end(played, gone)
        await asyncio.sleep(LAST_S)

    # The browser.

    def _changed(self) -> None:
        state = self._peer.connectionState
        if state == "connected":
            self._connected.set()
        elif state in ("failed", "closed"):
            self._gone.set()

    def _track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        pcm = b""
        with contextlib.suppress(MediaStreamError):
            while True:
                frame: Any = await track.recv()  # bytes, as ``parts`` decodes them
                pcm += frame
                if len(pcm) >= PIECE_BYTES:
                    self._link.send(events.append(pcm))
                    pcm = b""

    def _opened(self, channel: RTCDataChannel) -> None:
        if channel.label != CHANNEL or self._channel is not None:
            return
        self._channel = channel
        channel.on("message", self._take)
        channel.on("close", self._closed)
        kept, self._kept = self._kept, []
        for text in kept:
            channel.send(text)

    def _closed(self) -> None:
        self._shut.set()
        self._gone.set()

    def _take(self, message: str | bytes) -> None:
        """What the browser says."""
        text = message if isinstance(message, str) else message.decode(errors="replace")
        event = events.decoded(text)
        match event.get("type") if event is not None else None:
            case events.CLEAR:
                self._stop_playing()
            case events.APPEND:
                said = "sound comes by the track of this call, not by events"
                self._say(events.failed("not_on_this_connection", said))
            case events.UPDATE if event is not None:
                text = events.encoded(events.without_formats(event))
                self._link.update = text
                self._link.send(text)
            case _:
                self._link.send(text)

    def _say(self, event: dict[str, Any]) -> None:
        self._pass_on(events.told(event))

    def _pass_on(self, text: str) -> None:
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(text)
        elif self._channel is None and len(self._kept) < MOST_KEPT:
            self._kept.append(text)

    # The interview.

    def _hear(self, text: str) -> None:
        """What the server says."""
        event = events.decoded(text)
        kind = event.get("type") if event is not None else None
        if event is None or kind is None:
            return
        if kind == events.DELTA:
            pcm = events.sound(event)
            self._playout.add(event["response_id"], event["item_id"], pcm)
            self._voice.come.set()
            return
        if kind == events.CREATED:
            if self._greeted:
                # We came back, of which the browser need not know. What was being said is said
                # anew; the rest of it will never come.
                self._playout.clear()
                return
            self._greeted = True
        self._pass_on(text)
        if kind == events.AUDIO_DONE:
            self._playout.finish(event["response_id"])
            self._voice.come.set()
        elif kind == events.SPEECH_STARTED or _cancelled(event):
            self._stop_playing()

    def _stop_playing(self) -> None:
        """The browser plays no more of it, and the server learns how much was heard."""
        for cut in self._playout.clear():
            self._link.send(events.truncate(cut.item_id, cut.played_ms))


def _cancelled(event: dict[str, Any]) -> bool:
    if event["type"] != events.RESPONSE_DONE:
        return False
    return bool(event["response"].get("status") == "cancelled")


def _examine(sdp: str) -> None:
    """Raises NoOffer."""
    if len(sdp) > LONGEST_SDP:
        raise NoOffer("it is longer than any is")
    kinds = MEDIA.findall(sdp)
    if kinds.count("audio") != 1 or set(kinds) - {"audio", "application"}:
        raise NoOffer("it has to have one audio section, besides one data channel at most")


def _with_fec(sdp: str) -> str:
    """Asks the browser to tell in each packet what was in the one before it, too."""
    found = OPUS.search(sdp)
    if found is None or "useinbandfec" in sdp:
        return sdp
    line = f"a=fmtp:{found[1]} minptime=10;useinbandfec=1\r\n"
    return sdp[: found.end()] + line + sdp[found.end() :]
