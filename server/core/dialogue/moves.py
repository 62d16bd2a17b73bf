"""What to do with an utterance whose words are all there: one table, from what was done to a move.

Act by the cost of an error: what is read with too little confidence is an answer, a spoken end or
skip is confirmed, and whatever may be delicate is never gone into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from server.core.events import CLOSING_STAGE, Meant, Move
from server.core.state import State
from server.core.understanding import AGREED, DECLINED, HURT, WISHES, Act, Understood

After = Literal["same", "wait", "leave", "go_on", "end"]
"""``same``: the question is come back to at once. ``wait``: the candidate is waited for, the
question is still open. ``leave``: the topic is left alone. ``go_on``: the next question, on the
topic or not. ``end``: the last words."""
Came = Literal["noise", "unread", "words"]


@dataclass(frozen=True, slots=True)
class Row:
    """``answers``: it counts as the answer. ``about``: what it is a reaction to, an `Act` or
    ``disclosure``, ``disclosure_in_answer``, ``bereavement``, ``self_harm``, ``kept``."""

    move: Move
    after: After
    answers: bool = False
    about: str = ""
    noted: bool = False


TABLE: Mapping[Act, Row] = {
    "answer": Row("next", "go_on", answers=True),  # a probe, where one is due
    "answer_then_wish": Row("next", "go_on", answers=True),  # and what is wished for
    "correct_self": Row("acknowledge", "go_on", answers=True),
    "wish_repeat": Row("repeat", "same"),
    "wish_slower": Row("repeat", "same"),
    "wish_rephrase": Row("clarify", "same"),
    "clarify": Row("clarify", "same"),
    "wish_moment": Row("wait", "wait"),
    "wish_pause": Row("wait", "wait"),
    "wish_skip": Row("confirm", "wait"),
    "wish_end": Row("confirm", "wait"),
    "wish_human": Row("human", "wait", noted=True),
    "question_process": Row("answer", "same"),
    "question_company": Row("answer", "same"),
    "correct_interviewer": Row("correct", "same", noted=True),
    "refuse_confidential": Row("acknowledge", "leave"),
    "refuse_private": Row("acknowledge", "leave"),
    "dont_know": Row("acknowledge", "leave"),
    "protest": Row("acknowledge", "leave", noted=True),
    "distress": Row("acknowledge", "wait"),
    "technical_trouble": Row("repeat", "wait"),
    "garbled": Row("repeat", "wait"),
    "smalltalk_ack": Row("acknowledge", "same"),
    "off_topic": Row("acknowledge", "same"),
    "injection": Row("acknowledge", "same"),
}
SELF_HARM = Row("human", "wait", about="self_harm", noted=True)
DISCLOSED = Row("acknowledge", "leave", about="disclosure")
DISCLOSED_AT_WORK = Row("next", "leave", answers=True, about="disclosure_in_answer")
BEREAVED = Row("acknowledge", "wait", about="bereavement")
SKIPPED = Row("next", "leave", about="wish_skip")
ENDED = Row("close", "end", about="wish_end")
KEPT = Row("acknowledge", "same", about="kept")
MOMENT_OVER = Row("repeat", "same", about="moment_over")
GIVEN_UP = Row("next", "leave")
STILL_THERE = Row("wait", "wait", about="long_answer")
ENOUGH = Row("next", "leave", answers=True)
ASKED_BACK = Row("confirm", "wait", about="unsure")

DELICATE: frozenset[Act] = HURT | {"dont_know"}
NEEDED, NEEDED_DELICATE = 0.4, 0.35
"""Confidence from which an act counts; from less where a question into it would hurt."""
SURE = 0.5
"""From less it may be no answer at all."""
ONCE: frozenset[Act] = frozenset({"smalltalk_ack", "off_topic", "injection", "garbled"})
"""Asked back or come back to once; then it is kept as the answer, and left."""
LEFT: frozenset[str] = frozenset({"distress", "bereavement", "self_harm"})
"""After which the topic is not taken up again."""
RESTS: frozenset[str] = frozenset({*LEFT, "wish_pause"})
"""After which the candidate is waited for as long as it takes."""


WORDED: frozenset[Move] = frozenset({"clarify", "correct"})
"""Where a language model may ask in its own words beside a follow-up."""
OURS: frozenset[str] = frozenset({*LEFT, "disclosure", "disclosure_in_answer", "kept", ""})
"""To these nobody else's words are said, and no other reading of them counts."""
UNSURE = 0.6
"""What is read less surely than this, a model is asked about too."""


