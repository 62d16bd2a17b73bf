"""English follow-ups by what the quoted words are about."""

from __future__ import annotations

TEMPLATES: dict[str, tuple[str, ...]] = {
    "measure": (
        "You said “{quote}”. How did you measure that?",
        "You mentioned “{quote}”. What were you comparing it with?",
        "When you said “{quote}”, what contributed most to that result?",
        "You said “{quote}”. How does that compare with the goal you started from?",
        "I would like to go into “{quote}”. How did you make sure the number was right?",
        "You mentioned “{quote}”. What evidence would you show to someone who doubts it?",
    ),
    "problem": (
        "You said “{quote}”. How did you find out what was behind it?",
        "When you said “{quote}”, what was the first thing you did about it?",
        "You mentioned “{quote}”. What did you change so that it would not happen again?",
        "You said “{quote}”. How did you first notice?",
        "I would like to go into “{quote}”. What did you try that did not help?",
        "You mentioned “{quote}”. Whom did that affect, and in what way?",
    ),
    "decision": (
        "You said “{quote}”. What was your main reason?",
        "You mentioned “{quote}”. Which other options did you look at?",
        "When you said “{quote}”, what did you have to give up for that?",
        "You said “{quote}”. Who saw it differently, and why?",
        "I would like to go into “{quote}”. Would you decide the same way today?",
        "You mentioned “{quote}”. How did you find out whether it was the right call?",
    ),
    "team": (
        "You said “{quote}”. Which part of that was yours?",
        "You mentioned “{quote}”. Where did opinions differ?",
        "When you said “{quote}”, how did you agree on what each of you expected?",
        "You said “{quote}”. How did the others see it?",
        "I would like to go into “{quote}”. What was hardest to communicate?",
        "You mentioned “{quote}”. What feedback did you get from the people involved?",
    ),
    "action": (
        "You said “{quote}”. How did you go about it, step by step?",
        "You mentioned “{quote}”. What was the trickiest part?",
        "When you said “{quote}”, why did you do it that way?",
        "You said “{quote}”. How did you know that it had worked?",
        "I would like to go into “{quote}”. How much of that did you do yourself?",
        "You mentioned “{quote}”. What would you do differently now?",
    ),
    "difficulty": (
        "You said “{quote}”. What made it so hard?",
        "When you said “{quote}”, what did you try first?",
        "You mentioned “{quote}”. How did you get past it?",
        "You said “{quote}”. Who or what helped you with that?",
        "I would like to go into “{quote}”. What would you do if you met it again?",
        "You mentioned “{quote}”. What did it cost you in time or quality?",
    ),
    "duty": (
        "You said “{quote}”. What were you responsible for there?",
        "You mentioned “{quote}”. What was the first thing you changed?",
        "When you said “{quote}”, what did a normal week look like for you?",
        "You said “{quote}”. How did your part in it grow over time?",
        "I would like to go into “{quote}”. What was your most important result there?",
        "You mentioned “{quote}”. By what were you measured there?",
    ),
    "vague": (
        "You said “{quote}”. Could you take one case and tell me exactly what you did?",
        "You mentioned “{quote}”. What changed because of it, in figures if you have them?",
        "When you said “{quote}”, which piece of work did you have in mind?",
        "You said “{quote}”. What would a colleague have seen you do?",
        "I would like to go into “{quote}”. When was the last time, and what did you do?",
    ),
    "short": (
        "You said “{quote}”. Could you tell me about one time you worked with that?",
        "You mentioned “{quote}”. What did you do with it yourself?",
        "You said “{quote}”. Could you say a little more, with an example of your own?",
    ),
    "plain": (
        "You said “{quote}”. Could you give me a concrete example?",
        "You mentioned “{quote}”. What led you to that?",
        "Could you tell me a little more about “{quote}”?",
        "When you said “{quote}”, what did that look like in your daily work?",
        "You mentioned “{quote}”. Could you take me through that?",
        "You said “{quote}”. What did you learn from it?",
        "I would like to go into “{quote}”. What was your own part in it?",
        "You said “{quote}”. What happened after that?",
    ),
}
