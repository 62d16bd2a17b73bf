"""The built-in interviewer: questions by role family."""

from server.core.bank.planning import STAGES, plan
from server.core.bank.questions import competency
from server.core.bank.roles import GENERAL, family
from server.core.bank.speech import closing, come_back, encourage, opening, repeat_prefix, unheard

__all__ = [
    "GENERAL",
    "STAGES",
    "closing",
    "come_back",
    "competency",
    "encourage",
    "family",
    "opening",
    "plan",
    "repeat_prefix",
    "unheard",
]
