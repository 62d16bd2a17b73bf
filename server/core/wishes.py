"""What a candidate may ask of the interviewer, by voice or by button: none of it is an answer."""

from __future__ import annotations

from server.core.asking import Asking
from server.core.dialogue.dialogue import Dialogue
from server.core.events import ControlUsed, Effect, FloorPassed, Hush, Tell
from server.core.listening import Listening
from server.core.turn.turn import Turn


class Wishes:
    """Repeat, rephrase, skip, a moment. All four parts are the session's."""

    def __init__(
        self, turn: Turn, dialogue: Dialogue, asking: Asking, listening: Listening
    ) -> None:
        self._turn = turn
        self._dialogue = dialogue
        self._asking = asking
        self._listening = listening

    def grant(self, event: ControlUsed, elapsed_ms: int, now_ms: int) -> list[Effect]:
        match event.control:
            case "moment":
                return self._moment(now_ms)
            case "repeat":
                yielded = self._yield_to(event, now_ms)
                return [*yielded, *self._asking.ask(self._dialogue.repeat_now(), now_ms)]
            case "rephrase":
                yielded = self._yield_to(event, now_ms)
                return [*yielded, *self._asking.ask(self._dialogue.rephrase(), now_ms)]
            case "skip":
                yielded = self._yield_to(event, now_ms)
                skipped = [Tell(fact) for fact in self._dialogue.skip("candidate")]
                question = self._dialogue.chosen("", elapsed_ms, None)
                return [*yielded, *skipped, *self._asking.ask(question, now_ms)]
            case _:
                return []

    def _moment(self, now_ms: int) -> list[Effect]:
        """The floor stays with the candidate, or comes back."""
        if self._turn.floor == "speaking":
            return []
        reopened = self._turn.floor == "thinking"
        self._turn.grant(now_ms)
        effects = self._asking.withdraw()
        if reopened:
            turn, at_ms = self._dialogue.turn, self._turn.audio_ms
            effects.append(Tell(FloorPassed(turn, "listening", at_ms)))
        return effects

    def _yield_to(self, event: ControlUsed, now_ms: int) -> list[Effect]:
        """The turn ends here; an answer that was begun is kept, a spoken wish is none."""
        effects: list[Effect] = self._asking.withdraw()
        if self._turn.floor == "speaking":
            hush = Hush(self._dialogue.turn)
            effects += [hush, self._asking.heard(now_ms, complete=False)]
        else:
            effects += self._listening.cut(self._turn.commit(now_ms))
        self._listening.leave()
        if event.by == "button" and self._asking.answer.text:
            effects.append(self._asking.give())
        return effects
