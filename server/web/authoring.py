"""What is wrong with a template, told to its author before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from server.core import guard
from server.core.events import Language
from server.core.pack import Packs
from server.core.rules import OwnQuestion
from server.language.speech import Pack
from server.store.templates import Template
from server.web.problems import TEMPLATE_FAULTY, Problem
from server.web.services import Services

LONGEST_NAME = 80
LONGEST_TEXT = 500
LONGEST_LINE = 200
MOST_LINES = 6
MOST_QUESTIONS = 30
MOST_FACTS = 50
MINUTES = range(5, 181)
PACE = (0.5, 3.0)
FOLLOW_UPS = range(6)

_WHY = {
    "private": "It may ask for a private matter of the candidate. Ask about the work itself.",
    "secret": "It may ask for a secret of an employer or a customer. Ask how they work instead.",
    "leading": "It leads to an answer. Ask openly.",
    "praise": "It praises. Ask neutrally, the same of everybody.",
    "verdict": "It judges, or speaks of judging. A person decides later.",
    "several": "It asks several things. One question at a time is answered better.",
    "pressing": "It presses for something that was withheld or that hurts.",
    "too_long": "It is long to listen to. Two short sentences are understood better.",
    "not_a_question": "It asks nothing.",
    "quoted": "Quotation marks are not heard. Put it in words.",
    "form": "It does not sound like a spoken question. Read it aloud once.",
}
_OF_FACTS = {
    "leading": "It leads the candidate. Say what is so.",
    "praise": "It praises. Say what is so, the same to everybody.",
    "several": "It asks something. What is told needs no answer.",
    "form": "It does not sound like something that is said aloud. Read it aloud once.",
}
"""Of what is told of the company, where another word is needed than of a question."""


_CODES = {"several_questions": "several"}


@dataclass(frozen=True, slots=True)
class Warned:
    """What had better be looked at again in a question or in a fact about the company: its place,
    from 1, the other is null. ``code`` is stable; ``detail`` is for the author."""

    question: int | None
    fact: int | None
    language: Language
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` is stable; ``detail`` is for the author and repeats nothing that was written."""

    code: str
    detail: str


SURE = 0.8
"""From this confidence on a question asks the candidate for protected data."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a question by its meaning; ``rule``: what forbids to ask it, where it asks
    for something private."""

    fault: str
    confidence: float
    rule: str = ""


Part = Literal["question", "fact"]
Place = tuple[Part, int, Language]
"""Where something that the author wrote stands, from 1."""
Judgements = Mapping[Place, Judgement]


async def check(services: Services, template: Template) -> list[Warned]:
    """The warnings. Raises Problem with the code of the first fault and the details of all."""
    packs = services.packs
    judged = await _judged(services, template, packs)
    found = faults(template, judged, packs)
    if found:
        said = " ".join(fault.detail for fault in found)
        raise Problem(TEMPLATE_FAULTY, code=found[0].code, faults=said)
    return warnings(template, judged, packs)


async def _judged(services: Services, template: Template, packs: Packs[Pack]) -> Judgements:
    found = {}
    for place, text in written(template, packs):
        judgement = await judged(services, packs.of(place[2]), text)
        if judgement is not None:
            found[place] = judgement
    return found


async def judged(services: Services, pack: Pack, text: str) -> Judgement | None:
    """What is wrong by its meaning with something that is to be said."""
    found = await services.understanding.judge(text, "", "")
    if found is None:
        return None
    rule = await _rule(services, pack, text) if found.fault == "private" else ""
    return Judgement(found.fault, found.confidence, rule)


async def _rule(services: Services, pack: Pack, text: str) -> str:
    """Of the private matter that it is most like: that it asks for one has been judged."""
    topics = {str(name): topic for name, topic in pack.topics.items()}
    asked = {name: topic.asked for name, topic in topics.items()}
    return topics[await services.understanding.nearest(text, asked) or "other"].rule


def faults(template: Template, judged: Judgements, packs: Packs[Pack]) -> list[Fault]:
    """Empty where the template may be saved."""
    return [
        *_frame(template, packs),
        *_stages(template),
        *_questions(template, judged, packs),
        *_company(template, packs),
    ]


def written(template: Template, packs: Packs[Pack]) -> Iterator[tuple[Place, str]]:
    """What the author wrote to be said, with its place."""
    texts: list[tuple[tuple[Part, int], Mapping[Language, str]]] = [
        *((("question", at), one.text) for at, one in enumerate(template.questions, start=1)),
        *((("fact", at), one.text) for at, one in enumerate(template.company, start=1)),
    ]
    for (what, at), by_language in texts:
        for language, text in by_language.items():
            if language in packs.by_language:
                yield (what, at, language), text


def warnings(template: Template, judged: Judgements, packs: Packs[Pack]) -> list[Warned]:
    """What may be saved and had better be looked at again, for the author."""
    return [
        _warned(place, why)
        for place, text in written(template, packs)
        if (why := _why(place, text, judged, packs)) is not None
    ]


def _why(place: Place, text: str, judged: Judgements, packs: Packs[Pack]) -> str | None:
    what, _, language = place
    return doubted(packs.of(language), text, judged.get(place), asks=what == "question")


def doubted(pack: Pack, text: str, judgement: Judgement | None, *, asks: bool) -> str | None:
    """The code of what had better be looked at again in what may be saved."""
    if judgement is not None and not (asks and refused(judgement)):
        why: str | None = judgement.fault
    else:
        why = guard.check(text, grammar=pack.grammar, target_role="", history=(), asks=asks)
    return why and _CODES.get(why, why if why in _WHY else "form")