def goes_on(row: Row) -> bool:
    """It is an answer, and it may be gone into."""
    return row.after == "go_on" and row.move in ("next", "acknowledge")


def confirms(row: Row) -> bool:
    """Whether it asks if a wish is meant."""
    return row.move == "confirm" and row.about != ASKED_BACK.about


def may_be_worded(row: Row) -> bool:
    """Whether a model's words may take the place of the pack's."""
    return row.move in WORDED and row.after in ("same", "leave") and row.about not in OURS


def worth_asking(row: Row, read: Understood) -> bool:
    """Whether a model is asked what to do, beside the table."""
    if goes_on(row) or may_be_worded(row):
        return True
    settled = row.about in OURS or row.after == "end" or row.move == "close"
    return not settled and read.confidence < UNSURE


def came(state: State) -> Came:
    """``unread``: no engine could read what was said."""
    if state.answer.said:
        return "words"
    return "unread" if state.answer.unread else "noise"


def is_backchannel(read: Understood) -> bool:
    """Said over a question it is no answer and no objection: “mhm”."""
    return read.act == "smalltalk_ack"


def asks_back(read: Understood) -> bool:
    """Said over a question it is about that question, however little of it was heard. Who wants to
    end or to rest may say so at the end of an answer as well."""
    return read.act in _ABOUT_IT and read.confidence >= UNSURE


def rests(state: State) -> bool:
    """Whether the candidate was offered a break."""
    return state.current.kind == "aside" and state.current.reason in RESTS


def next_move(state: State, meant: Meant, *, waited: bool = False) -> Row:
    """The row that counts, with the act that it reacts to. ``waited``: after so long a silence
    that a moment to think is over."""
    read = meant.read
    if speaks_of_self_harm(read):
        return SELF_HARM
    act = act_of(read)
    if state.current.kind == "confirm" and (row := _confirmed(state, meant, act)) is not None:
        return row
    row = _wish(state, read) if act == "answer_then_wish" else _by_table(read, act)
    if waited and row.about == "wish_moment":
        row = _moment_over(state, row)
    if _at_the_end(state):
        return _closing(row)
    if state.current.kind == "aside":
        return _after_aside(state, row, "smalltalk_ack" if _says_little(read, act) else act)
    if act == "answer" and (unsure := _unsure(state, read)) is not None:
        return unsure
    if act in ONCE and state.current.kind in ("repeat", "rephrase"):
        return ENOUGH
    return row


def _by_table(read: Understood, act: Act) -> Row:
    row = _disclosed(read, act) or replace(TABLE[act], about=act)
    if act == "correct_self" and not read.work:
        return replace(row, after="same", answers=False)  # it is still to be told
    return row


def speaks_of_self_harm(read: Understood) -> bool:
    """Noticing it is tuned to miss nothing, so it also sees it where somebody only tells of work or
    wants something of the interviewer."""
    if read.act == "distress":
        return read.self_harm
    return read.self_harm and not read.work and read.act in ("answer", "off_topic", *DELICATE)


def act_of(read: Understood) -> Act:
    """An answer, where it is not sure enough."""
    needed = NEEDED_DELICATE if read.act in DELICATE else NEEDED
    return read.act if read.confidence >= needed else "answer"


def _unsure(state: State, read: Understood) -> Row | None:
    """What is rather something else than an answer, though nobody can tell what: asked back, once
    about each question, where that cannot hurt."""
    if read.act in ("answer", "correct_self") or read.work or read.sensitive != "none":
        return None
    if read.act in HURT:
        return DISCLOSED_AT_WORK
    since = (asked for asked in state.asked if asked.turn > state.open_question.turn)
    return None if any(one.reason == ASKED_BACK.about for one in since) else ASKED_BACK


def in_peace(read: Understood) -> bool:
    """There is something in it, however uncertain, that had better not be gone into."""
    return read.sensitive != "none" or read.act in HURT


