"""The candidate's half of a turn: what is said over a question and after it, what it means, and who
has the floor then."""

from __future__ import annotations

from dataclasses import replace

from server.core.asking import DEAF_AFTER, Asking
from server.core.dialogue.moves import asks_back, came, is_backchannel, rests
from server.core.events import Effect, Hold, Hush, Release, facts, inputs
from server.core.events.answer import TYPED
from server.core.state import State
from server.core.turn.decisions import AnswerEnded, Closed, Decision, Interjected, Opened, Sign
from server.core.understanding import Reading

NO_ANSWER = "the recogniser did not answer in time"


class Answering:
    """``asking`` is the interviewer's half, with which it shares all else."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._memory = asking.memory
        self._turn = asking.turn
        self._clock = asking.turn.clock
        self._listening = asking.listening
        self._meaning = asking.meaning
        self._over_question: inputs.SegmentTranscribed | None = None
        """Words said over the question, until it is known what they mean."""

        self._silenced_ms = 0
        self._waited = False
        """The silence that ended the answer was a moment to think."""

    @property
    def _state(self) -> State:
        return self._memory.state

    # Who has the floor.

    def asked(self, *, complete: bool) -> list[Effect]:
        """The question is over, and the candidate's turn begins."""
        heard = self._asking.heard(complete=complete)
        between = self._asking.between() if complete and self._over_question is None else []
        if between:
            return [heard, *between]
        if self._state.over:
            wished = self._state.current.reason == "wish_end"
            return [heard, *self._asking.end("candidate" if wished else "complete")]
        effects = [heard, *self.listen(again=self._state.current.kind == "repeat")]
        over, self._over_question = self._over_question, None
        return effects if over is None else [*effects, *self.words(over)]

    def listen(self, *, again: bool = False) -> list[Effect]:
        rest, self._turn.led = rests(self._state), self._state.led
        if rest:
            self._clock.stop()
        decisions = self._turn.listen(self._state.floor, again=again, rest=rest)
        return [self._asking.passes("listening"), *self.decide(decisions)]

    def go_on(self) -> list[Effect]:
        """After a break, with an answer that had begun."""
        self._turn.resume(next_segment=self._listening.last_segment + 1)
        self._turn.read(self._reading())
        effects = [self._asking.passes("listening"), *self._meaning.ask()]
        if any(heard.engine == TYPED for heard in self._state.answer.heard[-1:]):
            # It was the whole answer: nothing more is waited for.
            return [*effects, *self._think(typed=True)]
        return effects

    # What is heard.

    def hears(self, frame: inputs.VoiceFrame) -> list[Effect]:
        state = self._memory.state
        if state.paused:
            self._turn.start_audio_at(frame.end_ms)
            return []
        decisions = self._turn.frame(frame, state.floor)
        effects = self.decide(decisions) if decisions else []
        if not effects and self._turn.ears.open_segment is None:
            return self._listening.score()
        return effects

    def decide(self, decisions: list[Decision]) -> list[Effect]:
        effects: list[Effect] = []
        for decision in decisions:
            effects += self._act(decision)
        return effects

    def _act(self, decision: Decision) -> list[Effect]:
        match decision:
            case Opened():
                self._clock.go_on()
                return [*self._asking.withdraw(), self._listening.opened(decision)]
            case Closed():
                return self._listening.closed(decision)
            case Sign.HELD:
                return [Hold(self._state.turn, self._turn.talk_since_ms)]
            case Sign.RELEASED:
                self._listening.forget()
                return [Release(self._state.turn)]
            case Interjected():
                return [self._listening.await_words(replace(decision.closed, segment=1))]
            case Sign.BARGED_IN:
                return self._takes_floor()
            case AnswerEnded():
                return self._think(said_so=decision.said_so)
            case Sign.ANSWER_RESUMED:
                return [self._asking.passes("listening")]
            case Sign.QUESTION_DONE:
                return self.asked(complete=True)
            case Sign.GIVEN_UP:
                return self._asking.end("no_answer")
            case Sign.NOBODY_SPOKE:
                self._clock.go_on()
                return self._asking.ask(self._asking.choices().repeat())
            case Sign.STILL_TALKING:
                return self._asking.wonder()
            case Sign.WORK_LATE:
                return self._late()

    def scored(self, event: inputs.TurnScored) -> list[Effect]:
        if event.turn != self._state.turn:
            return []
        self._turn.scored(event.segment, event.probability)
        return self._speculate()

    def composed(self, event: inputs.QuestionComposed) -> list[Effect]:
        """What the model thinks of the answer's end is evidence like the others, also where the
        others took it for over."""
        effects: list[Effect] = []
        may_go_on = self._state.floor == "thinking" and self._asking.may_yield and not self._waited
        if may_go_on and event.reply.floor != "over" and self._asking.awaits(event):
            effects.append(self._asking.passes("listening"))
            self._turn.stay()
        effects += self._asking.composed(event)
        if self._state.floor == "listening":
            self._turn.read(self._reading())
        return effects

    # Over the question.

    def _own_voice(self, event: inputs.SegmentTranscribed) -> list[Effect]:
        """The microphone brought the question's own words: nobody has said anything."""
        own = self._memory.tell(
            facts.OwnVoiceHeard(self._state.turn, event.segment, self._turn.audio_ms)
        )
        if self._state.floor == "speaking":
            return [own, *self._nothing_over_it()]
        if self._state.answer.segments:  # an answer that was taken up again because of it
            del self._listening.awaited[event.segment]
            return [own] if self._listening.awaited else [own, *self._all_there()]
        self._listening.forget()
        if self._state.own_voice == DEAF_AFTER:
            return [own, *self._asking.ask(self._asking.choices().again(about="echo"))]
        return [own, *self._asking.say()]

    def _is_own_voice(self, event: inputs.SegmentTranscribed) -> bool:
        began_ms, _ = self._listening.awaited[event.segment]
        if self._state.floor != "speaking" and began_ms >= self._silenced_ms:
            return False  # what comes after a question may well take up its words
        return self._asking.packs.echo(event.text, self._asking.spoken)

    def _takes_floor(self) -> list[Effect]:
        return self._taken_back() or self._talked_over()

    def _talked_over(self) -> list[Effect]:
        if self._state.over:  # the last words are said to their end
            self._turn.deafen()
            return self._nothing_over_it() if self._turn.held("speaking") else []
        self._silenced_ms = self._turn.audio_ms
        return [Hush(self._state.turn), *self.asked(complete=False)]

    def _taken_back(self) -> list[Effect]:
        """What is said over the question goes on with the answer before it: that one is open again,
        and the question is kept for later. Nothing where it is, or may be, a reply."""
        if not self._goes_on():
            return []
        self._silenced_ms = self._turn.audio_ms
        effects: list[Effect] = [Hush(self._state.turn), self._asking.take_back()]
        self._over_question = None
        self._turn.yields = self._state.yields
        self._listening.forget()
        decisions = self._turn.go_on(next_segment=self._listening.last_segment + 1)
        return [*effects, self._asking.passes("listening"), *self.decide(decisions)]

    def _goes_on(self) -> bool:
        if not self._asking.retractable:
            return False
        over, ago_ms = self._over_question, self._turn.audio_ms - self._turn.talk_since_ms
        heard_ms = self._asking.playback.heard_ms(self._clock.now_ms - ago_ms - self._turn.held_ms)
        if heard_ms >= self._turn.patience.yield_ms:
            return False
        if over is not None and asks_back(self._meaning.short()):
            return False
        return self._turn.promised_more or not self._asking.playback.mostly(heard_ms)

    def _nothing_over_it(self) -> list[Effect]:
        """“Mhm”: the question goes on."""
        self._over_question = None
        self._listening.forget()
        self._turn.release()
        return [Release(self._state.turn)]

    # Words.

    def words(self, event: inputs.SegmentTranscribed) -> list[Effect]:
        if not self._listening.awaits(event.turn, event.segment):
            return []
        if self._is_own_voice(event):
            return self._own_voice(event)
        if self._state.floor == "speaking":
            text, near_end = event.text.strip(), self._asking.nearly_over()
            if not text and not near_end:
                return self._nothing_over_it()
            self._over_question = event
            asked = [] if near_end else self._meaning.ask(text)
            return asked or self._takes_floor()
        effects = [self._listening.heard(event)]
        return effects if self._listening.awaited else [*effects, *self._all_there()]

    def mended(self, turn: int) -> list[Effect]:
        """Words of it came late, say: an answer that still runs is read anew."""
        running = turn == self._state.turn and self._state.floor in ("listening", "thinking")
        return self._all_there() if running and not self._listening.awaited else []

    def unheard(self, turn: int, segment: int, reason: str) -> list[Effect]:
        """The recogniser failed or is late: its sound waits, the interview does not."""
        if not self._listening.awaits(turn, segment):
            return []
        if self._state.floor == "speaking":
            if not self._asking.nearly_over():
                return self._nothing_over_it()
            effects = [*self._talked_over(), self._listening.unheard(segment, reason)]
        else:
            effects = [self._listening.unheard(segment, reason)]
        return effects if self._listening.awaited else [*effects, *self._all_there()]

    def typed(self, event: inputs.AnswerTyped) -> list[Effect]:
        """A typed answer ends the turn; what was said before it is kept in front of it."""
        text, floor = event.text.strip(), self._state.floor
        if not text or floor == "nobody" or self._state.over or self._state.paused:
            return []
        effects = self._talked_over() if floor == "speaking" else []
        self._clock.go_on()
        effects += self._asking.withdraw()
        effects += self._listening.cut(self._turn.commit(self._state.floor))
        segment, at_ms = self._listening.last_segment + 1, self._turn.audio_ms
        heard = facts.SegmentHeard(self._state.turn, segment, at_ms, at_ms, text, (), TYPED, None)
        if event.item is not None:
            effects.append(self._memory.tell(facts.TypingTaken(self._state.turn, event.item)))
        effects.append(self._memory.tell(heard))
        if not self._listening.awaited:
            effects += self._meaning.ask()
        return [*effects, *self._think(typed=True)]

    def _late(self) -> list[Effect]:
        """Words or a question did not come in time: go on without them."""
        effects: list[Effect] = []
        for segment in list(self._listening.awaited):
            effects += self.unheard(self._state.turn, segment, NO_ANSWER)
        if effects:
            return effects
        if not self._meaning.known:
            self._meaning.give_up()
            return self._next_question()
        return self._asking.late()

    # What they mean.

    def _all_there(self) -> list[Effect]:
        """No more words of the answer are on their way."""
        effects = self._meaning.ask()
        if self._state.floor == "thinking":
            return effects + self._next_question()
        self._turn.read(self._reading())
        return [*effects, *self._speculate()]

    def understood(self) -> list[Effect]:
        """It is known what the words so far mean."""
        if self._state.floor == "speaking":
            if self._over_question is None:
                return []
            near_end = self._asking.nearly_over()
            if is_backchannel(self._meaning.short()) and not near_end:
                return self._nothing_over_it()
            return self._takes_floor()
        if self._listening.awaited:
            return []
        if self._state.floor == "thinking":
            return self._next_question()
        self._turn.read(self._reading())
        return self._speculate()

    def _reading(self) -> Reading | None:
        """How the words of the answer end; None where that is not known."""
        missing = self._listening.awaited or self._state.answer.ends_open
        return None if missing else self._meaning.reading()

    def _speculate(self) -> list[Effect]:
        """The answer is probably over: begin to write the next question at the pause."""
        paused = self._state.floor == "listening" and self._turn.ears.open_segment is None
        late = self._turn.needed_ms > self._turn.patience.speculate_ms
        if not paused or late or self._state.by_person:
            return []
        return self._asking.speculate()

    def between(self) -> list[Effect]:
        """A person wrote, takes over or hands back: said at once where nobody is speaking or asked
        for a moment, else with what is said next."""
        self._turn.led = self._state.led
        waits = self._state.floor == "listening" and self._turn.untouched
        return self._asking.between() if waits else []

    def _think(self, *, typed: bool = False, said_so: bool = False) -> list[Effect]:
        if self._state.led:
            return []
        self._asking.may_yield = not (typed or said_so)
        self._waited = not typed and self._turn.waited_a_moment
        decoding = bool(self._listening.awaited)
        self._turn.think(decoding=decoding)
        passed = self._asking.passes("thinking")
        return [passed] if decoding else [passed, *self._next_question()]

    def _next_question(self) -> list[Effect]:
        """All words are there: what did the candidate want with them?"""
        if self._state.by_person:
            return self._asking.returns()
        if not self._meaning.known:
            return []  # nothing waits for it longer than its errand may take
        match came(self._state):
            case "noise":
                self._listening.forget()
                return self.listen()
            case "unread" if (again := self._asking.choices().unheard()) is not None:
                return [self._asking.give(self._meaning.meant()), *self._asking.ask(again)]
            case "unread":
                return self._asking.react()
            case "words":
                return self._asking.respond(waited=self._waited)
