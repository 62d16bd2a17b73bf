"""Messages for the language model: a brief becomes a chat.

The rules and their examples stand first and are the same for everybody. A session's messages only
grow at the end, so that a server's prefix cache is hit at every turn, until they would be too long:
then the oldest are summed up, many at once, so that it seldom happens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from server.core.events import Refused, Reply
from server.core.understanding import ACTS
from server.document.confidence import trusted
from server.language.instructions import Example
from server.language.speech import Pack
from server.language.unspeakable import SPEAKER
from server.wording.brief import Brief, Told
from server.wording.reply import MOVES, as_json, written

CONTEXT = 8_192
"""Tokens of prompt and reply, where the server does not say how many there may be."""
REPLY = 500
SMALL = 6_000
"""In a context of fewer tokens the examples are left out."""
LEAST_HISTORY = 600
RESUME_TOKENS, ANSWER_TOKENS, LINE_TOKENS = 900, 500, 60
FIELD_CHARS = 160
SUMMED = 8
"""Of the exchanges that are summed up so many are told, the latest."""
_FRAME = 200
"""Tokens of what stands around an answer, about."""

Messages = list[tuple[str, str]]


def messages(brief: Brief, refused: Refused | None = None, context: int | None = None) -> Messages:
    """(role, content) pairs that ask what comes next, at most ``context`` tokens with the reply.

    Those of one turn are the beginning of those of the next. ``refused``: what the model wrote to
    the same brief and may not say.
    """
    pack = brief.pack
    context = context or CONTEXT
    rules = _rules(pack, examples=context >= SMALL)
    setting = _setting(brief)
    room = context - REPLY - tokens(rules) - tokens(setting) - SUMMED * LINE_TOKENS
    first = _first_kept(brief.history, max(LEAST_HISTORY, room))
    opening = [setting]
    if first:
        opening.append(_summary(pack, brief.history[max(0, first - SUMMED) : first]))
    chat = [("system", rules)]
    for told in brief.history[first:]:
        chat.append(("user", "\n".join([*opening, _turn(pack, told)])))
        opening = []
        if told.reply is not None:
            chat.append(("assistant", written(told.reply)))
    if refused is not None:
        why = pack.prompts.reason.get(refused.reason, refused.reason)
        chat.append(("assistant", written(_bounded(refused.reply))))
        chat.append(("user", pack.fill(pack.prompts.again.strip(), reason=why)))
    return chat


def tokens(text: str) -> int:
    """At most so many, as tokenisers go that know both languages: a syllable of Hangul one, of
    Latin letters a third each."""
    return len(text.encode("utf-8", "replace")) // 3 + 1


# Before the interview.


def _rules(pack: Pack, *, examples: bool) -> str:
    shown = "\n".join(map(_example, pack.prompts.example)) if examples else ""
    rules = pack.prompts.rules.strip()
    filled = pack.fill(rules, acts=", ".join(ACTS), moves=", ".join(MOVES), examples=shown)
    return filled.strip()


def _example(one: Example) -> str:
    reply = as_json(one.act, one.move, one.say, one.evidence or None, one.line or None)
    return f"{one.question} / {one.answer}\n{one.verdict} ({one.why}): {reply}"


def _setting(brief: Brief) -> str:
    pack = brief.pack
    facts = "\n".join(f"{name}: {inert(text, 300)}" for name, text in brief.facts.items())
    return pack.fill(
        pack.prompts.setting.strip(),
        role=inert(brief.target_role, FIELD_CHARS),
        resume=compact(brief.resume, pack),
        facts=facts or pack.prompts.nothing,
    )


# The exchanges.


def _first_kept(history: Sequence[Told], room: int) -> int:
    """From where on it is told word for word. It goes forward in leaps, to half of ``room``, and
    is found from the beginning: what one turn told is told in the next."""
    first = size = 0
    weights = [_weight(told) for told in history]
    for at, weight in enumerate(weights):
        size += weight
        if size > room:
            while first < at and size > room // 2:
                size -= weights[first]
                first += 1
    return first


def _weight(told: Told) -> int:
    return min(tokens(told.answer), ANSWER_TOKENS) + min(tokens(told.question), 100) + _FRAME


def _turn(pack: Pack, told: Told) -> str:
    prompts = pack.prompts
    nothing = prompts.nothing

    def lines(texts: Sequence[str]) -> str:
        return "; ".join(inert(text, FIELD_CHARS) for text in texts) or nothing

    return pack.fill(
        prompts.turn.strip(),
        question=inert(told.question, 2 * FIELD_CHARS) or nothing,
        answer=_shortened(told.answer) or nothing,
        topic=inert(told.topic, FIELD_CHARS) or nothing,
        competency=inert(told.competency, FIELD_CHARS) or nothing,
        seen=lines(told.seen),
        missing=lines(told.missing),
        probes_left=str(told.probes_left),
        minutes_left=str(told.minutes_left),
        next_topic=inert(told.next_topic, FIELD_CHARS) or nothing,
    )


def _shortened(answer: str) -> str:
    """Beginning and end of what is long: the end is where something may be wished for."""
    if tokens(answer) <= ANSWER_TOKENS:
        return inert(answer, 4 * ANSWER_TOKENS)
    longest = len(answer) * ANSWER_TOKENS // tokens(answer)
    head, tail = answer[: longest * 2 // 3], answer[-longest // 3 :]
    return f"{inert(head, longest)} … {inert(tail, longest)}"


def _summary(pack: Pack, summed: Sequence[Told]) -> str:
    """A line each: the topic, what the candidate did, and in which words."""

    def line(told: Told) -> str:
        act = told.reply.act if told.reply else "answer"
        evidence = (told.reply.evidence if told.reply else None) or told.answer
        return f"- {_clip(told.competency or told.topic)}: {act}; {_clip(evidence)}"

    turns = "\n".join(map(line, summed))
    return pack.fill(pack.prompts.summary.strip(), turns=turns)


def _clip(text: str) -> str:
    longest = LINE_TOKENS // 2
    text = text[: 6 * longest]
    return inert(text, max(1, len(text) * longest // max(longest, tokens(text))))


def _bounded(reply: Reply) -> Reply:
    evidence = inert(reply.evidence, FIELD_CHARS) if reply.evidence else None
    line = inert(reply.line, FIELD_CHARS) if reply.line else None
    return Reply(reply.act, reply.move, inert(reply.say, 2 * FIELD_CHARS), evidence, line)


# The résumé.

_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("work", ("name", "position", "startDate", "endDate", "summary", "highlights")),
    ("projects", ("name", "roles", "description", "highlights")),
    ("skills", ("name", "keywords")),
    ("certificates", ("name",)),
    ("awards", ("title",)),
    ("education", ("area", "studyType")),
    ("selfIntroduction", ("question", "answer")),
)
_CONTACT = re.compile(r"[^\s@]{1,64}@\S+|https?://\S+|www\.\S+|\+?\d[\d\s().-]{7,}\d")


def compact(resume: Mapping[str, object], pack: Pack) -> str:
    """What a question can start from, labelled, at most ``RESUME_TOKENS``. Name, contacts, place
    and school are left out: no question needs them."""
    text, left = "", RESUME_TOKENS
    for line in _lines(trusted(resume), pack):
        if (long := tokens(line)) > left:
            continue
        text += line + "\n"
        left -= long
    return text.rstrip("\n") or pack.prompts.nothing


def _lines(resume: Mapping[str, object], pack: Pack) -> Iterator[str]:
    header = resume.get("header")
    if isinstance(header, Mapping) and (headline := _value(header.get("headline"))):
        yield f"{_label(pack.resume.header, 'headline')}: {headline}"
    for section, fields in _SECTIONS:
        entries = resume.get(section)
        for entry in entries if isinstance(entries, list | tuple) else ():
            if isinstance(entry, Mapping):
                said = [value for field in fields if (value := _value(entry.get(field)))]
                if said:
                    yield f"{_label(pack.resume.section, section)}: {' / '.join(said)}"


def _label(words: Mapping[str, tuple[str, ...]], name: str) -> str:
    return next(iter(words.get(name, ())), name)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(part for part in value if isinstance(part, str))
    return (
        inert(_CONTACT.sub("", value[: 4 * FIELD_CHARS]), FIELD_CHARS)
        if isinstance(value, str)
        else ""
    )


_MARKER = re.compile(r"[<>\[\]{}|`＜＞［］｛｝｜]")
_INSTEAD = str.maketrans("<>[]{}|`＜＞［］｛｝｜", "‹›()()/'‹›()()/")
_HEADING = re.compile(r"#{2,}")  # one alone may be C#


def inert(text: str, longest: int) -> str:
    """One line of at most ``longest`` characters that can neither close nor open a fence, and in
    which no chat template finds a marker, a speaker or a character that cannot be seen."""
    text = text[: 4 * longest]
    if not text.isprintable():
        seen = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
        text = "".join(seen)
    text = _MARKER.sub(lambda found: found[0].translate(_INSTEAD), text)
    if ":" in text or "：" in text:  # looked for first: an answer is long and comes at every turn
        text = SPEAKER.sub(r"\1 -", text)
    return " ".join(_HEADING.sub("", text).split())[:longest].rstrip()
