"""The interviewer's half of a turn: the next question, written, told, voiced and heard."""

from __future__ import annotations

from dataclasses import replace

from server.core.dialogue.dialogue import Dialogue
from server.core.dialogue.draft import Draft
from server.core.dialogue.meaning import Meaning
from server.core.dialogue.moves import STILL_THERE, TABLE, Row, goes_on, next_move, worth_asking
from server.core.events import (
    Close,
    Compose,
    Effect,
    EndReason,
    Floor,
    Hush,
    Meant,
    Refused,
    Say,
    Tell,
    Withdraw,
    facts,
    inputs,
)
from server.core.interview import Interview
from server.core.state import BESIDE, Memory
from server.core.turn.listening import Listening
from server.core.turn.playback import Playback
from server.core.turn.turn import Turn

DEAF_AFTER = 2
"""An interviewer that has heard itself so often is not interrupted by what it hears any more."""


class Asking:
    """``memory``, ``turn``, ``listening`` and ``meaning`` are the session's; ``writer``: whether
    there is a model for follow-ups."""

    def __init__(
        self,
        memory: Memory,
        turn: Turn,
        listening: Listening,
        meaning: Meaning,
        interview: Interview,
        *,
        writer: bool,
    ) -> None:
        self.memory = memory
        self.turn = turn
        self._clock = turn.clock
        self.listening = listening
        self.meaning = meaning
        self._interview = interview
        self.packs = interview.packs
        self._writer = writer
        self._draft = Draft()
        self._waited = False
        self.playback = Playback()
        self.spoken = ""
        """What the interviewer said last."""
        self.may_yield = False
        """It was we who took the answer for over: the question that follows may be taken back."""

        self.marks = False
        """The candidate's client reports what it played."""

    def choices(self, since_ms: int | None = None) -> Dialogue:
        """As things stand now, or at ``since_ms`` of the interview."""
        elapsed_ms = self._clock.elapsed_ms if since_ms is None else since_ms
        state = self.memory.state
        return Dialogue(self._interview, state, self._writer, elapsed_ms)

    def passes(self, floor: Floor) -> Tell:
        turn, at_ms = self.memory.state.turn, self.turn.audio_ms
        return self.memory.tell(facts.FloorPassed(turn, floor, at_ms))

    # The voice.

    def ask(self, question: facts.QuestionAsked) -> list[Effect]:
        """A new question of a new turn, and what people wrote meanwhile."""
        said = "" if question.kind == "opening" else self.choices().passed_on()
        lead = f"{said} {question.lead}".strip() if question.text else ""
        question = replace(question, lead=lead, text=question.text or said)
        effects = [*self.withdraw(), self.memory.tell(question)]
        self.listening.forget()
        self._waited = False
        effects += map(self.memory.tell, self.choices().coverage.settle())
        return [*effects, *self.say()]

    def say(self) -> list[Effect]:
        """The running question, from its beginning."""
        state = self.memory.state
        question = state.current
        self.turn.speak(
            marks=self.marks,
            interruptible=not state.over and state.own_voice < DEAF_AFTER,
            may_yield=self.retractable,
        )
        self.playback = Playback(self.marks)
        self.spoken = question.spoken
        language = question.language or state.language
        return [
            self.passes("speaking"),
            Say(question.turn, question.question_id, question.spoken, language),
        ]

    def voice_began(self, turn: int) -> None:
        if turn == self.memory.state.turn:
            self.playback.began(self._clock.now_ms)

    def voiced(self, event: inputs.QuestionVoiced) -> None:
        state = self.memory.state
        if event.turn == state.turn:
            remaining_ms = self.playback.produced(event.duration_ms, self._clock.now_ms)
            if state.floor == "speaking":
                self.turn.voiced(remaining_ms)

    def played(self, event: inputs.Played) -> bool:
        """Whether the mark belongs to the question that is being spoken."""
        state = self.memory.state
        if event.turn != state.turn or state.floor != "speaking":
            return False
        self.playback.mark(event.played_ms, last=event.stopped)
        return True

    def heard(self, *, complete: bool) -> Effect:
        played_ms = self.playback.finished() if complete else self._stopped()
        return self.memory.tell(facts.QuestionHeard(self.memory.state.turn, played_ms, complete))

    @property
    def retractable(self) -> bool:
        state = self.memory.state
        if not self.may_yield or state.before is None or state.own_voice >= DEAF_AFTER:
            return False
        return state.current.kind not in BESIDE and state.current.reason != "wish_end"

    def take_back(self) -> Effect:
        """The question was not asked; what was ended before it goes on."""
        state, before = self.memory.state, self.memory.state.before
        assert before is not None
        return self.memory.tell(
            facts.QuestionTakenBack(
                turn=state.turn,
                question_id=state.current.question_id,
                reopened=before.turn,
                unsettled=tuple(one for one in state.settled if one not in before.settled),
                played_ms=self._stopped(),
            )
        )

    def _stopped(self) -> int:
        return self.playback.stopped(self._voice_ms)

    def nearly_over(self) -> bool:
        return self.playback.nearly_over(self._voice_ms)

    @property
    def _voice_ms(self) -> int:
        """The clock less what the voice was held."""
        return self._clock.now_ms - self.turn.held_for()

    # The text.

    def speculate(self) -> list[Effect]:
        """The answer may be over: begin to write, void if it is not."""
        text = self.memory.state.answer.text
        if self._draft.active or self.listening.awaited or not text or not self.meaning.known:
            return []
        return self._compose(self.meaning.meant()) or []

    def _row(self, meant: Meant) -> Row:
        return next_move(self.memory.state, meant, waited=self._waited)

    def withdraw(self) -> list[Effect]:
        """What is being written is not wanted any more."""
        unfinished = self._draft.awaits(self._draft.revision)
        withdrawn = Withdraw(self.memory.state.turn, self._draft.revision)
        self._draft.void()
        return [withdrawn] if unfinished else []

    def respond(self, *, waited: bool) -> list[Effect]:
        """All words are there, and what they mean: what was written meanwhile, or choose, or begin
        to write. ``waited``: after so long a silence that a moment to think is over."""
        self._waited = waited
        meant = self.meaning.meant()
        if not worth_asking(self._row(meant), meant.read):
            return [*self.withdraw(), *self.react()]
        if self._draft.active:
            if self._draft.ready is not None or self._draft.failed is not None:
                return self._settle()
            self.turn.think(decoding=False)
            return []
        composing = self._compose(meant)
        if composing is None:
            return self.react()
        self.turn.think(decoding=False)
        return composing

    def awaits(self, event: inputs.QuestionComposed) -> bool:
        return event.turn == self.memory.state.turn and self._draft.awaits(event.revision)

    def composed(self, event: inputs.QuestionComposed) -> list[Effect]:
        state = self.memory.state
        if not self.awaits(event):
            return []
        self._draft.ready = event
        self.meaning.replied(event.reply)
        meant = self.meaning.meant()
        refused = self._worded(event, meant)
        if isinstance(refused, str) and self._draft.refused is None:
            revision = self._draft.again(refused)
            return [Compose(state.turn, revision, meant, Refused(event.reply, refused))]
        return self._settle() if state.floor == "thinking" else []

    def _worded(self, event: inputs.QuestionComposed, meant: Meant) -> facts.QuestionAsked | str:
        return self.choices(self._draft.elapsed_ms).replied(self._row(meant), meant, event)

    def not_composed(self, revision: int, reason: str) -> list[Effect]:
        if not self._draft.awaits(revision):
            return []
        self._draft.failed = reason
        thinking = self.memory.state.floor == "thinking"
        return self._settle() if thinking else []

    def late(self) -> list[Effect]:
        """The model is not waited for any longer."""
        refused = self._draft.refused
        return [*self.withdraw(), *self._without_it("model_late", refused)]

    def _without_it(self, failed: str | None, refused: str | None) -> list[Effect]:
        """What was refused is left; where there was nothing, the pack's own follow-up may come."""
        reason = f"model_refused:{refused}" if refused else failed
        return self.react(reason, probes=not refused)

    def react(self, reason: str | None = None, *, probes: bool = True) -> list[Effect]:
        """Keep what was said as what it was, and say what the dialogue chooses."""
        meant = self.meaning.meant()
        row = self._row(meant)
        question = self.choices().chosen(row, meant, reason, probes=probes)
        return self._done(row, meant, question)

    def _done(self, row: Row, meant: Meant, question: facts.QuestionAsked) -> list[Effect]:
        effects: list[Effect] = []
        if meant.text:
            move = self.choices().move(question, row)
            effects.append(self.memory.tell(self.meaning.fact(row, meant, move)))
        if row.answers:
            effects.append(self.give(meant))
        elif row.after == "leave":
            effects += self._left()
        return [*effects, *self.ask(question)]

    def _left(self) -> list[Effect]:
        """Nothing more is asked about this topic."""
        return [*map(self.memory.tell, self.choices().coverage.skip("candidate"))]

    def give(self, meant: Meant) -> Effect:
        """The answer is kept as it was understood."""
        state, answer = self.memory.state, self.memory.state.answer
        answer_id = self._interview.identity(f"answer:{state.turn}")
        question_id, language = state.current.question_id, state.language
        return self.memory.tell(
            answer.given(state.turn, question_id, answer_id, language, meant.goes_on_in)
        )

    def _compose(self, meant: Meant) -> list[Effect] | None:
        row = self._row(meant)
        if not self._writer or not worth_asking(row, meant.read):
            return None
        if goes_on(row) and not self.choices().may_follow_up(meant):
            return None
        revision = self._draft.begin(self._clock.elapsed_ms)
        return [Compose(self.memory.state.turn, revision, meant)]

    def _settle(self) -> list[Effect]:
        draft, event = self._draft, self._draft.ready
        if event is None:
            return self._without_it(draft.failed, draft.refused)
        meant = self.meaning.meant()
        question = self._worded(event, meant)
        if isinstance(question, str):
            return self._without_it(None, question)
        return self._done(self._row(meant), meant, question)

    # What the candidate asks of the interviewer: none of it is an answer.

    def grant(self, event: inputs.ControlUsed) -> list[Effect]:
        """Repeat, rephrase, skip, a moment."""
        if event.control == "moment":
            return self._moment()
        effects = self._yield_to()
        if event.control == "skip":
            effects += self._left()
        choices = self.choices()
        match event.control:
            case "repeat":
                question = choices.again(about="wish_repeat")
            case "rephrase":
                question = choices.rephrase()
            case _:
                question = choices.unasked(TABLE["answer"])
        return [*effects, *self.ask(question)]

    def ask_now(self) -> list[Effect]:
        """What a person wants to be asked: not after the answer, where one can be cut short."""
        state, choices = self.memory.state, self.choices()
        if state.wanted is None or not state.present or state.paused or state.led or state.over:
            return []
        if state.floor == "nobody":
            return []
        return [*self._yield_to(), *self.ask(choices.of_person(state.wanted))]

    def between(self) -> list[Effect]:
        """What people want the candidate to hear, where it does not come between a question of ours
        and its reply."""
        state, choices = self.memory.state, self.choices()
        if not state.asked or not state.present or state.paused or state.led:
            return []
        if state.by_person:
            return self.returns()
        if state.current.kind in ("confirm", "aside") and state.current.source != "interviewer":
            return []
        if state.leader is not None and not state.over:
            return self.ask(choices.of_person(state.leader))
        return self.ask(choices.of_people()) if state.unsaid else []

    def returns(self) -> list[Effect]:
        """A person led and has handed back: what was said to them is kept, and the interview goes
        on from where it was."""
        return [*self._yield_to(), *self.ask(self.choices().after_person())]

    def _moment(self) -> list[Effect]:
        """The floor stays with the candidate, or comes back."""
        state = self.memory.state
        if state.floor == "speaking":
            return []
        self.turn.grant()
        effects = self.withdraw()
        if state.floor == "thinking":
            effects.append(self.passes("listening"))
        return effects

    def wonder(self) -> list[Effect]:
        """The answer has gone on for very long: kept as far as it is, and asked about, once for
        each question."""
        if self.memory.state.current.reason == STILL_THERE.about:
            return []
        effects = self._yield_to()
        return [*effects, *self.ask(self.choices().unasked(STILL_THERE))]

    def _yield_to(self) -> list[Effect]:
        """The turn ends here; an answer that was begun is kept."""
        floor = self.memory.state.floor
        effects = self.withdraw()
        if floor == "speaking":
            effects += [Hush(self.memory.state.turn), self.heard(complete=False)]
        else:
            effects += self.listening.cut(self.turn.commit(floor))
        return [*effects, *self._kept("the turn was over")]

    def _kept(self, why: str) -> list[Effect]:
        """What was said of the answer so far; ``why`` no more is waited for."""
        effects = self.listening.leave(why)
        state = self.memory.state
        if state.answer.text and state.asked:
            effects.append(self.give(self.meaning.meant()))
        return effects

    def end(self, reason: EndReason) -> list[Effect]:
        """What was said is kept, what is left of the plan is told."""
        effects = self.withdraw()
        state = self.memory.state
        if state.floor == "speaking":
            effects.append(Hush(state.turn))
        effects += self._kept("the interview was over")
        self.turn.stop()
        effects += map(self.memory.tell, self.choices().coverage.conclude(reason))
        return [*effects, self.memory.tell(facts.InterviewEnded(reason)), Close(reason)]
