"""The interview as one function: an Input and the time in, Effects out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from server.core.asking import DEAF_AFTER, Asking
from server.core.dialogue.meaning import Meaning
from server.core.dialogue.moves import asks_back, came, is_backchannel, rests
from server.core.dialogue.template import Rules
from server.core.elapsed import Elapsed
from server.core.events import (
    AnswerCommitted,
    AnswerReheard,
    AnswerTyped,
    AudioMissed,
    AudioReturned,
    CandidateConnected,
    CandidateDisconnected,
    CandidateJoined,
    CandidateLeft,
    Confirm,
    ControlTaken,
    ControlUsed,
    Effect,
    EndReason,
    EndRequested,
    EngineFailed,
    Fact,
    Floor,
    FloorPassed,
    Hold,
    Hush,
    Input,
    InterviewStarted,
    Language,
    MeaningRead,
    OwnVoiceHeard,
    PaceSet,
    PartialTranscribed,
    PlanArrived,
    PlannedQuestion,
    Played,
    QuestionComposed,
    QuestionVoiced,
    Release,
    SegmentHeard,
    SegmentTranscribed,
    SoundGone,
    Tell,
    Ticked,
    TurnScored,
    TypingTaken,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.mending import Mending
from server.core.pack import Reading
from server.core.state import TYPED, Memory, State
from server.core.turn.decisions import (
    AnswerEnded,
    AnswerResumed,
    BargedIn,
    Closed,
    Decision,
    Held,
    Interjected,
    NobodySpoke,
    Opened,
    QuestionDone,
    Released,
    StillTalking,
    WorkLate,
)
from server.core.turn.listening import Listening
from server.core.turn.own_voice import is_own_voice
from server.core.turn.patience import Patience
from server.core.turn.turn import Turn

PLAN_WAIT_MS = 2_000
KEEP_MS = 9_000
"""What the turn model may want to hear again, and a margin."""

NO_ANSWER = "the recogniser did not answer in time"
DRAIN_MS = 4_000
"""How long the end of an interview waits for words. What comes later is written down afterwards."""

COMES_BACK = ("repeat", "rephrase", "confirm", "aside")
"""Questions that are about the one before them."""


class Session:
    """Turn and dialogue together. ``now_ms`` is the caller's clock, from the session's start.

    What facts tell is in ``state``. Beside it, and lost with the process: sound that is not words
    yet, the question being written and voiced, and the waiting. ``draft_plan``: what is asked until
    a plan comes. ``writer``: there is a model that writes follow-ups.
    """

    def __init__(
        self,
        interview: Interview,
        draft_plan: Callable[[], Sequence[PlannedQuestion]],
        *,
        writer: bool,
        patience: Patience | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.interview = interview
        self.rules = rules or Rules()
        self._memory = Memory(interview.language, interview.packs.by_language)
        self._turn = Turn(patience or Patience())
        self._listening = Listening(self._memory, self._turn)
        self._meaning = Meaning(self._memory, interview, self.rules)
        self._mending = Mending(self._memory, interview.identity)
        self._asking = Asking(
            self._memory,
            self._turn,
            self._listening,
            self._meaning,
            interview,
            self.rules,
            draft_plan,
            writer=writer,
        )
        self._over_question: SegmentTranscribed | None = None
        """Words said over the question, until it is known what they mean."""

        self._silenced_ms = 0
        self._waited = False
        """The silence that ended the answer was a moment to think."""

        self._elapsed = Elapsed()
        self._plan_deadline_ms: int | None = None
        self._ending: tuple[EndReason, int] | None = None
        """The interview ends as soon as the last words are there, or at this time."""

    # What the shell asks.

    def deadline(self) -> int | None:
        """When, on the caller's clock, the session wants a ``Ticked``; None: not at all."""
        if self._ending is not None:
            return self._ending[1]
        look_ms = self._turn.arrival.deadline() if self._expects_sound else None
        waits = [self._plan_deadline_ms, self._turn.deadline(), look_ms]
        return min((w for w in waits if w is not None), default=None)

    @property
    def state(self) -> State:
        return self._memory.state

    @property
    def turn(self) -> int:
        return self.state.turn

    @property
    def language(self) -> Language:
        """The language that is spoken now."""
        return self.state.language

    @property
    def ended(self) -> bool:
        return self.state.ended

    @property
    def audio_ms(self) -> int:
        return self._turn.audio_ms

    @property
    def understood_ms(self) -> int | None:
        """After a replay: from here on nothing has been read into the answer. None: nothing was
        lost."""
        return self.state.understood_ms if self.state.floor == "nobody" else None

    def worth_rehearing(self, turn: int) -> tuple[int, int] | None:
        """Where in the audio an answer is that is to be heard once more as a whole."""
        return self._mending.worth_rehearing(turn)

    @property
    def settled_ms(self) -> int:
        """All that was said before this instant is words."""
        since = [one.start_ms for one in (*self.state.pending, *self.state.answer.segments)]
        since += [start_ms for start_ms, _ in self._listening.awaited.values()]
        since += [began_ms for began_ms, _ in self.state.begun.values()]
        return min([self.keep_audio_from_ms(), *since])

    def keep_audio_from_ms(self) -> int:
        """Audio before this instant is not needed any more."""
        since = self._turn.open_since_ms
        heard_ms = self._turn.audio_ms
        return min(heard_ms if since is None else since, heard_ms - KEEP_MS)

    def replay(self, facts: Iterable[Fact], audio_ms: int = 0) -> None:
        """Take the place of a session that told these facts, and had heard up to ``audio_ms``."""
        self._memory.recall(facts)
        self._turn.habit, self._turn.yields = self.state.habit, self.state.yields
        self._turn.start_audio_at(max(self.state.audio_ms, audio_ms))

    def step(self, event: Input, now_ms: int) -> list[Effect]:
        """What to do about what happened. Late and stale inputs change nothing."""
        if self._memory.state.ended:
            return []
        if self._ending is not None:
            return self._drain(event, now_ms)
        match event:
            case VoiceFrame():
                return self._hears(event, now_ms)
            case SegmentTranscribed():
                return self._heard(event, now_ms)
            case AnswerReheard():
                return [*self._mending.reheard(event)]
            case SoundGone():
                return self._sound_gone(event)
            case PartialTranscribed():
                return self._listening.captioned(event)
            case TurnScored():
                return self._scored(event, now_ms)
            case MeaningRead():
                return self._understood(now_ms) if self._meaning.read(event) else []
            case QuestionComposed():
                return self._composed(event, now_ms)
            case Played():
                return self._played(event, now_ms)
            case VoiceStarted():
                return self._asking.voice_began(event.turn, now_ms)
            case QuestionVoiced():
                self._asking.voiced(event, now_ms)
                return []
            case EngineFailed():
                return self._failed(event, now_ms)
            case AnswerCommitted():
                return self._decide(self._turn.commit(self.state.floor, now_ms), now_ms)
            case AnswerTyped():
                return self._typed(event, now_ms)
            case ControlUsed():
                return self._control(event, now_ms)
            case PaceSet():
                self._turn.set_pace(event.pace)
                return []
            case Ticked():
                return self._ticked(event, now_ms)
            case PlanArrived():
                self._memory.plan(event.questions)
                return self._open(now_ms) if self._plan_deadline_ms is not None else []
            case CandidateJoined():
                return self._joins(event, now_ms)
            case CandidateLeft():
                return self._leaves(now_ms)
            case EndRequested():
                return self._end(event.by, now_ms)

    # Coming and going.

    def _joins(self, event: CandidateJoined, now_ms: int) -> list[Effect]:
        self._asking.marks = event.marks
        self._turn.arrival.came()
        effects: list[Effect] = []
        if not self.state.started:
            role, language = self.interview.target_role, self.interview.language
            effects.append(self._memory.tell(InterviewStarted(role, language)))
        effects.append(self._memory.tell(CandidateConnected(self.audio_ms)))
        listened_to = {*self._listening.awaited, self._turn.open_segment or 0}
        effects += self._mending.interrupted(self.audio_ms, listened_to)
        self._elapsed.begin(now_ms, self.state.spent_ms)
        if self.state.paused:
            self._elapsed.stop(now_ms)
            return effects
        self._elapsed.go_on(now_ms)
        if self.state.asked:
            return effects + self._take_up(now_ms, event.kept_ms)
        if self.state.plan:
            return effects + self._open(now_ms)
        self._plan_deadline_ms = now_ms + PLAN_WAIT_MS
        return effects

    def _leaves(self, now_ms: int) -> list[Effect]:
        if not self.state.present:
            return []
        self._plan_deadline_ms = None
        left = self._interrupt(now_ms)
        return [*left, self._memory.tell(CandidateDisconnected(self.audio_ms))]

    def _interrupt(self, now_ms: int) -> list[Effect]:
        """Nothing is asked, heard or waited for until the same question is taken up."""
        self._elapsed.stop(now_ms)
        floor = self.state.floor
        effects: list[Effect] = [Hush(self.turn)] if floor == "speaking" else []
        effects += self._asking.withdraw()
        return effects + self._decide(self._turn.pause(floor), now_ms)

    def _take_up(self, now_ms: int, kept_ms: int = 0) -> list[Effect]:
        """Back after a break: the same question goes on. It is said again where nothing has been
        said to it yet."""
        self._elapsed.go_on(now_ms)
        if self.state.over:
            return self._asking.end("complete")
        last_segment = self._listening.last_segment
        if not last_segment:
            if kept_ms and self.state.was_heard:
                return self._listen(now_ms)
            return self._asking.say(now_ms)
        self._turn.resume(now_ms, next_segment=last_segment + 1)
        self._turn.read(self._reading())
        effects = [self._pass("listening"), *self._meaning.ask()]
        if any(heard.engine == TYPED for heard in self.state.answer.heard[-1:]):
            # It was the whole answer: nothing more is waited for.
            return [*effects, *self._think(now_ms, typed=True)]
        return effects

    def _open(self, now_ms: int) -> list[Effect]:
        self._plan_deadline_ms = None
        return self._asking.ask(self._asking.choices().opening(), now_ms)

    # The question.

    def _played(self, event: Played, now_ms: int) -> list[Effect]:
        if not self._asking.played(event) or not event.complete:
            return []
        return self._pass_to_candidate(now_ms, complete=True)

    def _pass(self, floor: Floor) -> Tell:
        return self._memory.tell(FloorPassed(self.turn, floor, self.audio_ms))

    def _pass_to_candidate(self, now_ms: int, *, complete: bool) -> list[Effect]:
        heard = self._asking.heard(now_ms, complete=complete)
        if self.state.over:
            wished = self.state.current.reason == "wish_end"
            return [heard, *self._asking.end("candidate" if wished else "complete")]
        effects = [heard, *self._listen(now_ms, again=self.state.current.kind == "repeat")]
        over, self._over_question = self._over_question, None
        return effects if over is None else [*effects, *self._heard(over, now_ms)]

    def _listen(self, now_ms: int, *, again: bool = False) -> list[Effect]:
        rest = rests(self.state)
        if rest:
            self._elapsed.stop(now_ms)
        decisions = self._turn.listen(now_ms, self.state.floor, again=again, rest=rest)
        return [self._pass("listening"), *self._decide(decisions, now_ms)]

    def _own_voice(self, event: SegmentTranscribed, now_ms: int) -> list[Effect]:
        """The microphone brought the question's own words: nobody has said anything."""
        own = self._memory.tell(OwnVoiceHeard(self.turn, event.segment, self.audio_ms))
        if self.state.floor == "speaking":
            return [own, *self._nothing_over_it(now_ms)]
        if self.state.answer.segments:  # an answer that was taken up again because of it
            del self._listening.awaited[event.segment]
            return [own] if self._listening.awaited else [own, *self._all_there(now_ms)]
        self._listening.forget()
        if self.state.own_voice == DEAF_AFTER:
            return [own, *self._asking.ask(self._asking.choices().repeat_unheard(), now_ms)]
        return [own, *self._asking.say(now_ms)]

    def _is_own_voice(self, event: SegmentTranscribed) -> bool:
        began_ms, _ = self._listening.awaited[event.segment]
        if self.state.floor != "speaking" and began_ms >= self._silenced_ms:
            return False  # what comes after a question may well take up its words
        return is_own_voice(event.text, self._asking.spoken)

    def _talked_over(self, now_ms: int) -> list[Effect]:
        if self.state.over:  # the last words are said to their end
            self._turn.deafen()
            return self._nothing_over_it(now_ms) if self._turn.held("speaking") else []
        self._silenced_ms = self.audio_ms
        return [Hush(self.turn), *self._pass_to_candidate(now_ms, complete=False)]

    def _taken_back(self, now_ms: int) -> list[Effect]:
        """What is said over the question goes on with the answer before it: that one is open again,
        and the question is kept for later. Nothing where it is, or may be, a reply."""
        if not self._goes_on(now_ms):
            return []
        self._silenced_ms = self.audio_ms
        effects: list[Effect] = [Hush(self.turn), self._asking.take_back(now_ms)]
        self._over_question = None
        self._turn.yields = self.state.yields
        self._listening.forget()
        decisions = self._turn.go_on(now_ms, next_segment=self._listening.last_segment + 1)
        return [*effects, self._pass("listening"), *self._decide(decisions, now_ms)]

    def _goes_on(self, now_ms: int) -> bool:
        if not self._asking.retractable:
            return False
        over, ago_ms = self._over_question, self.audio_ms - self._turn.talk_since_ms
        heard_ms = self._asking.heard_ms(now_ms - ago_ms - self._turn.held_ms)
        if heard_ms >= self._turn.patience.yield_ms:
            return False
        if over is not None and asks_back(self._meaning.short()):
            return False
        return self._turn.promised_more or not self._asking.may_be_answered(heard_ms)

    # What the candidate says.

    def _hears(self, frame: VoiceFrame, now_ms: int) -> list[Effect]:
        state = self._memory.state
        if state.paused:
            self._turn.start_audio_at(frame.end_ms)
            return []
        decisions = self._turn.frame(frame, state.floor, now_ms)
        effects = self._decide(decisions, now_ms) if decisions else []
        if self._turn.arrival.missed:
            effects = [*self._sound_is_back(), *effects]
        if not effects and self._turn.open_segment is None:
            return self._listening.score()
        preview = self._listening.preview()
        return effects if preview is None else [*effects, preview]

    @property
    def _expects_sound(self) -> bool:
        """Only of clients that send it all the time: a stock one may be still between words."""
        state = self.state
        heard = state.floor == "listening" and state.present and not state.paused
        return heard and self._asking.marks

    def _sound_is_back(self) -> list[Effect]:
        self._turn.arrival.came()
        return [self._memory.tell(AudioReturned(self.turn, self.audio_ms))]

    def _decide(self, decisions: list[Decision], now_ms: int) -> list[Effect]:
        effects: list[Effect] = []
        for decision in decisions:
            effects += self._act(decision, now_ms)
        return effects

    def _act(self, decision: Decision, now_ms: int) -> list[Effect]:
        match decision:
            case Opened():
                self._elapsed.go_on(now_ms)
                return [*self._asking.withdraw(), self._listening.opened(decision)]
            case Closed():
                return self._listening.closed(decision)
            case Held():
                return [Hold(self.turn)]
            case Released():
                self._listening.forget()
                return [Release(self.turn)]
            case Interjected():
                return [self._listening.await_words(replace(decision.closed, segment=1))]
            case BargedIn():
                return self._taken_back(now_ms) or self._talked_over(now_ms)
            case AnswerEnded():
                return self._think(now_ms, said_so=decision.said_so)
            case AnswerResumed():
                return [self._pass("listening")]
            case QuestionDone():
                return self._pass_to_candidate(now_ms, complete=True)
            case NobodySpoke(final=True):
                return self._asking.end("no_answer")
            case NobodySpoke():
                self._elapsed.go_on(now_ms)
                again = self._asking.choices().repeat(self._elapsed.at(now_ms))
                return self._asking.ask(again, now_ms)
            case StillTalking():
                return self._asking.wonder(self._elapsed.at(now_ms), now_ms)
            case WorkLate():
                return self._late(now_ms)

    def _reading(self) -> Reading | None:
        """How the words of the answer end; None where that is not known."""
        missing = self._listening.awaited or self.state.answer.ends_open
        return None if missing else self._meaning.reading()

    def _scored(self, event: TurnScored, now_ms: int) -> list[Effect]:
        if event.turn != self.turn:
            return []
        self._turn.scored(event.segment, event.probability)
        return self._speculate(now_ms)

    def _speculate(self, now_ms: int) -> list[Effect]:
        """The answer is probably over: begin to write the next question at the pause."""
        paused = self.state.floor == "listening" and self._turn.open_segment is None
        if not paused or self._turn.needed_ms > self._turn.patience.speculate_ms:
            return []
        return self._asking.speculate(self._elapsed.at(now_ms), now_ms)

    def _composed(self, event: QuestionComposed, now_ms: int) -> list[Effect]:
        """What the model thinks of the answer's end is evidence like the others, also where the
        others took it for over."""
        effects: list[Effect] = []
        may_go_on = self.state.floor == "thinking" and self._asking.may_yield and not self._waited
        if may_go_on and event.reply.floor != "over" and self._asking.awaits(event):
            effects.append(self._pass("listening"))
            self._turn.wait_on(now_ms)
        effects += self._asking.composed(event, self._elapsed.at(now_ms), now_ms)
        if self.state.floor == "listening":
            self._turn.read(self._reading())
        return effects

    def _heard(self, event: SegmentTranscribed, now_ms: int) -> list[Effect]:
        if not self._listening.awaits(event.turn, event.segment):
            return self._heard_late(event, now_ms)
        if self._is_own_voice(event):
            return self._own_voice(event, now_ms)
        if self.state.floor == "speaking":
            if not event.text.strip() and not self._asking.nearly_over():
                return self._nothing_over_it(now_ms)
            self._over_question = event
            asked = [] if self._asking.nearly_over() else self._meaning.ask(event.text.strip())
            return asked or self._taken_back(now_ms) or self._talked_over(now_ms)
        effects = [self._listening.heard(event, now_ms)]
        return effects if self._listening.awaited else [*effects, *self._all_there(now_ms)]

    def _heard_late(self, event: SegmentTranscribed, now_ms: int) -> list[Effect]:
        """Words for sound that was waiting; an answer that still runs is read anew with them."""
        effects: list[Effect] = [*self._mending.words(event)]
        running = event.turn == self.turn and self.state.floor in ("listening", "thinking")
        if not effects or not running or self._listening.awaited:
            return effects
        return [*effects, *self._all_there(now_ms)]

    def _sound_gone(self, event: SoundGone) -> list[Effect]:
        pending = self._mending.waits(event.turn, event.segment)
        return [] if pending is None else [*self._mending.given_up(pending, event.reason)]

    def _unheard(self, turn: int, segment: int, reason: str, now_ms: int) -> list[Effect]:
        """The recogniser failed or is late: its sound waits, the interview does not."""
        if not self._listening.awaits(turn, segment):
            return []
        if self.state.floor == "speaking":
            if not self._asking.nearly_over():
                return self._nothing_over_it(now_ms)
            effects = [*self._talked_over(now_ms), self._listening.unheard(segment, reason)]
        else:
            effects = [self._listening.unheard(segment, reason)]
        return effects if self._listening.awaited else [*effects, *self._all_there(now_ms)]

    def _all_there(self, now_ms: int) -> list[Effect]:
        """No more words of the answer are on their way."""
        effects = self._meaning.ask()
        if self.state.floor == "thinking":
            return effects + self._next_question(now_ms)
        self._turn.read(self._reading())
        return [*effects, *self._speculate(now_ms)]

    def _understood(self, now_ms: int) -> list[Effect]:
        """It is known what the words so far mean."""
        if self.state.floor == "speaking":
            if self._over_question is None:
                return []
            short = is_backchannel(self._meaning.short()) and not self._asking.nearly_over()
            if short:
                return self._nothing_over_it(now_ms)
            return self._taken_back(now_ms) or self._talked_over(now_ms)
        if self._listening.awaited:
            return []
        if self.state.floor == "thinking":
            return self._next_question(now_ms)
        self._turn.read(self._reading())
        return self._speculate(now_ms)

    def _nothing_over_it(self, now_ms: int) -> list[Effect]:
        """“Mhm”: the question goes on."""
        self._over_question = None
        self._listening.forget()
        self._turn.release(now_ms)
        return [Release(self.turn)]

    def _think(self, now_ms: int, *, typed: bool = False, said_so: bool = False) -> list[Effect]:
        self._asking.may_yield = not (typed or said_so)
        self._asking.decided(now_ms if typed else now_ms - self._turn.silence_ms, now_ms)
        self._waited = not typed and self._turn.waited_a_moment
        decoding = bool(self._listening.awaited)
        self._turn.think(now_ms, decoding=decoding)
        passed = self._pass("thinking")
        return [passed] if decoding else [passed, *self._next_question(now_ms)]

    def _next_question(self, now_ms: int) -> list[Effect]:
        """All words are there: what did the candidate want with them?"""
        if not self._meaning.known:
            return []  # nothing waits for it longer than its errand may take
        meant, elapsed_ms = self._meaning.meant(), self._elapsed.at(now_ms)
        match came(self.state):
            case "noise":
                self._listening.forget()
                return self._listen(now_ms)
            case "unread" if (again := self._asking.choices().unheard()) is not None:
                return [self._asking.give(meant), *self._asking.ask(again, now_ms)]
            case "unread":
                return self._asking.answer_and_ask(None, elapsed_ms, now_ms)
            case "words":
                return self._asking.respond(elapsed_ms, now_ms, waited=self._waited)

    def _typed(self, event: AnswerTyped, now_ms: int) -> list[Effect]:
        """A typed answer ends the turn; what was said before it is kept in front of it. One to a
        question that is over goes with that question."""
        text, floor = event.text.strip(), self.state.floor
        if event.item is not None and (taken := self.state.typed.get(event.item)) is not None:
            return [Confirm(taken, event.item)]
        if not text:
            return []
        if (turn := self._belongs_to(event)) != self.turn:
            return [*self._mending.typed(event, turn)]
        if floor == "nobody" or self.state.over or self.state.paused:
            return []
        effects = self._talked_over(now_ms) if floor == "speaking" else []
        self._elapsed.go_on(now_ms)
        effects += self._asking.withdraw()
        effects += self._listening.cut(self._turn.commit(self.state.floor, now_ms))
        segment, at_ms = self._listening.last_segment + 1, self.audio_ms
        heard = SegmentHeard(self.turn, segment, at_ms, at_ms, text, (), TYPED, None)
        if event.item is not None:
            effects.append(self._memory.tell(TypingTaken(self.turn, event.item)))
        effects.append(self._memory.tell(heard))
        if not self._listening.awaited:
            effects += self._meaning.ask()
        return [*effects, *self._think(now_ms, typed=True)]

    def _belongs_to(self, event: AnswerTyped) -> int:
        """The turn it answers: the running one too where that only comes back to the question."""
        since = [one for one in self.state.asked if one.turn > (event.turn or self.turn)]
        if event.turn not in self.state.past or all(one.kind in COMES_BACK for one in since):
            return self.turn
        return event.turn if event.turn is not None else self.turn

    # The end.

    def _end(self, reason: EndReason, now_ms: int) -> list[Effect]:
        """What is being said is heard to its end first, for as long as that takes no time."""
        effects = self._asking.withdraw()
        effects += self._listening.cut(self._turn.commit(self.state.floor, now_ms))
        if not self._listening.awaited or self.state.floor not in ("listening", "thinking"):
            return [*effects, *self._asking.end(reason)]
        self._ending = reason, now_ms + DRAIN_MS
        return effects

    def _drain(self, event: Input, now_ms: int) -> list[Effect]:
        """The last words are waited for, nothing else; the rest is written down afterwards."""
        assert self._ending is not None
        reason, until_ms = self._ending
        effects: list[Effect] = []
        match event:
            case SegmentTranscribed() if self._listening.awaits(event.turn, event.segment):
                effects.append(self._listening.heard(event, now_ms))
            case SegmentTranscribed():
                effects += self._mending.words(event)
            case EngineFailed(role="stt") if self._listening.awaits(event.turn, event.segment):
                effects.append(self._listening.unheard(event.segment, event.reason))
            case _:
                pass
        over = now_ms >= until_ms or isinstance(event, CandidateLeft)
        if self._listening.awaited and not over:
            return effects
        return [*effects, *self._asking.end(reason)]

    # What the candidate asks of the interviewer: none of it is an answer.

    def _control(self, event: ControlUsed, now_ms: int) -> list[Effect]:
        state = self.state
        taken = ControlTaken(self.turn, event.control, event.by, self.audio_ms)
        if event.control == "resume":
            if not state.paused:
                return []
            told = self._memory.tell(taken)
            return [told, *(self._take_up(now_ms) if state.present else [])]
        if state.paused or not state.present or state.floor == "nobody" or state.over:
            return []
        if event.control == "pause":
            return [*self._interrupt(now_ms), self._memory.tell(taken)]
        granted = self._memory.tell(taken)
        return [granted, *self._asking.grant(event, self._elapsed.at(now_ms), now_ms)]

    # What goes wrong, and the clock.

    def _failed(self, event: EngineFailed, now_ms: int) -> list[Effect]:
        match event.role:
            case "stt":
                return self._unheard(event.turn, event.segment, event.reason, now_ms)
            case "understanding":
                return self._understood(now_ms) if self._meaning.failed(event) else []
            case "llm" if event.turn == self.turn:
                elapsed_ms = self._elapsed.at(now_ms)
                return self._asking.not_composed(event.revision, event.reason, elapsed_ms, now_ms)
            case "tts" if event.turn == self.turn and self.state.floor == "speaking":
                return self._pass_to_candidate(now_ms, complete=False)
            case _:
                return []

    def _late(self, now_ms: int) -> list[Effect]:
        """Words or a question did not come in time: go on without them."""
        effects: list[Effect] = []
        for segment in list(self._listening.awaited):
            effects += self._unheard(self.turn, segment, NO_ANSWER, now_ms)
        if effects:
            return effects
        if not self._meaning.known:
            self._meaning.give_up()
            return self._next_question(now_ms)
        return self._asking.late(self._elapsed.at(now_ms), now_ms)

    def _ticked(self, event: Ticked, now_ms: int) -> list[Effect]:
        if self._plan_deadline_ms is not None and now_ms >= self._plan_deadline_ms:
            return self._open(now_ms)
        effects: list[Effect] = []
        if self._expects_sound and self._turn.arrival.look(event.sound_ms, now_ms):
            effects.append(self._memory.tell(AudioMissed(self.turn, self.audio_ms)))
        return effects + self._decide(self._turn.tick(self.state.floor, now_ms), now_ms)
