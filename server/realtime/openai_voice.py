"""The interviewer's voice in the OpenAI Realtime dialect: responses, of which one can be held."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.clock import now
from server.ports import VOICE_RATE
from server.realtime import wire
from server.realtime.conversation import Conversation, message
from server.realtime.dialects import SAMPLE_BYTES, question_item
from server.realtime.downlink import Downlink
from server.realtime.terms import Terms

Frames = Iterator[str | bytes]

AGAIN_MS = 200
"""So much of a held voice is said once more: no word begins in its middle, and a client whose place
we only guess misses nothing."""


@dataclass(slots=True)
class Response:
    """A question, or the rest of one that was held. ``from_ms``: where in the voice it begins."""

    turn: int
    id: str
    item_id: str
    text: str
    downlink: Downlink
    metadata: dict[str, str] | None
    began: float
    from_ms: int = 0
    sent_bytes: int = 0
    whole: bool = False
    """Its voice has been sent to the end."""
    cut_ms: int | None = None
    """The client played no more of it than this."""

    @property
    def place(self) -> dict[str, Any]:
        return {"response_id": self.id, "item_id": self.item_id}

    @property
    def sent_ms(self) -> int:
        return self.sent_bytes * 1_000 // self.downlink.audio.bytes_per_s

    def heard_ms(self) -> int:
        """How much of the voice was heard, as the client says, or can have been by now, at most."""
        if self.cut_ms is not None:
            return self.from_ms + self.cut_ms
        return self.from_ms + min(self.sent_ms, int((now() - self.began) * 1_000))

    @property
    def words(self) -> str:
        """Those that were heard, by their share of the voice. Of a voice that never came to its end
        nobody can tell."""
        if self.cut_ms is None or (self.whole and self.cut_ms >= self.sent_ms - AGAIN_MS):
            return self.text
        words = self.text.split()
        return " ".join(words[: self.cut_ms * len(words) // self.sent_ms if self.whole else 0])


class OpenAiVoice:
    """The question that is being spoken on one connection. These clients stop by themselves when
    they are told that somebody speaks, and cannot go on: what was held is said on as another
    response."""

    def __init__(self, terms: Terms, conversation: Conversation) -> None:
        self._terms = terms
        self._conversation = conversation
        self.metadata: dict[str, str] | None = None
        """Of the response that the client asked for and that has not begun."""
        self._running: Response | None = None
        self._last: Response | None = None
        self._items: list[str] = []
        self._said: dict[str, Response] = {}
        self._pcm = bytearray()
        self._whole = False
        self._held_ms: int | None = None
        self._muted: int | None = None

    @property
    def running(self) -> bool:
        """A response is being sent."""
        return self._running is not None

    @property
    def held(self) -> bool:
        return self._held_ms is not None

    def turn_of(self, item_id: str) -> int | None:
        """The turn whose question this item is, if no other has been asked since."""
        last = self._last
        return last.turn if last is not None and last.item_id == item_id else None

    def was_spoken(self, item_id: str) -> bool:
        return item_id in self._said

    def words(self, item_id: str) -> str:
        """What of a spoken item was heard."""
        return self._said[item_id].words

    def items_of(self, turn: int) -> list[str]:
        """Those of its question, newest first."""
        asked = self._last is not None and self._last.turn == turn
        return self._items[::-1] if asked else []

    def forget(self) -> None:
        """It is over: nothing of it is said on."""
        self._pcm.clear()
        self._held_ms = None

    def send(self, turn: int, text: str, offset: int, pcm: bytes) -> Frames:
        """A piece of the voice; at ``offset`` 0 one begins."""
        if offset == 0:
            self._muted, self._whole = None, False
            self.forget()
        if self._muted == turn:
            return
        self._pcm += pcm
        if not self.held:
            yield from self._respond(turn, text)
            yield from self._deltas(pcm)

    def sent(self, turn: int, text: str) -> Frames:
        """All of it."""
        if self._muted == turn:
            return
        self._whole = True
        if not self.held:
            yield from self._respond(turn, text)
            assert self._running is not None
            self._running.text = self._running.text or text  # of a person: known afterwards
            yield from self._done()

    def hush(self, turn: int) -> Frames:
        self.forget()
        if self._running is not None and self._running.turn == turn:
            yield from self._finish("cancelled", "turn_detected")

    def cancel(self) -> tuple[int, list[str | bytes]] | None:
        """The client wants no more of this response: its turn, and what to tell it; None where no
        response is running."""
        response = self._running
        if response is None:
            return None
        self._muted = response.turn
        return response.turn, list(self._finish("cancelled", "client_cancelled"))

    def heard(self) -> tuple[int, bool]:
        """How much of the last voice can have been heard, in ms, and whether that is all of it."""
        if self._last is None:
            return 0, False
        heard_ms = self._last.heard_ms()
        return heard_ms, self._whole and heard_ms >= self._ms - AGAIN_MS

    # Held.

    def hold(self, turn: int) -> Frames:
        if self._last is None or self._last.turn != turn or self._muted == turn:
            return
        self._held_ms = self._last.heard_ms()
        if self._running is not None:
            yield from self._finish("cancelled", "turn_detected")

    def cut(self, item_id: str, played_ms: int) -> int:
        """The client played so much of a spoken item, and no more; returns how much that can be."""
        response = self._said[item_id]
        before_ms = response.sent_ms if response.cut_ms is None else response.cut_ms
        response.cut_ms = min(played_ms, before_ms)
        if self._held_ms is not None and response is self._last:
            self._held_ms = min(self._held_ms, response.from_ms + response.cut_ms)
        return response.cut_ms

    def release(self, turn: int) -> Frames:
        """The rest of it, where there is any."""
        held_ms, self._held_ms = self._held_ms, None
        last = self._last
        if held_ms is None or last is None or last.turn != turn:
            return
        from_ms = max(0, held_ms - AGAIN_MS)
        at = from_ms * VOICE_RATE // 1_000 * SAMPLE_BYTES
        if at >= len(self._pcm) and self._whole:
            return
        rest = _rest(last.text, at / max(1, len(self._pcm)), last.from_ms / max(1, self._ms))
        yield from self._begin(turn, rest, from_ms)
        yield from self._deltas(bytes(self._pcm[at:]))
        if self._whole:
            yield from self._done()

    @property
    def _ms(self) -> int:
        return len(self._pcm) // SAMPLE_BYTES * 1_000 // VOICE_RATE

    # As events.

    def _deltas(self, pcm: bytes) -> Frames:
        assert self._running is not None
        yield from self._pieces(self._running, self._running.downlink.send(pcm))

    def _done(self) -> Frames:
        assert self._running is not None
        yield from self._pieces(self._running, self._running.downlink.finish())
        self._running.whole = True
        yield from self._finish("completed")

    def _pieces(self, response: Response, pieces: Iterator[bytes]) -> Frames:
        for piece in pieces:
            response.sent_bytes += len(piece)
            delta = base64.b64encode(piece).decode()
            event = wire.AudioDelta(**response.place, delta=delta)
            yield wire.Sound(wire.encode(event))

    def _respond(self, turn: int, text: str) -> Frames:
        if self._running is not None and self._running.turn == turn:
            return
        if self._running is not None:
            yield from self._finish("cancelled", "turn_detected")
        yield from self._begin(turn, text, 0)

    def _begin(self, turn: int, text: str, from_ms: int) -> Frames:
        item_id = self._conversation.name(question_item(turn))
        metadata, self.metadata = self.metadata, None
        response_id = item_id.replace("item_question", "resp")
        downlink = Downlink(self._terms.speaks)
        response = Response(turn, response_id, item_id, text, downlink, metadata, now(), from_ms)
        if self._last is None or self._last.turn != turn:
            self._items = []
        self._items.append(item_id)
        self._running = self._last = self._said[item_id] = response
        for event in self._begun(response):
            yield wire.encode(event)

    def _begun(self, response: Response) -> Iterator[wire.ServerEvent]:
        item = message(response.item_id, "assistant", "in_progress", [])
        created = self._body(response, "in_progress", None, [])
        yield wire.ResponseCreated(response=created)
        yield wire.OutputItemAdded(response_id=response.id, output_index=0, item=item)
        previous = self._conversation.add(item)
        yield wire.ItemAdded(item=dict(item), previous_item_id=previous)
        yield wire.PartAdded(**response.place, part={"type": "audio", "transcript": ""})
        if response.text:
            yield wire.TranscriptDelta(**response.place, delta=response.text)

    def _finish(self, status: str, reason: str | None = None) -> Frames:
        response, self._running = self._running, None
        assert response is not None
        for event in self._ended(response, status, reason):
            yield wire.encode(event)

    def _ended(
        self, response: Response, status: str, reason: str | None
    ) -> Iterator[wire.ServerEvent]:
        place, text = response.place, response.text
        item = message(
            response.item_id,
            "assistant",
            "completed" if status == "completed" else "incomplete",
            [{"type": "output_audio", "transcript": text}],
        )
        known = self._conversation.get(response.item_id)
        if known is not None:
            known.update(item)
        yield wire.AudioDone(**place)
        yield wire.TranscriptDone(**place, transcript=text)
        yield wire.PartDone(**place, part={"type": "audio", "transcript": text})
        yield wire.OutputItemDone(response_id=response.id, output_index=0, item=item)
        if known is not None:
            previous = self._conversation.before(response.item_id)
            yield wire.ItemDone(item=item, previous_item_id=previous)
        yield wire.ResponseDone(response=self._body(response, status, reason, [item]))

    def _body(
        self, response: Response, status: str, reason: str | None, output: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """No token is counted: no language model's tokens are the client's."""
        sound = {"format": response.downlink.audio.as_json(), "voice": self._terms.voice}
        none = {"text_tokens": 0, "audio_tokens": 0}
        usage = {
            "total_tokens": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "input_token_details": none | {"image_tokens": 0, "cached_tokens": 0},
            "output_token_details": none,
        }
        return {
            "id": response.id,
            "object": "realtime.response",
            "status": status,
            "status_details": {"type": status, "reason": reason} if reason else None,
            "output": output,
            "conversation_id": f"conv_{self._terms.interview_id}",
            "output_modalities": ["audio"],
            "max_output_tokens": "inf",
            "audio": {"output": sound},
            "metadata": response.metadata,
            "usage": usage,
        }


def _rest(text: str, share: float, begun: float) -> str:
    """The words from about this share of the voice on, of a text that begins at another."""
    words = text.removeprefix("… ").split()
    left = (share - begun) / max(1e-9, 1 - begun)
    return "… " + " ".join(words[min(len(words) - 1, int(left * len(words))) :])
