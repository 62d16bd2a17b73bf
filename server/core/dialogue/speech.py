"""What the interviewer says around the questions, in the words of a language's pack."""

from __future__ import annotations

import re

from server.core.pack import Pack

GENERAL_ROLE = "일반"
"""The role of an interview whose résumé states none."""
_LONGEST_NAME = 40
_NAME = re.compile(r"[^\W\d_][^\d_@/:;!?<>{}\[\]]*")


def opening(pack: Pack, target_role: str, family: str, name: str | None) -> str:
    """Greets, says that an AI asks (the candidate has to be told), names the role, and asks."""
    said = pack.speech.opening
    called = _called(pack, name)
    hello = pack.fill(said.greeting_named, name=called) if called else said.greeting
    focus = pack.family(family).focus
    text = pack.fill(said.text, interview=_interview(pack, target_role), focus=focus)
    return f"{hello} {text}"


def ungreeted(opening: str) -> str:
    """What the first words ask: nobody is greeted twice."""
    return re.split(r"(?<=[.?!])\s+", opening)[-1]


def closing(pack: Pack, name: str | None) -> str:
    said = pack.speech.closing
    called = _called(pack, name)
    if called is None:
        return f"{said.thanks} {said.goodbye}"
    address = pack.fill(pack.speech.opening.address, name=called)
    return f"{pack.fill(said.thanks_named, address=address)} {said.goodbye}"


def rephrased(
    pack: Pack, question: str, stage: str, *, simpler: str | None, times: int
) -> tuple[str, str]:
    """What leads to it, and the same question in other words, the second time with a hint at how
    it can be answered.

    ``stage`` may also be ``follow_up``. ``simpler``: other words that were prepared. ``times``: how
    often it was done before. The question itself is kept where nothing was prepared: its hint is
    what is new.
    """
    aside = pack.speech.aside
    if simpler is not None and times == 0:
        return aside.other_words, simpler
    stages = {str(name): one.hints for name, one in pack.stages.items()}
    hints = stages.get(stage, aside.hints)
    before = aside.other_words if simpler else aside.in_parts
    return before, f"{simpler or question} {hints[times % len(hints)]}"


def reaction(pack: Pack, about: str, *, confirm: bool = False) -> tuple[str, ...]:
    """What is said to what the candidate did, in several wordings; empty where nothing has to be.

    ``about``: an `Act`, or another name that `moves.Row` may have.
    """
    aside: object = pack.speech.aside
    if confirm:
        return (getattr(aside, "confirm_end" if about == "wish_end" else "confirm_skip"),)
    if about in _ASIDES:
        return (getattr(aside, _ASIDES[about]),)
    said: tuple[str, ...] = getattr(pack.speech.acknowledge, _ACKNOWLEDGED.get(about, about), ())
    return said


_ASIDES = {
    "wish_repeat": "repeat",
    "wish_slower": "slower",
    "wish_moment": "moment",
    "wish_pause": "pause",
    "moment_over": "encourage",
    "kept": "confirm_kept",
}
_ACKNOWLEDGED = {"wish_skip": "skipped", "wish_human": "human", "smalltalk_ack": "smalltalk"}


def _called(pack: Pack, name: str | None) -> str | None:
    """The name if it can be one: a misread line of a résumé is not read out as a name."""
    name = re.sub(r"\s+", " ", name or "").strip()
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    return name.removesuffix(pack.speech.opening.honorific).strip() or None


def _interview(pack: Pack, target_role: str) -> str:
    said = pack.speech.opening
    role = target_role.strip()
    if role in ("", GENERAL_ROLE):
        return said.interview_general
    named = role.casefold().endswith(said.role_endings)
    return pack.fill(said.interview_named if named else said.interview, role=target_role)
