"""What the people of the demonstration say to what they are asked, and their résumés."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest

from server.demo.people import Person, Speaker, people
from server.language.pack import shipped


@pytest.mark.parametrize("key", sorted(people()))
def test_everybody_has_something_to_say_in_every_stage(key: str) -> None:
    who = people()[key]
    first, *_, last = who.stages
    assert (first, last) == ("introduction", "closing")
    assert all("answer" in said for said in who.stages.values())


@pytest.mark.parametrize("key", sorted(people()))
def test_a_resume_is_a_word_file_that_says_who_it_is_of(key: str) -> None:
    who = people()[key]
    lines = [one.text for one in docx.Document(BytesIO(who.word_file())).paragraphs]
    assert lines[:3] == [who.name, who.role, who.email]
    assert not any(line.startswith("#") for line in lines)


def test_each_thing_is_said_once_and_what_was_asked_for() -> None:
    said = {"introduction": {"before": "Sorry?", "answer": "I weld."}}
    speaker = Speaker(Person("en", "Welder", "Dale", "dale@demo.example", "", said))
    speaker.asked("introduction", "What do you do?")
    assert [speaker.says(), speaker.just] == ["Sorry?", "before"]
    assert [speaker.says(), speaker.just] == ["I weld.", "answer"]
    assert speaker.says() is None


def test_what_leads_to_a_question_hides_nothing_of_it() -> None:
    probe = next(iter(next(iter(shipped().of("en").probes.values())).items()))
    aspect, asked = str(probe[0]), probe[1].plain[0]
    said = {"introduction": {"answer": "I weld.", aspect: "That I do myself."}}
    speaker = Speaker(Person("en", "Welder", "Dale", "dale@demo.example", "", said))
    speaker.asked("introduction", f"Thank you. {asked}")
    assert speaker.says() == "That I do myself."
