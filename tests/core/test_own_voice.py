"""The interviewer's own words, come back through a loudspeaker, are nobody's."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerGiven,
    OwnVoiceHeard,
    QuestionAsked,
    Say,
    SegmentHeard,
)
from server.language.pack import shipped
from tests.core.candidate import ANSWER, Candidate
from tests.core.test_taking_back import begin, session, told, until_asked


def echoing(*, marks: bool) -> Candidate:
    """Whatever is heard over the first question is its own beginning."""
    who = Candidate(session(), [])
    who.join(marks=marks)
    spoken = told(who, QuestionAsked)[0].spoken
    who.script = [" ".join(spoken.split()[:8]) for _ in range(6)]
    begin(who, 700)
    return who


@pytest.mark.parametrize("marks", [True, False])
def test_a_voice_that_was_held_for_it_goes_on(*, marks: bool) -> None:
    who = echoing(marks=marks)
    who.speak(500)
    who.wait(1_500)
    assert len(told(who, OwnVoiceHeard)) == 1
    assert told(who, SegmentHeard) == []
    assert who.session.state.floor == "speaking"


def test_where_it_broke_off_its_question_the_question_is_said_again() -> None:
    who = echoing(marks=False)
    said = len([one for one in who.effects if isinstance(one, Say)])
    who.speak(1_100)
    who.wait(1_500)
    assert len(told(who, OwnVoiceHeard)) == 1
    assert told(who, SegmentHeard) == []
    assert len([one for one in who.effects if isinstance(one, Say)]) == said + 1


def test_after_two_it_says_why_and_is_not_interrupted_any_more() -> None:
    who = echoing(marks=False)
    for _ in range(2):
        begin(who, 700)
        who.speak(1_100)
        who.wait(1_500)
    assert len(told(who, OwnVoiceHeard)) == 2
    asked = told(who, QuestionAsked)[-1]
    assert asked.lead == shipped().by_language["en"].reaction("echo")[0]
    begin(who, 700)
    who.speak(1_500)
    assert who.session.state.floor == "speaking"
    who.script = [ANSWER]
    who.hear_question()
    who.speak(3_000)
    until_asked(who, 3)
    assert [one.text for one in told(who, AnswerGiven)] == [ANSWER]
