"""The OpenAI Realtime (GA) dialect: its events only, in the order that stock clients rely on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    Fact,
    Floor,
    FloorPassed,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    SpeechStarted,
    SpeechStopped,
)
from server.core.events.answer import TYPED
from server.realtime import wire
from server.realtime.conversation import Conversation, message
from server.realtime.dialects import answer_item, usage_of_answer
from server.realtime.openai_voice import Frames, OpenAiVoice
from server.realtime.progress import Progress
from server.realtime.terms import Terms


@dataclass(slots=True)
class Speech:
    """An answer while it is being spoken; it becomes an item when it is over."""

    turn: int
    item_id: str
    end_ms: int = 0
    shown: str = ""
    unsaid: str = ""
    """Words that the next delta begins with: nobody knew yet to which answer they belong."""
    segment: int = 0
    shown_of_segment: str = ""
    words: str = ""
    error: str | None = None


class RealtimeDialect:
    """One connection. ``floor`` and ``heard`` (a question on this connection) as last told."""

    marks = speaks = False

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.conversation = Conversation()
        self.asking = OpenAiVoice(terms, self.conversation)
        self.floor: Floor | None = None
        self.heard = False
        self.typed: str | None = None
        """The item of an answer that the client typed and that has not been taken up."""
        self.handed_in = False
        """The client said that the answer is complete, and the floor has not passed yet."""
        self._asked: list[QuestionAsked] = []
        self._answers: dict[int, str] = {}
        """The item of each turn's answer."""
        self._speech: Speech | None = None
        self._given: dict[int, str] = {}
        """The text of each turn's answer."""
        self._goes_on_from = ""
        """What was said before of an answer that is open again. Its new item holds the whole, and
        clients join deltas: they begin with this."""

    def greeting(self, session: Mapping[str, Any], turn: int) -> Frames:
        self.terms.interview_id = session["interview_id"]
        self.terms.language = session["language"]
        yield wire.encode(wire.SessionCreated(session=self.terms.session()))

    def recall(self, facts: Sequence[Fact]) -> Frames:
        """A stock client keeps its own conversation. Only the running question matters, and the
        newest answer: it may have been given while the client was away, and has the same id."""
        newest: AnswerGiven | None = None
        for fact in facts:
            if isinstance(fact, QuestionAsked):
                self._asked.append(fact)
            elif isinstance(fact, QuestionTakenBack):
                self._asked.pop()
                newest, self._goes_on_from = None, self._given.get(fact.reopened, "")
            elif isinstance(fact, AnswerGiven | AnswerRevised):
                self._given[fact.turn], self._goes_on_from = fact.text, ""
                newest = fact if isinstance(fact, AnswerGiven) else newest
        if newest is not None:
            yield from map(wire.encode, self._answer(newest))

    @property
    def _question(self) -> QuestionAsked | None:
        return self._asked[-1] if self._asked else None

    def fact(self, fact: Fact) -> Frames:
        for event in self._events(fact):
            yield wire.encode(event)

    def _events(self, fact: Fact) -> Iterator[wire.ServerEvent]:
        match fact:
            case FloorPassed():
                self.floor, self.handed_in = fact.floor, False
                self.heard = self.heard or fact.floor == "listening"
                if fact.floor == "speaking":
                    yield from self._give_up_speech()
                elif fact.floor == "listening":
                    self.asking.forget()
            case QuestionAsked():
                yield from self._give_up_speech()
                self._goes_on_from = ""
                self._asked.append(fact)
            case QuestionTakenBack():
                yield from self._take_back(fact)
            case SpeechStarted():
                yield from self._speech_started(fact)
            case SpeechStopped() | SegmentHeard() | SegmentPending() if self._speech is not None:
                yield from self._more(self._speech, fact)
            case AnswerGiven() if self._question is None or fact.turn == self._question.turn:
                yield from self._answer(fact)
            case AnswerRevised():
                yield from self._revise(fact)

    def speak(self, turn: int, text: str, language: str, rate: float) -> Frames:
        """These clients play what they are sent."""
        yield from ()

    def stored(self, audio_ms: int) -> Frames:
        """Nothing of OpenAI's says so."""
        yield from ()

    def company(self, people: int, listening: int) -> Frames:
        """Nothing of OpenAI's says so."""
        yield from ()

    def progress(self, progress: Progress) -> Frames:
        """Nothing of OpenAI's says so."""
        yield from ()

    def typing_taken(self, turn: int, item: str) -> Frames:
        """A stock client was told of its item at once."""
        yield from ()

    def _take_back(self, fact: QuestionTakenBack) -> Iterator[wire.ServerEvent]:
        """The question was not asked, and the answer before it goes on, as an item of its own that
        will hold the whole: both are deleted."""
        self._asked.pop()
        self._goes_on_from = self._given.get(fact.reopened, "")
        if self._speech is not None and self._speech.turn == fact.turn:
            self._speech.turn = fact.reopened  # it was told while the question was held
            self._go_on(self._speech)
        for item_id in (*self.asking.items_of(fact.turn), self._answers.pop(fact.reopened, None)):
            if item_id is not None and self.conversation.take_back(item_id):
                yield wire.ItemDeleted(item_id=item_id)

    # The candidate's half.

    @property
    def spoken(self) -> bool:
        """Something has been said to the question that is waiting for its answer."""
        return self._speech is not None

    def _speech_started(self, fact: SpeechStarted) -> Iterator[wire.ServerEvent]:
        if self._speech is not None and self._speech.turn == fact.turn:
            return
        item_id = self.conversation.name(answer_item(fact.turn))
        self._speech = Speech(fact.turn, item_id, fact.at_ms)
        self._go_on(self._speech)
        if self.terms.detects_turns:
            yield wire.SpeechStartedEvent(item_id=item_id, audio_start_ms=fact.at_ms)

    def _go_on(self, speech: Speech) -> None:
        before = self._goes_on_from
        speech.words = f"{before} {speech.words}".strip()
        speech.unsaid = f"{before} {speech.unsaid.lstrip()}".strip()

    def _more(
        self, speech: Speech, fact: SpeechStopped | SegmentHeard | SegmentPending
    ) -> Iterator[wire.ServerEvent]:
        if isinstance(fact, SpeechStopped):
            speech.end_ms = fact.at_ms
        elif fact.turn != speech.turn:
            return
        elif isinstance(fact, SegmentHeard):
            yield from self._segment(speech, fact)
        else:
            speech.error = speech.error or fact.reason

    def partial(self, turn: int, segment: int, text: str, tentative: str = "") -> Frames:
        """Only for an item that ``speech_started`` has announced; ``completed`` counts. A delta
        stands: nothing of OpenAI's can say what is tentative."""
        speech = self._speech
        if speech is None or speech.turn != turn or not self.terms.detects_turns:
            return
        if segment != speech.segment:
            speech.segment, speech.shown_of_segment = segment, ""
        speech.shown_of_segment += text
        for event in self._show(speech, text, new=speech.shown_of_segment == text):
            yield wire.encode(event)

    def _segment(self, speech: Speech, fact: SegmentHeard) -> Iterator[wire.ServerEvent]:
        if fact.background:
            return  # another's voice; where it is all that there is, the transcript has it
        speech.words = f"{speech.words} {fact.text}".strip()
        speech.error = speech.error or fact.error
        shown = speech.shown_of_segment if speech.segment == fact.segment else ""
        if fact.text.startswith(shown) and self.terms.detects_turns:
            yield from self._show(speech, fact.text[len(shown) :], new=not shown)
        speech.segment, speech.shown_of_segment = fact.segment, fact.text

    def _show(self, speech: Speech, text: str, *, new: bool) -> Iterator[wire.ServerEvent]:
        apart = " " if text and new and (speech.shown or speech.unsaid) else ""
        speech.unsaid += apart + text
        if self.asking.held or not speech.unsaid or self.terms.transcription is None:
            return
        delta, speech.unsaid = speech.unsaid, ""
        speech.shown += delta
        yield wire.TranscriptionDelta(item_id=speech.item_id, content_index=0, delta=delta)

    def _answer(self, fact: AnswerGiven) -> Iterator[wire.ServerEvent]:
        speech, self._speech = self._speech, None
        typed, self.typed = self.typed, None
        self._given[fact.turn], self._goes_on_from = fact.text, ""
        if speech is not None and speech.turn == fact.turn:
            self._answers[fact.turn] = speech.item_id
            yield from self._spoken_item(speech)
            usage = usage_of_answer(fact)
            yield from self._transcript(speech.item_id, fact.text, usage, speech.error)
        elif fact.engine != TYPED:  # it was said on an earlier connection
            item_id = self._answers[fact.turn] = self.conversation.name(answer_item(fact.turn))
            yield from self._sound_item(item_id)
            yield from self._transcript(item_id, fact.text, usage_of_answer(fact), None)
        elif typed is None:
            item_id = self.conversation.name(answer_item(fact.turn))
            content = [{"type": "input_text", "text": fact.text}]
            yield from self.announce(message(item_id, "user", "completed", content))

    def _revise(self, fact: AnswerRevised) -> Iterator[wire.ServerEvent]:
        """Its transcript is told once more, whole, where the client knows the item."""
        self._given[fact.turn] = fact.text
        item_id = self._answers.get(fact.turn, answer_item(fact.turn))
        item = self.conversation.get(item_id)
        if item is not None and item["content"][0]["type"] == "input_audio":
            usage = {"type": "duration", "seconds": 0.0}
            yield from self._transcript(item_id, fact.text, usage, None)

    def _give_up_speech(self) -> Iterator[wire.ServerEvent]:
        """What was said turned out to be no answer: it is an item all the same."""
        speech, self._speech = self._speech, None
        if speech is None:
            return
        usage = {"type": "duration", "seconds": 0.0}
        yield from self._spoken_item(speech)
        yield from self._transcript(speech.item_id, speech.words, usage, speech.error)

    def _spoken_item(self, speech: Speech) -> Iterator[wire.ServerEvent]:
        if self.terms.detects_turns:
            yield wire.SpeechStoppedEvent(item_id=speech.item_id, audio_end_ms=speech.end_ms)
        last = self.conversation.last
        yield wire.Committed(item_id=speech.item_id, previous_item_id=last)
        yield from self._sound_item(speech.item_id)

    def _sound_item(self, item_id: str) -> Iterator[wire.ServerEvent]:
        content = [{"type": "input_audio", "transcript": None}]
        yield from self.announce(message(item_id, "user", "completed", content))

    def _transcript(
        self, item_id: str, text: str, usage: dict[str, Any], error: str | None
    ) -> Iterator[wire.ServerEvent]:
        item = self.conversation.get(item_id)
        if item is not None:
            item["content"] = [{"type": "input_audio", "transcript": text}]
        if self.terms.transcription is None:
            return
        if not text and error is not None:
            body = {"type": "transcription_error", "code": "not_transcribed", "message": error}
            yield wire.TranscriptionFailed(item_id=item_id, content_index=0, error=body)
            return
        yield wire.TranscriptionCompleted(
            item_id=item_id, content_index=0, transcript=text, usage=usage
        )

    def announce(
        self, item: dict[str, Any], after: str | None = None
    ) -> Iterator[wire.ServerEvent]:
        """A new item, complete, at the end of the conversation or behind another."""
        previous = self.conversation.add(item, after)
        yield wire.ItemAdded(item=dict(item), previous_item_id=previous)
        yield wire.ItemDone(item=dict(item), previous_item_id=previous)

    # The interviewer's half.

    @property
    def responding(self) -> bool:
        return self.asking.running

    def voice(self, turn: int, offset: int, pcm: bytes) -> Frames:
        return self.asking.send(turn, self._spoken, offset, pcm)

    def voice_done(self, turn: int, samples: int) -> Frames:
        return self.asking.sent(turn, self._spoken)

    def led(self, turn: int, offset: int, pcm: bytes, *, begins: bool) -> Frames:
        """Whatever they say until they pause is a response."""
        return self.asking.send(turn, "", 0 if begins else 1, pcm)

    def led_partial(
        self, turn: int, step_id: str, text: str, tentative: str, *, over: bool = False
    ) -> Frames:
        """Their transcript comes when they pause: a delta of it could not be mended."""
        yield from ()

    def led_done(self, turn: int, text: str) -> Frames:
        if self.asking.running:
            yield from self.asking.sent(turn, text)

    @property
    def _spoken(self) -> str:
        return self._question.spoken if self._question else ""

    def hush(self, turn: int) -> Frames:
        return self.asking.hush(turn)

    def hold(self, turn: int, at_ms: int) -> Frames:
        """These clients stop when they are told that somebody speaks, if they were promised it."""
        if self.terms.detects_turns:
            yield from self.asking.hold(turn)
            for event in self._speech_started(SpeechStarted(turn, 1, at_ms)):
                yield wire.encode(event)

    def release(self, turn: int) -> Frames:
        """It was no answer: an item all the same, and the rest of the question."""
        if self.asking.held:
            for event in self._give_up_speech():
                yield wire.encode(event)
            yield from self.asking.release(turn)