def explained(code: str, *, asks: bool) -> str:
    """For the author, in English."""
    return _WHY[code] if asks else _OF_FACTS.get(code) or _WHY[code]


def _warned(place: Place, code: str) -> Warned:
    what, at, language = place
    if what == "question":
        return Warned(at, None, language, code, explained(code, asks=True))
    return Warned(None, at, language, code, explained(code, asks=False))


def refused(judgement: Judgement) -> bool:
    return judgement.fault == "private" and judgement.confidence >= SURE


def _frame(template: Template, packs: Packs[Pack]) -> Iterator[Fault]:
    name = template.name.strip()
    if not name or len(name) > LONGEST_NAME:
        yield Fault("template_name", f"Give it a name of at most {LONGEST_NAME} characters.")
    languages = tuple(packs.by_language) if template.languages is None else template.languages
    if not languages or len(set(languages)) < len(languages):
        yield Fault("template_languages", "Name one language at least, each once.")
    if not set(languages) <= set(packs.by_language):
        known = ", ".join(packs.by_language)
        yield Fault("template_languages", f"Interviews are held in: {known}.")
    if template.minutes not in MINUTES:
        yield Fault("template_minutes", "An interview takes 5 to 180 minutes.")
    if not PACE[0] <= template.pace <= PACE[1]:
        yield Fault("template_pace", "The pace is 0.5 to 3; 1 is usual, more is more patient.")
    if template.follow_ups not in FOLLOW_UPS:
        yield Fault("template_follow_ups", "At most 5 follow-ups on a topic.")


def _stages(template: Template) -> Iterator[Fault]:
    names = [stage.name for stage in template.stages]
    if not names or len(set(names)) < len(names):
        yield Fault("template_stages", "Name one stage at least, each once.")
    if any(stage.questions < 0 or (stage.minutes or 1) <= 0 for stage in template.stages):
        yield Fault("template_stages", "A stage has no negative questions and some time.")
    if any(stage.follow_ups not in (None, *FOLLOW_UPS) for stage in template.stages):
        yield Fault("template_follow_ups", "At most 5 follow-ups on a topic.")
    asked = sum(stage.questions for stage in template.stages)
    if not 1 <= asked <= MOST_QUESTIONS or len(template.questions) > MOST_QUESTIONS:
        yield Fault("template_questions", f"Ask 1 to {MOST_QUESTIONS} questions.")
    if sum(stage.minutes or 0 for stage in template.stages) > template.minutes:
        yield Fault("template_minutes", "The stages take longer than the interview.")


def _questions(template: Template, judged: Judgements, packs: Packs[Pack]) -> Iterator[Fault]:
    for at, question in enumerate(template.questions, start=1):
        yield from _texts(f"Question {at}", "question", question.text, template, packs)
        lines = question.rubric
        longest = max((len(line) for line in (question.competency, *lines)), default=0)
        if len(lines) > MOST_LINES or longest > LONGEST_LINE:
            yield Fault(
                "question_rubric",
                f"Question {at}: at most {MOST_LINES} lines of {LONGEST_LINE} characters.",
            )
        for language in question.text:
            judgement = judged.get(("question", at, language))
            if judgement is not None and refused(judgement):
                yield _unlawful(at, language, judgement.rule)
    yield from _twice(template.questions, packs)


def _texts(
    what: str, code: str, texts: Mapping[Language, str], template: Template, packs: Packs[Pack]
) -> Iterator[Fault]:
    if any(not text.strip() or len(text) > LONGEST_TEXT for text in texts.values()):
        yield Fault(f"{code}_length", f"{what} is empty or longer than {LONGEST_TEXT} characters.")
    if not set(texts) <= set(packs.by_language):
        yield Fault(f"{code}_language", f"{what} is in a language that there is no pack for.")
    elif template.languages and not set(texts) & set(template.languages):
        yield Fault(f"{code}_language", f"{what} is in none of the interview's languages.")


def _unlawful(at: int, language: Language, rule: str) -> Fault:
    return Fault("question_forbidden", f"Question {at} ({language}) {unlawful(rule)}")


def unlawful(rule: str) -> str:
    """Said of a question."""
    return (
        "asks the candidate for something private, which a hiring decision may not rest on:"
        f" {rule}. Leave it out, or ask about the work itself."
    )


def _twice(questions: tuple[OwnQuestion, ...], packs: Packs[Pack]) -> Iterator[Fault]:
    for at, question in enumerate(questions, start=1):
        for earlier in questions[: at - 1]:
            shared = question.text.keys() & earlier.text.keys()
            if any(packs.same(question.text[one], earlier.text[one]) for one in shared):
                yield Fault("question_twice", f"Question {at} asks what an earlier one asks.")
                break


def _company(template: Template, packs: Packs[Pack]) -> Iterator[Fault]:
    if len(template.company) > MOST_FACTS:
        yield Fault("company_facts", f"At most {MOST_FACTS} facts about the company.")
    for at, fact in enumerate(template.company, start=1):
        if not fact.topic.strip() or len(fact.topic) > LONGEST_NAME:
            yield Fault("company_topic", f"Fact {at}: say by which words it is asked for.")
        yield from _texts(f"Fact {at}", "company", fact.text, template, packs)
