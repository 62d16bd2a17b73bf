"""May this sentence be spoken? The last word on form, whoever wrote it.

What it means is judged beside this, by ``ports.Understanding.fault``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from server.core.events import Exchange
from server.core.pack import Grammar

_LONGEST_LOOKED_AT = 2_000


def check(
    text: str,
    *,
    grammar: Grammar,
    target_role: str,
    history: Sequence[Exchange],
    follows: str | None = None,
    known: Iterable[str] = (),
    asks: bool = True,
    instructions: str = "",
) -> str | None:
    """None if it may be spoken, else why not, as a short code.

    ``wrong_language``, ``too_long``, ``not_a_question``, ``several_questions``, ``repeated``,
    ``personal_data``, ``leaked_instructions``, ``impolite``, ``markup``, ``quoted``. ``follows``:
    the answer that it follows; then also ``echoed``, and ``invented`` where it names or counts what
    stands neither there nor in the history, the role and ``known``, the texts of the résumé.
    ``asks``: it has to be a question. ``instructions``: what only a model is told."""
    if len(text) > _LONGEST_LOOKED_AT:
        return "too_long"

    def given() -> Iterator[str]:
        """Latest first: what is very long is not looked at to its end."""
        yield from (target_role, follows or "")
        for exchange in reversed(history):
            yield from (exchange.question, exchange.answer)
        yield from known

    plain = grammar.plain(text).strip()
    asking = grammar.unquoted(plain)
    if not asking.strip(" .!?"):
        return "not_a_question"
    return (
        ("leaked_instructions" if grammar.leaks(plain, instructions) else None)
        or grammar.unspeakable(plain)
        or ("markup" if grammar.marked(text) else None)
        or (None if grammar.written(_without(asking, target_role, grammar)) else "wrong_language")
        or ("quoted" if grammar.quotes(plain) else None)
        or ("too_long" if (asks or follows is not None) and grammar.too_long(plain) else None)
        or grammar.form(plain, asking, asks=asks)
        or ("repeated" if asks and grammar.repeats(plain, [e.question for e in history]) else None)
        or (None if follows is None else grammar.beside(plain, follows))
        or ("invented" if follows is not None and grammar.invents(plain, given()) else None)
    )


def _without(asking: str, target_role: str, grammar: Grammar) -> str:
    """The role is named as the résumé has it, in whatever language that is."""
    role = grammar.plain(target_role).strip()
    return asking.replace(role, " ") if len(role) > 1 else asking
