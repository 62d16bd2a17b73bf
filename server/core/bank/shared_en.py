"""English questions for every role, and those that start from something in the résumé."""

from __future__ import annotations

from server.core.bank.family import Family

SHARED = Family(
    motivation=(
        "What made you choose this line of work over the others you could have taken?",
        "What is the first thing you could contribute in this role?",
        "What have you worked on most in preparing for this role?",
        "What matters most to you when you choose where to work, and where does that come from?",
        "Which skill do you most want to build in this role, and how are you building it now?",
    ),
    problem_solving=(
        "Take the hardest problem you solved recently: how did you find its cause?",
        "Tell me about a decision you had to make with too little information. What did you go by?",
        "Tell me about work that did not turn out as expected. What did you change?",
        "Think of a deadline you could not meet in full. What did you do first, and what waited?",
        "Tell me about a way of working you improved yourself. How much better did it get?",
    ),
    collaboration=(
        "Tell me about a disagreement with a colleague. How did you reach a conclusion?",
        "Tell me about a proposal of yours that was turned down. What did you do next?",
        "Tell me about a time another team expected something else of you. How did you settle it?",
        "What advice from a colleague has really changed the way you work?",
        "When your work is running late, whom do you tell, when, and how?",
        "Tell me about a colleague you helped to finish something difficult. What did you do?",
    ),
)

FROM_RESUME = Family(
    experience=(
        "Your résumé mentions {project}. Which parts of it were your own work?",
        "What was the hardest decision you made on {project}?",
        "How did you know whether {project} had worked?",
        "If you did {project} again today, what would you do differently?",
        "Of everything you did at {company}, what carried the most responsibility?",
        "What changed at {company} because of your work?",
        "When did you learn the most during your time at {company}?",
    ),
    knowledge=(
        "Your résumé lists {skill}. In a case where you used it, why that and not something else?",
        "Which limits of {skill} have you run into, and how did you deal with them?",
        "What would you tell a colleague who is new to {skill} to watch out for first?",
    ),
    problem_solving=(
        "What went wrong on {project} that you had not expected, and how did you work through it?",
        "What was the trickiest problem you met at {company}, and how did you solve it?",
    ),
    collaboration=(
        "How did you divide the work on {project} with the others and keep each other informed?",
    ),
)
