"""The vocabulary of a live interview: Inputs come in, Effects go out, Facts are kept.

Times called ``*_ms`` are integer milliseconds. ``at_ms``, ``start_ms`` and ``end_ms`` count on the
session's audio clock (samples received / 16), which stands still while no audio arrives."""

from server.core.events.effects import *
from server.core.events.facts import *
from server.core.events.inputs import *
from server.core.events.words import *
