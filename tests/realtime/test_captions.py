"""Captions only ever grow, in Korean and in English, whatever the recogniser thinks next; and they
are asked for as often as it has time for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.events import SegmentTranscribed, VoiceFrame, Word
from server.core.events.answer import Answer
from server.realtime.captions import (
    LEAD_MS,
    MARGIN_MS,
    Caption,
    Captions,
    Partial,
    Preview,
    Shown,
    Talk,
)
from server.realtime.mending import Doing, Happening
from tests.core.candidate import ANSWER, Candidate
from tests.core.test_session import answering


def shown(*hypotheses: str) -> list[str]:
    caption = Caption()
    return [caption.hear(text) for text in hypotheses]


def test_words_are_shown_once_two_hypotheses_agree_and_the_newest_is_held_back() -> None:
    assert shown("I moved", "I moved the", "I moved the payment") == ["", "I moved", " the"]


def test_a_korean_word_waits_for_its_ending() -> None:
    hypotheses = "결제 서비", "결제 서비스를", "결제 서비스를 옮겼", "결제 서비스를 옮겼습니다"
    assert shown(*hypotheses) == ["", "결제", " 서비스를", ""]


def test_punctuation_and_capitals_do_not_hold_a_word_back() -> None:
    assert shown("and so", "And so, my", "and so, my fellow")[1:] == ["And so,", " my"]


def test_what_was_shown_stays_when_the_recogniser_changes_its_mind() -> None:
    first = shown("we use Kafka now", "we use Kafka now for", "the muse cough car")
    assert first == ["", "we use Kafka now", ""]


def test_one_that_is_still_being_written_agrees_with_the_one_before_it_only() -> None:
    caption = Caption()
    told = [caption.hear("I moved the payment")]
    told += [caption.hear(text, whole=False) for text in ("I", "I moved", "I moved the pay")]
    told += [caption.hear("I moved the payments to")]
    assert told == ["", "", "I", " moved the", ""]


def test_what_is_still_being_written_does_not_agree_with_itself() -> None:
    caption = Caption()
    assert [caption.hear(text, whole=False) for text in ("I", "I moved", "I moved it")] == [""] * 3


def test_what_is_not_settled_is_tentative_until_the_next() -> None:
    caption, told = Caption(), []
    for text in ("I mow", "I moved the", "I moved the payment", "I"):
        caption.hear(text)
        told.append(caption.tentative)
    assert told == ["I mow", "moved the", "payment", "payment"]


def test_one_that_is_still_being_written_takes_back_nothing_and_shows_no_half_word() -> None:
    caption = Caption()
    caption.hear("I moved the")
    told = []
    for text in ("I", "I moved", "I moved the payment", "I moved the payment serv"):
        caption.hear(text, whole=False)
        told.append(caption.tentative)
    assert told == ["I moved the", "moved the", "", "payment"]


@given(st.lists(st.lists(st.sampled_from("abcd가나"), max_size=8), max_size=10))
def test_the_caption_never_runs_ahead_of_what_was_heard(hypotheses: list[list[str]]) -> None:
    caption, text = Caption(), ""
    for words in hypotheses:
        text += caption.hear(" ".join(words))
        assert len(f"{text} {caption.tentative}".split()) <= max(len(h) for h in hypotheses)
        assert len(text.split()) <= max((len(h) for h in hypotheses), default=0)
        assert not text.startswith(" ")
        assert "  " not in text


@dataclass
class Watched(Candidate):
    """With captions, each of which takes ``caption_ms``; None: none ever comes."""

    caption_ms: int | None = None
    caption: str | None = "some words"
    asked: list[int] = field(default_factory=list)
    captions: Captions = field(default_factory=Captions)
    coming: list[tuple[int, Partial]] = field(default_factory=list)

    def give(self, event: Happening) -> list[Doing]:
        effects = super().give(event)
        if isinstance(event, SegmentTranscribed):
            self.captions.final(event.took_ms)
        for at_ms, partial in [one for one in self.coming if one[0] <= self.now_ms]:
            self.coming.remove((at_ms, partial))
            awaited = self.sitting.awaits(partial.turn, partial.segment)
            self.captions.came(partial, awaited=awaited)
        if not isinstance(event, VoiceFrame):
            return effects
        now_ms, language = self.session.audio_ms, self.session.state.language
        rests = self.captions.rest(now_ms, talking=self.session.ears.talking)
        wanted = self.captions.due(self.sitting.talk, now_ms, language)
        if wanted is not None:
            assert not rests
            self.asked.append(wanted.end_ms)
            if self.caption_ms is not None:
                partial = Partial(wanted.turn, wanted.segment, wanted.end_ms, self.caption)
                self.coming.append((self.now_ms + self.caption_ms, partial))
        return effects


@pytest.fixture
def who() -> Watched:
    ready = answering(*[ANSWER] * 20)
    return Watched(ready.session, ready.script, now_ms=ready.now_ms)


def apart(times: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.mark.parametrize(
    ("takes_ms", "every_ms"), [(96, 400), (448, 448), (640, 640), (1_024, 1_792)]
)
def test_the_next_is_asked_for_as_soon_as_one_has_come_where_that_was_quick(
    who: Watched, takes_ms: int, every_ms: int
) -> None:
    who.caption_ms = takes_ms
    began_ms = who.session.audio_ms
    who.speak(12_000)
    assert 400 <= who.asked[0] - began_ms <= 400 + 64
    gaps = apart(who.asked)
    assert min(gaps) >= every_ms
    assert max(gaps) <= every_ms + 64


@pytest.mark.parametrize(("takes_ms", "more"), [(96, 1), (700, 0)])
def test_a_pause_has_one_more_where_that_is_quick(who: Watched, takes_ms: int, more: int) -> None:
    who.caption_ms = takes_ms
    who.speak(3_000)
    stopped_ms, before = who.session.audio_ms, len(who.asked)
    who.wait(220)
    assert len(who.asked) - before == more
    assert all(64 <= asked_ms - stopped_ms <= 128 for asked_ms in who.asked[before:])


def came(captions: Captions, text: str, segment: int = 1, *, awaited: bool = True) -> Shown | None:
    return captions.came(Partial(1, segment, 0, text), awaited=awaited)


def test_what_is_shown_is_settled_or_tentative_and_told_where_it_is_new() -> None:
    captions = Captions()
    assert came(captions, "I moved") is None  # of no segment that is shown
    captions.due(Talk(1, 1, 0, 0, False, Answer()), 500, "en")
    assert came(captions, "I moved") == Shown("", "I moved")
    assert came(captions, "I moved the pain") == Shown("I moved", "the pain")
    assert came(captions, "I moved the payment") == Shown(" the", "payment")
    assert came(captions, "I moved the payment") is None
    next_one = captions.due(Talk(1, 1, 0, 0, False, Answer()), 1_000, "en")
    assert next_one is not None
    assert next_one.begun == "I moved the"
    assert came(captions, "I moved the payment service", 2) is None
    assert came(captions, "I moved the payment service", awaited=False) is None


def timed(text: str, from_ms: int = 0, each_ms: int = 500) -> tuple[Word, ...]:
    """One word after the other."""
    said = text.split()
    starts = range(from_ms, from_ms + each_ms * len(said), each_ms)
    return tuple(Word(word, at, at + each_ms) for word, at in zip(said, starts, strict=True))


def asked(captions: Captions, now_ms: int, context: Answer | None = None) -> Preview:
    talk = Talk(1, 1, 0, 0, False, context or Answer())
    found = captions.due(talk, now_ms, "en")
    assert found is not None
    return found


def heard(captions: Captions, wanted: Preview, text: str, words: tuple[Word, ...] = ()) -> None:
    whole = wanted.whole(text)
    captions.came(Partial(1, 1, wanted.end_ms, whole, words=words), awaited=True)


SAID = "I moved the payment service to Kafka in May"


def parted(*, times: tuple[Word, ...] | None = None) -> tuple[Captions, Preview]:
    """Twice the same was heard, the second time with times."""
    captions = Captions()
    heard(captions, asked(captions, 4_000), SAID)
    heard(captions, asked(captions, 4_500), SAID, timed(SAID) if times is None else times)
    return captions, asked(captions, 5_000)


def test_what_was_settled_long_before_what_is_not_is_not_heard_again() -> None:
    _, wanted = parted()
    assert (wanted.known, wanted.begun) == ("I moved the payment service to", "Kafka in")
    assert (wanted.start_ms, wanted.end_ms) == (3_000 - LEAD_MS, 5_000)
    assert wanted.context.endswith(wanted.known)
    assert timed(SAID)[8].start_ms - timed(SAID)[6].start_ms >= MARGIN_MS


def test_the_next_is_compared_with_all_that_was_heard_before() -> None:
    captions, wanted = parted()
    more = " and then I left"
    heard(captions, wanted, f"Kafka in May{more}", timed(f"Kafka in May{more}", 3_000))
    wanted = asked(captions, 5_500)
    assert wanted.begun == "in May", "both said that"
    heard(captions, wanted, f"in May{more}", timed(f"in May{more}", 3_500))
    wanted = asked(captions, 6_000)
    assert (wanted.known, wanted.begun) == (f"{SAID} and", "then I")
    assert wanted.start_ms == 5_000 - LEAD_MS


@pytest.mark.parametrize("text", ["", "Kafka in", "The muse cough car is here"])
def test_where_it_does_not_go_on_all_of_it_is_heard_again(text: str) -> None:
    captions, wanted = parted()
    heard(captions, wanted, text)
    wanted = asked(captions, 6_000)
    assert (wanted.known, wanted.start_ms) == ("", 0)
    assert wanted.begun == "I moved the payment service to Kafka in"
    heard(captions, wanted, f"{SAID} and", timed(f"{SAID} and"))
    assert asked(captions, 7_000).known.startswith("I moved the payment service to")


@pytest.mark.parametrize("times", [(), timed("I moved it"), timed("in May", 3_500)])
def test_without_times_of_its_words_all_is_heard_again(times: tuple[Word, ...]) -> None:
    _, wanted = parted(times=times)
    assert (wanted.known, wanted.start_ms) == ("", 0)


def test_a_word_may_have_come_in_parts() -> None:
    said = "Content-like data, models and tests are here"
    captions = Captions()
    heard(captions, asked(captions, 4_000), said)
    times = timed("Content -like data, models and tests are here")
    heard(captions, asked(captions, 4_500), said, times)
    wanted = asked(captions, 5_000)
    assert (wanted.known, wanted.begun) == ("Content-like data, models and", "tests are")
    assert wanted.start_ms == 2_500 - LEAD_MS


def test_what_runs_in_circles_is_shown_once() -> None:
    caption, once = Caption(), "I moved it to Kafka in May"
    assert [caption.hear(f"{once} and I moved"), caption.hear(f"{once} and then")] == [
        "",
        f"{once} and",
    ]
    caption.hear(f"{once} and then" + f" {once} and then" * 3)
    assert caption.tentative == "then"
    said = Caption()
    said.hear("no no no no I did not I did not")
    assert said.tentative == "no no no no I did not I did not", "people do say things again"


def test_while_none_comes_none_is_asked_for(who: Watched) -> None:
    who.speak(12_000)
    assert len(who.asked) == 1


def test_where_there_is_no_time_for_them_they_end_and_come_back(who: Watched) -> None:
    who.caption_ms, who.caption = 160, None
    for _ in range(6):  # the pace is the session's, not the segment's
        who.speak(10_000)
        who.wait(400)
    assert len(who.asked) <= 8
    assert apart(who.asked)[-1] >= 16_000
    before, who.caption = len(who.asked), "some words"
    for _ in range(5):
        who.speak(10_000)
        who.wait(400)
    back = who.asked[before:]
    assert len(back) >= 20
    assert apart(back)[-1] < 2_000


def test_late_final_words_are_a_reason_too(who: Watched) -> None:
    who.caption_ms, who.decode_frames = 96, 80
    who.speak(3_000)
    who.wait(600)
    who.speak(2_000)
    before = len(who.asked)
    who.speak(3_000)  # the words come after 2.5 s
    late = who.asked[before:]
    assert apart(late) == [] or max(apart(late)) >= 2_000
