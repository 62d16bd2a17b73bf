"""The plan as a language model is asked for it: messages, the shape of the reply, and reading it."""
# ruff: noqa: E501 - a line is a rule

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from server.core import prompts, wording
from server.core.events import Language, RestsOn
from server.core.plan import Draft, Interview

VERSION = f"plan-1/{prompts.VERSION}"
"""Kept with what was written under it; raised with every change below."""
LONGEST_LINE = 120
MOST_LINES = 4
_FEWEST_QUOTED = 2

_TASK: dict[Language, str] = {
    "ko": """\
지원 직무: {role}
<resume>
{resume}
</resume>
단계별로 이만큼 질문을 쓰세요: {wanted}.
이번에는 JSON 객체 {{"questions": [...]}}만 출력합니다. 각 항목의 뜻:
- stage: 위에 적힌 단계 이름 그대로
- question: 질문
- simpler: 같은 것을 더 쉬운 말로 묻는 질문 하나
- competency: 이 질문으로 확인하는 역량, 한 구절
- quote: 질문의 바탕이 된 이력서의 말을 그대로 옮긴 짧은 구절, 없으면 null
- rubric: 좋은 답변이 보여 주는 것 두 줄에서 네 줄""",
    "en": """\
Role applied for: {role}
<resume>
{resume}
</resume>
Write this many questions by stage: {wanted}.
This time output one JSON object {{"questions": [...]}} only. What its items hold:
- stage: a stage's name exactly as above
- question: the question
- simpler: the same asked in simpler words, one question
- competency: what the question is to find out, a phrase
- quote: the short words of the résumé that the question starts from, copied exactly, or null
- rubric: two to four lines, what a good answer would show""",
}


def messages(interview: Interview, wanted: Mapping[str, int]) -> prompts.Messages:
    """(role, content) pairs; ``wanted`` is how many questions of which stage."""
    language = interview.language
    role = " ".join(interview.target_role.split())[: prompts.FIELD_CHARS]
    task = _TASK[language].format(
        role=role.translate({ord("<"): "‹", ord(">"): "›"}),
        resume=prompts.compact(interview.resume, language),
        wanted=", ".join(f"{stage} {count}" for stage, count in wanted.items()),
    )
    return [("system", wording.PLAN_RULES[language]), ("user", task)]


def schema(wanted: Mapping[str, int]) -> dict[str, object]:
    text: dict[str, object] = {"type": "string"}
    item = {
        "type": "object",
        "properties": {
            "stage": {"type": "string", "enum": list(wanted)},
            "question": text,
            "simpler": text,
            "competency": text,
            "quote": {"type": ["string", "null"]},
            "rubric": {"type": "array", "items": text, "minItems": 2, "maxItems": MOST_LINES},
        },
        "required": ["stage", "question", "simpler", "competency", "quote", "rubric"],
        "additionalProperties": False,
    }
    count = sum(wanted.values())
    questions = {"type": "array", "items": item, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"questions": questions},
        "required": ["questions"],
        "additionalProperties": False,
    }


def read(reply: Mapping[str, Any], interview: Interview, model: str) -> list[Draft]:
    """Whatever can be read in the reply; nothing of it has passed the guard yet."""
    listed = reply.get("questions")
    return [
        _draft(item, interview, model)
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, dict) and _line(item.get("question")) and _line(item.get("stage"))
    ]


def read_text(text: str, count: int, interview: Interview, model: str) -> list[Draft]:
    """What of a reply without a schema can be read: stages and questions."""
    return [
        Draft(stage, question, "llm", interview.language, model=model, prompt=VERSION)
        for stage, question in prompts.read_plan(text, count)
    ]


def _draft(item: Mapping[str, Any], interview: Interview, model: str) -> Draft:
    lines = item.get("rubric")
    rubric = [_line(line)[:LONGEST_LINE] for line in (lines if isinstance(lines, list) else ())]
    return Draft(
        stage=_line(item.get("stage")),
        text=_line(item.get("question")),
        source="llm",
        language=interview.language,
        competency=_line(item.get("competency"))[:LONGEST_LINE],
        rubric=tuple(line for line in rubric if line)[:MOST_LINES],
        rests_on=_stated(_line(item.get("quote")), interview.resume),
        simpler=_line(item.get("simpler")) or None,
        model=model,
        prompt=VERSION,
    )


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _stated(quote: str, resume: Mapping[str, object]) -> tuple[RestsOn, ...]:
    """Where the résumé says it; a quotation that stands nowhere is dropped."""
    if len(quote) < _FEWEST_QUOTED:
        return ()
    found = quote.casefold()
    for path, text in _texts(resume, ""):
        if found in " ".join(text.split()).casefold():
            return (RestsOn(path, quote[: 2 * LONGEST_LINE]),)
    return ()


_SECTIONS = (
    "work", "projects", "skills", "certificates", "awards", "education", "selfIntroduction",
)  # fmt: skip


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        keys = _SECTIONS if not path else tuple(value)
        for key in keys:
            if key in value:
                yield from _texts(value[key], f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for at, part in enumerate(value):
            yield from _texts(part, f"{path}[{at}]")