def beside_work(read: Understood) -> bool:
    """An answer that says nothing about work, or may be none at all, is not asked on."""
    if read.star is None:
        return False
    return read.confidence < SURE or not (read.work or read.star)


def _says_little(read: Understood, act: Act) -> bool:
    """Of what is said to words without a question: “just loading” is hardly the answer."""
    return act == "answer" and read.sensitive == "none" and beside_work(read) and not read.work


def _disclosed(read: Understood, act: Act) -> Row | None:
    """The work in it counts, the rest is left in peace."""
    if read.sensitive == "none" or act not in ("answer", "distress"):
        return None
    if read.sensitive == "bereavement" and not read.work:
        return BEREAVED
    if act == "distress":
        return None
    if not read.work:
        return DISCLOSED
    return DISCLOSED_AT_WORK


def _wish(state: State, read: Understood) -> Row:
    """What is asked for beside the answer, which is kept. To hear a question again that was taken
    back is no more than to be asked it, and a moment after which more was said is over."""
    said = [one for one in read.clauses[:-1] if one.act != "wish_moment"] + [*read.clauses[-1:]]
    asked = [clause for clause in said if clause.act in _BESIDE]
    best = max(asked, key=lambda clause: clause.confidence, default=None)
    if best is None:
        return replace(TABLE["answer"], about="answer")
    row = replace(TABLE[best.act], about=best.act, answers=True)
    again = state.reopened and row.move in ("repeat", "clarify")
    return replace(TABLE["answer"], about="answer") if again else row


_BESIDE: frozenset[Act] = frozenset(
    {*WISHES, "clarify", "question_process", "question_company", "technical_trouble"}
)
_ABOUT_IT = frozenset[Act]({*_BESIDE, "refuse_private"}) - {"wish_end", "wish_pause"}


def _confirmed(state: State, meant: Meant, act: Act) -> Row | None:
    """Whether the wish was meant; None: it is something else, as in any turn."""
    wish = state.current.reason
    if meant.nearest == DECLINED and (act == wish or act not in _SETTLED):
        return KEPT  # “no, let us not stop” is near to both, and an end cannot be taken back
    if act == wish or (meant.nearest == AGREED and act not in _SETTLED):
        return ENDED if wish == "wish_end" else SKIPPED
    return KEPT if act == "smalltalk_ack" else None


_SETTLED: frozenset[Act] = frozenset({"wish_end", "wish_skip", "distress", "refuse_private"})
"""Says itself what is wanted, whatever samples it is near to."""


def _moment_over(state: State, row: Row) -> Row:
    """The question once more, after that another."""
    if row.answers:
        return replace(TABLE["answer"], about="answer")
    return GIVEN_UP if state.current.kind == "repeat" else MOMENT_OVER


def _at_the_end(state: State) -> bool:
    return state.topic is not None and state.topic.stage == CLOSING_STAGE


def _closing(row: Row) -> Row:
    """At the last question nothing is come back to: what is left is to answer and to close."""
    if row.move in ("repeat", "clarify", "wait", "human") or row.about in LEFT:
        return row
    if row.about == "wish_end":
        return replace(ENDED, answers=row.answers)
    if row.move == "answer":
        return replace(row, after="go_on")
    if row.about in _NOTHING_MORE:
        return Row("close", "go_on", answers=True)
    return replace(row, move="close", after="go_on")


_NOTHING_MORE = frozenset({"answer", "dont_know", "smalltalk_ack", "off_topic", "wish_skip"})


def _after_aside(state: State, row: Row, act: Act) -> Row:
    """Something was said and the candidate was waited for: “I am ready” is no answer."""
    if state.current.reason in LEFT and row.after in ("same", "go_on") and row.move != "answer":
        return replace(row, move="next", after="leave", about="")
    if state.current.reason == STILL_THERE.about and act in ONCE:
        return GIVEN_UP  # what there is of the answer was kept before it was asked
    if state.current.reason == ASKED_BACK.about and act in ONCE:
        return ENOUGH  # with what was asked about, which is kept until it is known
    if act == "smalltalk_ack":
        return replace(TABLE[act], about="")
    return ENOUGH if act in ONCE and state.current.reason == act else row
