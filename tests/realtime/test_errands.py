"""Every errand ends with one Input, however its engine behaves, and in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest

from server.clock import now
from server.core.events import (
    Compose,
    EngineFailed,
    Input,
    Language,
    MeaningRead,
    Meant,
    QuestionComposed,
    QuestionVoiced,
    Say,
    Score,
    SegmentTranscribed,
    SoundsLike,
    Transcribe,
    TurnScored,
    Understand,
    VoiceStarted,
    Word,
)
from server.language.pack import shipped
from server.ports import Busy, EngineError, Transcript, Unheard
from server.realtime import errands as module
from server.realtime.captions import Partial, Preview
from server.realtime.errands import Engines, Errands, read_reply
from server.realtime.hearing import Hearing
from server.wording.brief import Brief, Told
from server.wording.judge import CRITERIA
from tests.clock import ClockLoop
from tests.realtime.stage import PIECE, PIECES, Author, Finished, Loudness, Reader, Scribe, Tone
from tests.replies import on_its_answer, probe

PCM = bytes(32_000)


@dataclass
class Rushed(Scribe):
    """Its queue is full for so many requests; the words are at 100 ms of what it is given."""

    busy: int = 0

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
        await asyncio.sleep(self.takes_s)
        if self.busy:
            self.busy -= 1
            raise Busy("its queue is full")
        return Transcript(
            "hello", (Word("hello", 100, 400, 0.9),), self.name, 0.8, SoundsLike("en", 0.97)
        )


@dataclass
class Desk:
    """Errands for one interview, and what they handed in."""

    scribe: Scribe = field(default_factory=Scribe)
    detector: Finished | None = None
    tone: Tone = field(default_factory=Tone)
    reader: Reader | None = field(default_factory=Reader)
    inputs: list[Input] = field(default_factory=list)

    def __post_init__(self) -> None:
        engines = Engines(
            Hearing(Loudness()), self.scribe, None, self.tone, 4.0, list, self.detector, self.reader
        )
        self.errands = Errands("interview", engines, self.inputs.append)


async def test_words_are_on_the_interviews_clock(clock: ClockLoop) -> None:
    desk = Desk(Rushed(takes_s=0.5))
    await desk.errands.transcribe(Transcribe(2, 1, 5_000, 6_000, ""), PCM, "en")
    (heard,) = desk.inputs
    assert isinstance(heard, SegmentTranscribed)
    assert (heard.turn, heard.segment, heard.text, heard.engine) == (2, 1, "hello", "scribe")
    assert heard.words == (Word("hello", 5_100, 5_400, 0.9),)
    assert (heard.sure, heard.sounds_like) == (0.8, SoundsLike("en", 0.97))
    assert heard.took_ms == pytest.approx(500, abs=1)


async def test_a_full_queue_is_asked_again_and_again(clock: ClockLoop) -> None:
    desk, began = Desk(Rushed(busy=7, takes_s=0.0)), now()
    await desk.errands.transcribe(Transcribe(1, 1, 0, 1_000, ""), PCM, "en")
    assert isinstance(desk.inputs[0], SegmentTranscribed)
    waits = (*module.BUSY_S, *[module.BUSY_S[-1]] * (7 - len(module.BUSY_S)))
    assert now() - began == pytest.approx(sum(waits))


@pytest.mark.parametrize(
    ("scribe", "seconds"),
    [
        (Scribe([EngineError("out of memory")]), 0.2),
        (Scribe(["late"], takes_s=3_600.0), module.TRANSCRIBE_S),
        (Rushed(busy=10**6, takes_s=0.0), module.TRANSCRIBE_S),
    ],
)
async def test_a_segment_that_is_not_read_is_told_in_time(
    clock: ClockLoop, scribe: Scribe, seconds: float
) -> None:
    desk, began = Desk(scribe), now()
    await desk.errands.transcribe(Transcribe(1, 3, 0, 1_000, ""), PCM, "en")
    (failed,) = desk.inputs
    assert isinstance(failed, EngineFailed)
    assert (failed.role, failed.turn, failed.segment) == ("stt", 1, 3)
    assert failed.reason
    assert now() - began == pytest.approx(seconds)


async def test_a_language_that_is_not_covered_is_a_failure_at_once(clock: ClockLoop) -> None:
    desk = Desk(Scribe(["never"]))
    await desk.errands.transcribe(Transcribe(1, 1, 0, 1_000, ""), PCM, "ko")
    assert isinstance(desk.inputs[0], EngineFailed)
    assert desk.scribe.heard == []


async def test_a_caption_that_is_late_is_none(clock: ClockLoop) -> None:
    desk, began = Desk(Rushed(takes_s=3_600.0)), now()
    shown: list[Partial] = []
    await desk.errands.preview(Preview(1, 1, 0, 1_000, "", "en"), PCM, shown.append)
    assert shown == [Partial(1, 1, 1_000, None)]
    assert now() - began == pytest.approx(module.PREVIEW_S)


@dataclass
class Aloud(Scribe):
    """Tells the words of a caption while it works, and may break off."""

    breaks: bool = False

    @property
    def current(self) -> Aloud:
        return self

    async def captions(
        self, pcm: bytes, language: Language, context: str = "", *, session: str = ""
    ) -> AsyncGenerator[str, None]:
        for text in ("I", "I moved", "I moved it."):
            await asyncio.sleep(self.takes_s)
            yield text
        if self.breaks:
            raise Unheard("it broke off")


@pytest.mark.parametrize(("breaks", "last"), [(False, "I moved it."), (True, None)])
async def test_words_of_a_caption_are_handed_in_while_it_is_made(
    clock: ClockLoop, breaks: bool, last: str | None
) -> None:
    desk = Desk(Aloud(breaks=breaks))
    shown: list[Partial] = []
    await desk.errands.preview(Preview(1, 1, 0, 1_000, "", "en"), PCM, shown.append)
    assert shown == [
        Partial(1, 1, 1_000, "I", whole=False),
        Partial(1, 1, 1_000, "I moved", whole=False),
        Partial(1, 1, 1_000, last),
    ]


async def test_a_score_names_its_segment_and_a_late_one_is_none(clock: ClockLoop) -> None:
    desk = Desk(detector=Finished(0.75))
    await desk.errands.score(Score(4, 2, 0, 1_000), PCM)
    assert desk.inputs == [TurnScored(4, 2, 0.75)]
    slow, began = Desk(detector=Finished(takes_s=3_600.0)), now()
    await slow.errands.score(Score(4, 2, 0, 1_000), PCM)
    assert slow.inputs == []
    assert now() - began == pytest.approx(module.SCORE_S)
    without = Desk()
    await without.errands.score(Score(4, 2, 0, 1_000), PCM)
    assert without.inputs == []


JUDGED = dict.fromkeys(CRITERIA, True)
MARRIED = "Are you married?"
GOOD = "What broke when you moved it?"


@pytest.mark.parametrize(
    ("author", "reader", "fault"),
    [
        (Author(GOOD), Reader(), None),
        (Author(MARRIED), Reader(), "private"),
        (Author(GOOD), None, None),
        (Author(GOOD, verdict=JUDGED), Reader(), None),
        (Author(GOOD, verdict={**JUDGED, "follows": False}), Reader(), "unfounded"),
        (Author(GOOD, verdict={**JUDGED, "follows": False}), None, "unfounded"),
        (Author(MARRIED, verdict={**JUDGED, "natural": False}), Reader(), "private"),
        (Author(GOOD, verdict={**JUDGED, "humane": False}, judge_s=9.0), Reader(), None),
    ],
)
async def test_what_the_model_wrote_is_judged_by_its_meaning(
    clock: ClockLoop, author: Author, reader: Reader | None, fault: str | None
) -> None:
    began = now()
    (done,) = await written(author, reader)
    assert isinstance(done, QuestionComposed)
    assert (done.reply.say, done.fault) == (author.reply, fault)
    assert done.reply.evidence == "I moved it."
    words = (len(on_its_answer(author.reply, "").split(" ")) + 3) * author.pause_s
    assert now() - began <= words + module.JUDGE_S + 0.001


async def test_a_judge_never_costs_the_words_that_are_there(clock: ClockLoop) -> None:
    """The time to write is nearly over when they are whole."""
    author = Author(GOOD, pause_s=0.18, verdict=JUDGED, judge_s=9.0)
    (done,) = await written(author, Reader())
    assert isinstance(done, QuestionComposed)
    assert done.fault is None


async def test_words_that_are_not_said_are_not_judged(clock: ClockLoop) -> None:
    author = Author(raw='{"act": "answer", "move": "next", "say": "Well."}', judge_s=9.0)
    began = now()
    (done,) = await written(author, Reader(error=EngineError("gone")))
    assert isinstance(done, QuestionComposed)
    assert now() - began < 0.5


async def test_what_nobody_could_judge_is_not_written(clock: ClockLoop) -> None:
    (failed,) = await written(Author(MARRIED), Reader(error=EngineError("gone")))
    assert isinstance(failed, EngineFailed)
    assert (failed.role, failed.revision, failed.reason) == ("llm", 3, "model_failed")


async def test_what_is_no_reply_and_what_comes_late_is_told_as_such(clock: ClockLoop) -> None:
    (unreadable,) = await written(Author(raw="What broke when you moved it?"), Reader())
    (late,) = await written(Author(GOOD, pause_s=3_600.0), Reader())
    reasons = [one.reason for one in (unreadable, late) if isinstance(one, EngineFailed)]
    assert reasons == ["model_unreadable", "model_late"]


async def written(author: Author, reader: Reader | None) -> list[Input]:
    desk: list[Input] = []
    engines = Engines(
        Hearing(Loudness()), Scribe(), author, Tone(), 4.0, list, understanding=reader
    )
    told = (Told("What did you do?", "I moved it."),)
    brief = Brief("Nurse", "en", {}, told, shipped().of("en"))
    effect = Compose(2, 3, Meant("I moved it.", "en"))
    await Errands("interview", engines, desk.append).compose(effect, brief)
    return desk


FACTS = {"minutes": ("How much time is left?",), "company:0": ("What does it pay?",)}


@pytest.mark.parametrize(
    ("text", "act", "nearest"),
    [
        ("How much time is left?", "question_process", "minutes"),
        ("It went well. What does it pay?", "answer_then_wish", "company:0"),
        ("Could you repeat the question?", "wish_repeat", None),
    ],
)
async def test_what_was_meant_is_told_with_what_it_is_about(
    clock: ClockLoop, text: str, act: str, nearest: str | None
) -> None:
    desk = Desk()
    await desk.errands.understand(Understand(2, 3, "Why?", text, "en", FACTS))
    (told,) = desk.inputs
    assert isinstance(told, MeaningRead)
    assert (told.turn, told.segment, told.read.act, told.nearest) == (2, 3, act, nearest)


@pytest.mark.parametrize(
    "reader", [None, Reader(error=EngineError("broken")), Reader(takes_s=3_600.0)]
)
async def test_nobody_waits_for_what_is_not_understood(
    clock: ClockLoop, reader: Reader | None
) -> None:
    desk, began = Desk(reader=reader), now()
    await desk.errands.understand(Understand(1, 2, "Why?", "Because.", "en", {}))
    (failed,) = desk.inputs
    assert isinstance(failed, EngineFailed)
    assert (failed.role, failed.turn, failed.segment) == ("understanding", 1, 2)
    assert now() - began <= module.UNDERSTAND_S + 0.001


async def test_a_voice_is_sent_piece_by_piece_with_its_place(clock: ClockLoop) -> None:
    desk = Desk()
    sent: list[tuple[int, int]] = []
    say = Say(1, "q", "Why?", "en")
    samples = await desk.errands.say(say, lambda at, pcm: sent.append((at, len(pcm))))
    piece = len(PIECE) // 2
    assert sent == [(number * piece, len(PIECE)) for number in range(PIECES)]
    assert samples == PIECES * piece
    assert desk.inputs == [VoiceStarted(1), QuestionVoiced(1, 1_000)]


async def test_a_voice_that_fails_is_told(clock: ClockLoop) -> None:
    desk = Desk(tone=Tone(error=EngineError("no voice")))
    await desk.errands.say(Say(1, "q", "Why?", "en"), lambda *_: None)
    assert desk.inputs == [EngineFailed("tts", 1, "no voice")]


async def test_a_model_that_goes_on_after_its_words_is_ended(clock: ClockLoop) -> None:
    ended = False
    reply = probe("What failed in the cron jobs?", "cron jobs")

    async def talkative() -> AsyncGenerator[str, None]:
        nonlocal ended
        try:
            await asyncio.sleep(0.3)
            yield reply[:50]
            yield reply[50:-1]
            await asyncio.sleep(3_600)
            yield "}"
        finally:
            ended = True

    asked = now()
    read, began = await read_reply(talkative())
    assert read.say == "What failed in the cron jobs?"
    assert began == pytest.approx(asked + 0.3)
    assert now() == began
    assert ended
