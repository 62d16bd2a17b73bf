"""What is wrong with a template, told to its author before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.core import guard
from server.core.dialogue.template import OwnQuestion, Template
from server.core.events import Language
from server.core.lists import topics
from server.core.lists.sameness import same
from server.core.understanding import Judged

LONGEST_NAME = 80
LONGEST_TEXT = 500
LONGEST_LINE = 200
MOST_LINES = 6
MOST_QUESTIONS = 30
MOST_FACTS = 50
MINUTES = range(5, 181)
PACE = (0.5, 3.0)
FOLLOW_UPS = range(6)

_HIRING_ACT = "채용절차법 제4조의3 (Fair Hiring Procedure Act, art. 4-3)"
_EQUAL_WORK = "남녀고용평등법 제7조 (Equal Employment Opportunity Act, art. 7)"
_HUMAN_RIGHTS = "국가인권위원회법 제2조 제3호 (National Human Rights Commission Act, art. 2)"
_NO_NEED = "개인정보 보호법 제16조 (Personal Information Protection Act, art. 16)"
_RULES = {
    "appearance": _HIRING_ACT,
    "origin": _HIRING_ACT,
    "marriage": _HIRING_ACT,
    "family": _HIRING_ACT,
    "property": _HIRING_ACT,
    "sex": _EQUAL_WORK,
    "pregnancy": _EQUAL_WORK,
    "age": "고령자고용법 제4조의4 (Act on Prohibition of Age Discrimination, art. 4-4)",
    "health": "장애인차별금지법 제10조 (Act against Discrimination of Persons with "
    "Disabilities, art. 10)",
    "union": "노동조합법 제81조 (Trade Union Act, art. 81)",
    "religion": _HUMAN_RIGHTS,
    "politics": _HUMAN_RIGHTS,
}

_WHY = {
    "private": "It may ask for a private matter of the candidate. Ask about the work itself.",
    "leading": "It leads to an answer. Ask openly.",
    "praise": "It praises. Ask neutrally, the same of everybody.",
    "verdict": "It judges, or speaks of judging. A person decides later.",
    "several": "It asks several things. One question at a time is answered better.",
    "several_questions": "It asks several things. One question at a time is answered better.",
    "pressing": "It presses for something that was withheld or that hurts.",
    "too_long": "It is long to listen to. Two short sentences are understood better.",
    "not_a_question": "It asks nothing.",
    "quoted": "Quotation marks are not heard. Put it in words.",
    "form": "It does not sound like a spoken question. Read it aloud once.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` is stable; ``detail`` is for the author and repeats nothing that was written."""

    code: str
    detail: str


SURE = 0.8
"""From this confidence on a question asks the candidate for protected data."""

Judgements = Mapping[tuple[int, Language], Judged]
"""What is wrong with what was written, by its meaning: by the question's place, from 1."""


def faults(template: Template, judged: Judgements) -> list[Fault]:
    """Empty where the template may be saved."""
    return [
        *_frame(template),
        *_stages(template),
        *_questions(template, judged),
        *_company(template),
    ]


def written(template: Template) -> Iterator[tuple[int, Language, str]]:
    """What the author wrote to be asked, with its place."""
    for at, question in enumerate(template.questions, start=1):
        for language, text in question.text.items():
            yield at, language, text


def warnings(template: Template, judged: Judgements) -> list[str]:
    """What may be saved and had better be looked at again, for the author."""
    found = []
    for at, language, text in written(template):
        judgement = judged.get((at, language))
        why: str | None = judgement.fault if judgement and not _refused(judgement) else None
        if why is None:
            why = guard.check(text, language=language, target_role="", history=())
        if why is not None:
            found.append(f"Question {at} ({language}): {_WHY.get(why, _WHY['form'])}")
    return found


def _refused(judgement: Judged) -> bool:
    return judgement.fault == "private" and judgement.confidence >= SURE


def _frame(template: Template) -> Iterator[Fault]:
    name = template.name.strip()
    if not name or len(name) > LONGEST_NAME:
        yield Fault("template_name", f"Give it a name of at most {LONGEST_NAME} characters.")
    if not template.languages or len(set(template.languages)) < len(template.languages):
        yield Fault("template_languages", "Name one language at least, each once.")
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


def _questions(template: Template, judged: Judgements) -> Iterator[Fault]:
    for at, question in enumerate(template.questions, start=1):
        yield from _texts(f"Question {at}", "question", question.text, template)
        lines = question.rubric
        longest = max((len(line) for line in (question.competency, *lines)), default=0)
        if len(lines) > MOST_LINES or longest > LONGEST_LINE:
            yield Fault(
                "question_rubric",
                f"Question {at}: at most {MOST_LINES} lines of {LONGEST_LINE} characters.",
            )
        for language, text in question.text.items():
            judgement = judged.get((at, language))
            if judgement is not None and _refused(judgement):
                yield _unlawful(at, language, text)
    yield from _twice(template.questions)


def _texts(
    what: str, code: str, texts: Mapping[Language, str], template: Template
) -> Iterator[Fault]:
    if any(not text.strip() or len(text) > LONGEST_TEXT for text in texts.values()):
        yield Fault(f"{code}_length", f"{what} is empty or longer than {LONGEST_TEXT} characters.")
    if not set(texts) & set(template.languages):
        yield Fault(f"{code}_language", f"{what} is in none of the interview's languages.")


def _unlawful(at: int, language: Language, text: str) -> Fault:
    """The topic only names the rule: that it is asked of the candidate has been judged."""
    rule = _RULES.get(topics.forbidden(text) or "", _NO_NEED)
    return Fault(
        "question_forbidden",
        f"Question {at} ({language}) asks the candidate for something private, which a hiring"
        f" decision may not rest on: {rule}. Leave it out, or ask about the work itself.",
    )


def _twice(questions: tuple[OwnQuestion, ...]) -> Iterator[Fault]:
    for at, question in enumerate(questions, start=1):
        for earlier in questions[: at - 1]:
            shared = question.text.keys() & earlier.text.keys()
            if any(same(question.text[one], earlier.text[one]) for one in shared):
                yield Fault("question_twice", f"Question {at} asks what an earlier one asks.")
                break


def _company(template: Template) -> Iterator[Fault]:
    if len(template.company) > MOST_FACTS:
        yield Fault("company_facts", f"At most {MOST_FACTS} facts about the company.")
    for at, fact in enumerate(template.company, start=1):
        if not fact.topic.strip() or len(fact.topic) > LONGEST_NAME:
            yield Fault("company_topic", f"Fact {at}: say by which words it is asked for.")
        yield from _texts(f"Fact {at}", "company", fact.text, template)
