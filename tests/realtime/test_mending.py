"""Sound that is not words yet: it waits, the interview goes on, and its words find their place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    AnswerTyped,
    CandidateJoined,
    CandidateLeft,
    EndRequested,
    EngineFailed,
    InterviewEnded,
    QuestionAsked,
    QuestionTakenBack,
    QuestionVoiced,
    SegmentHeard,
    SegmentPending,
    SegmentTranscribed,
    SpeechStopped,
    Transcribe,
    TypingTaken,
    VoiceStarted,
)
from server.realtime.mending import AnswerReheard, Confirm
from tests.core.candidate import ANSWER, PLAN, Candidate
from tests.core.test_session import answering, candidate, told

LATER = "It took three months and a lot of patience."
LAST = "In the end it was worth the effort for the whole team."


def words(turn: int, segment: int, text: str) -> SegmentTranscribed:
    return SegmentTranscribed(turn, segment, text, (), "test", 90)


def without(*missing: int) -> Candidate:
    """Who gave an answer of three segments in turn 1, of which some are not words yet."""
    who = answering()
    for segment, text in enumerate((ANSWER, LATER, LAST), start=1):
        who.speak(1_500)
        who.wait(400)
        failed = EngineFailed("stt", 1, "out of memory", segment=segment)
        who.give(failed if segment in missing else words(1, segment, text))
    who.wait(4_000)
    return who


@pytest.mark.parametrize("missing", [(1,), (2,), (3,), (1, 2), (2, 3)])
def test_an_answer_goes_on_without_words_that_are_late_and_gets_them(missing: tuple[int]) -> None:
    who = without(*missing)
    texts = dict(enumerate((ANSWER, LATER, LAST), start=1))
    (given,) = told(who, AnswerGiven)
    assert given.text == " ".join(texts[n] for n in texts if n not in missing)
    assert [one.segment for one in who.session.state.pending] == [*missing]
    assert told(who, QuestionAsked)[-1].turn == 2, "the dialogue does not wait for it"
    for segment in missing:
        who.give(words(1, segment, texts[segment]))
    assert who.session.state.pending == ()
    revised = told(who, AnswerRevised)[-1]
    assert revised.text == " ".join(texts.values())
    assert (revised.turn, revised.answer_id, revised.reason) == (1, given.answer_id, "late")
    assert who.session.state.history[0].answer == revised.text


def test_nothing_is_quoted_across_words_that_are_missing() -> None:
    who = without(2)
    assert who.session.state.history[0].answer == f"{ANSWER} […] {LAST}"


def test_words_that_come_while_the_answer_runs_are_part_of_it() -> None:
    who = answering()
    who.speak(1_500)
    who.wait(400)
    who.give(EngineFailed("stt", 1, "out of memory", segment=1))
    who.speak(1_500)
    who.wait(400)
    who.give(words(1, 2, LATER))
    who.give(words(1, 1, ANSWER))
    who.wait(4_000)
    (given,) = told(who, AnswerGiven)
    assert given.text == f"{ANSWER} {LATER}"
    assert not told(who, AnswerRevised)


def test_an_answer_of_which_all_words_are_late_is_made_when_they_come() -> None:
    who = answering()
    who.speak(1_500)
    who.wait(400)
    who.give(EngineFailed("stt", 1, "out of memory", segment=1))
    who.wait(6_000)
    assert told(who, QuestionAsked)[-1].kind == "repeat", "it is asked for once more"
    who.give(words(1, 1, ANSWER))
    assert told(who, AnswerRevised)[-1].text == ANSWER


def test_words_come_once() -> None:
    who = without(2)
    who.give(words(1, 2, LATER))
    before = len(who.facts())
    who.give(words(1, 2, "Something else."))
    assert len(who.facts()) == before


def test_silence_where_words_were_awaited_changes_no_answer() -> None:
    who = without(2)
    who.give(words(1, 2, ""))
    assert told(who, SegmentHeard)[-1].segment == 2
    assert not told(who, AnswerRevised)


def taken_up(who: Candidate, audio_ms: int) -> Candidate:
    """Another process, in which sound is known up to there."""
    again = candidate()
    again.session.replay(who.facts(), audio_ms)
    return again


def test_what_was_said_while_the_server_died_waits_for_its_words() -> None:
    who = answering()
    who.speak(2_000)
    began = who.session.audio_ms - 2_000
    again = taken_up(who, who.session.audio_ms + 640)
    again.join()
    (pending,) = told(again, SegmentPending)
    assert pending.start_ms <= began
    assert pending.end_ms == who.session.audio_ms + 640
    assert again.session.audio_ms == pending.end_ms
    again.give(words(1, 1, ANSWER))
    again.script = [LATER]
    again.speak(1_500)
    again.wait(4_000)
    assert told(again, AnswerGiven)[-1].text == f"{ANSWER} {LATER}"


def test_words_that_were_on_their_way_when_the_server_died_are_made_anew() -> None:
    who = answering()
    who.speak(2_000)
    who.wait(600)
    (asked,) = [one for one in who.effects if isinstance(one, Transcribe)]
    again = taken_up(who, who.session.audio_ms)
    again.join()
    (pending,) = told(again, SegmentPending)
    assert abs(pending.start_ms - asked.start_ms) <= 64
    assert abs(pending.end_ms - asked.end_ms) <= 64


def test_a_broken_line_alone_makes_nothing_wait() -> None:
    who = answering(ANSWER)
    who.speak(2_000)
    who.give(CandidateLeft())
    who.give(CandidateJoined(marks=True))
    assert not told(who, SegmentPending)


def test_the_end_waits_for_the_last_words() -> None:
    who = answering(ANSWER)
    who.speak(2_000)
    who.give(EndRequested("candidate"))
    assert told(who, SpeechStopped)
    assert not told(who, InterviewEnded)
    who.pass_time(200)
    who.wait(64)
    assert [given.text for given in told(who, AnswerGiven)] == [ANSWER]
    assert told(who, InterviewEnded)


def test_the_end_does_not_wait_for_ever_and_nothing_is_lost_by_that() -> None:
    who = answering()
    who.speak(2_000)
    who.give(EndRequested("candidate"))
    who.pass_time(4_100)
    assert told(who, InterviewEnded)
    assert [one.turn for one in who.session.state.pending] == [1]


@pytest.mark.parametrize("typed_twice", [False, True])
def test_what_is_typed_is_taken_once(typed_twice: bool) -> None:
    who = answering()
    for _ in range(1 + typed_twice):
        who.give(AnswerTyped(ANSWER, "one", 1))
        who.wait(640)
    assert [one.text for one in told(who, SegmentHeard)] == [ANSWER]
    assert told(who, TypingTaken) == [TypingTaken(1, "one")]
    confirmed = [one for one in who.effects if isinstance(one, Confirm)]
    assert confirmed == [Confirm(1, "one")] * typed_twice
    again = taken_up(who, 0)
    again.join()
    assert again.give(AnswerTyped(ANSWER, "one", 1)) == [Confirm(1, "one")]


def test_what_is_typed_to_a_question_that_is_over_goes_with_that_question() -> None:
    who = without()
    assert who.session.turn == 2
    who.give(AnswerTyped("And it held.", "late", 1))
    revised = told(who, AnswerRevised)[-1]
    assert (revised.turn, revised.reason) == (1, "typed")
    assert revised.text.endswith(f"{LAST} And it held.")
    assert who.session.turn == 2
    assert not who.session.state.answer.heard


def test_what_is_typed_to_a_question_that_was_left_is_its_answer() -> None:
    who = candidate()
    who.join(PLAN)
    who.hear_question()
    who.wait(46_000)
    who.hear_question()
    assert told(who, QuestionAsked)[-1].kind == "repeat"
    who.give(AnswerTyped(ANSWER, "late", 1))
    assert who.session.state.typed == {"late": 2}, "it was only asked again"


def in_parts(*sure: float | None) -> Candidate:
    """Who gave an answer in as many segments, of which the recogniser was so sure."""
    who = answering()
    for segment, one in enumerate(sure, start=1):
        who.speak(1_500)
        who.wait(400)
        who.give(replace(words(1, segment, ANSWER), sure=one))
    who.wait(4_000)
    assert told(who, AnswerGiven)
    return who


WHOLE = f"{ANSWER} {ANSWER}"


def test_of_an_answer_heard_twice_the_likelier_one_stands() -> None:
    who = in_parts(0.6, 0.8)
    bounds = start_ms, end_ms = who.sitting.mending.worth_rehearing(1) or (0, 0)
    assert 2_900 < end_ms - start_ms < 4_500
    who.give(AnswerReheard(1, WHOLE, (), "test whole", 0.65, bounds))
    assert not told(who, AnswerRevised)
    who.give(AnswerReheard(1, f"{WHOLE} Yes.", (), "test whole", 0.95, bounds))
    (revised,) = told(who, AnswerRevised)
    assert (revised.text, revised.reason, revised.engine) == (
        f"{WHOLE} Yes.",
        "whole",
        "test whole",
    )
    assert who.session.state.history[0].answer == revised.text
    assert who.sitting.mending.worth_rehearing(1) is None, "once is enough"
    who.give(AnswerTyped("And it held.", "late", 1))
    assert told(who, AnswerRevised)[-1].text == f"{WHOLE} Yes. And it held."


def test_what_leaves_much_out_is_no_better() -> None:
    who = in_parts(0.6, 0.6)
    bounds = who.sitting.mending.worth_rehearing(1) or (0, 0)
    who.give(AnswerReheard(1, "We moved it.", (), "test whole", 0.99, bounds))
    assert not told(who, AnswerRevised)


def test_what_was_heard_of_an_answer_before_it_was_taken_up_again_does_not_replace_it() -> None:
    who = in_parts(0.6, 0.6)
    before = who.sitting.mending.worth_rehearing(1) or (0, 0)
    turn = who.session.turn
    who.give(VoiceStarted(turn))
    who.give(QuestionVoiced(turn, 6_000))
    who.wait(700)
    who.speak(1_500)
    (back,) = told(who, QuestionTakenBack)
    assert back.reopened == 1
    who.wait(400)
    (asked,) = [one for one in who.effects if isinstance(one, Transcribe) and one.segment == 3]
    who.give(replace(words(1, asked.segment, "So we did."), sure=0.6))
    who.wait(6_000)
    given = told(who, AnswerGiven)[-1].text
    assert given.endswith("So we did.")
    after = who.sitting.mending.worth_rehearing(1)
    assert after is not None
    assert after != before
    who.give(AnswerReheard(1, WHOLE, (), "test whole", 0.95, before))
    assert not told(who, AnswerRevised)
    assert getattr(who.session.state.past[1].given, "text", None) == given
    who.give(AnswerReheard(1, f"{WHOLE} So we did.", (), "test whole", 0.95, after))
    assert told(who, AnswerRevised)


@pytest.mark.parametrize("sure", [(0.95, 0.95), (0.5,), (None, 0.5)])
def test_what_is_sure_or_of_one_piece_or_of_unknown_doubt_is_not_heard_again(
    sure: tuple[float | None, ...],
) -> None:
    assert in_parts(*sure).sitting.mending.worth_rehearing(1) is None
