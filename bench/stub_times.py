"""What the stand-ins for recogniser, language model and voice take and say, on every side alike."""

from __future__ import annotations

import math
import struct
from functools import cache

HEAR_S = 0.10
FIRST_TOKEN_S = 0.20
TOKEN_S = 0.015
VOICE_S = 2.0
ANSWER = "We moved the payment service to a queue in the second year."
QUESTION = "What did you measure before you decided to move the payment service?"


@cache
def tone(rate: int) -> bytes:
    """``VOICE_S`` of a quiet hum, PCM16 mono."""
    count = int(VOICE_S * rate)
    return b"".join(
        struct.pack("<h", int(3_000 * math.sin(2 * math.pi * 180 * n / rate))) for n in range(count)
    )
