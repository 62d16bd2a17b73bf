"""Short sounds that mean "go on": said over a question they are no answer and no objection."""

from __future__ import annotations

import re

_KOREAN = (
    "네|넵|넹|예|옙|응|음|어|아|오|흠|아하|그렇군요|그렇죠|그쵸|맞아요|맞습니다|알겠습니다|알겠어요"
    "|좋습니다|좋아요"
)
_ENGLISH = (
    "yes|yeah|yep|yup|ok|okay|right|sure|alright|all right|i see|got it|great|good|cool|aha|ah|oh"
    "|m|hm|um|uh+(?!uh)|huh"
)
# No sound may be read in two ways, or long rows of them take for ever: "mmm" is three times "m".
_ONLY = re.compile(rf"(?:(?:{_KOREAN}|{_ENGLISH})[\s.,!?…~-]*)+", re.IGNORECASE)


def is_backchannel(text: str) -> bool:
    """Whether nothing but such sounds was said; silence and noise without words count too."""
    text = text.strip()
    return not text or _ONLY.fullmatch(text) is not None
