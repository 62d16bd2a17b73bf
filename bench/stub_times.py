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
ANSWERS = (
    ANSWER,
    "I was on call when the exports ran for eleven hours, and I asked what they waited for.",
    "The queries had no index on the column that everybody filtered by.",
    "First I wrote a test that failed in the same way on my own machine.",
    "Two of us measured every step for a week before we changed anything.",
    "It turned out that nine tenths of the time went into one join.",
    "My colleague wanted to buy larger machines, and I was not convinced.",
    "So we tried both on a copy of the data and compared the bills.",
    "After that the whole run took forty minutes and cost a third.",
    "What I would do differently is to tell the other teams earlier.",
    "They had built their reports on a table that we then removed.",
    "I apologised, put it back for a month, and wrote down who used what.",
    "Since then every table has an owner and a date on which it may go.",
)
"""What the stand-in recogniser of viva understands, one segment after the other."""

QUESTION = "What did you measure before you decided to move the payment service?"


@cache
def tone(rate: int) -> bytes:
    """``VOICE_S`` of a quiet hum, PCM16 mono."""
    count = int(VOICE_S * rate)
    return b"".join(
        struct.pack("<h", int(3_000 * math.sin(2 * math.pi * 180 * n / rate))) for n in range(count)
    )
