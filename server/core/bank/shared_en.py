"""English questions for every role, and those that start from something in the résumé."""
# ruff: noqa: E501 - a question is said as it is
# A question, and below it the same in simpler words.
# fmt: off

from __future__ import annotations

from server.core.bank.family import Family

SHARED = Family(
    motivation=(
        ("What made you choose this line of work over the others you could have taken?",
         "Why this work, and not something else?"),
        ("What is the first thing you could contribute in this role?",
         "If you started tomorrow, what could you take off our hands first?"),
        ("What have you worked on most in preparing for this role?",
         "You applied for this role: what did you learn or practise for it?"),
        ("What matters most to you when you choose where to work, and where does that come from?",
         "What has to be right about a job for you to take it?"),
        ("Which skill do you most want to build in this role, and how are you building it now?",
         "Name one thing you would like to get better at here. What do you do about it today?"),
    ),
    problem_solving=(
        ("Take the hardest problem you solved recently: how did you find its cause?",
         "Think of something that took you a long time to solve. How did you get on its track?"),
        ("Tell me about a decision you had to make with too little information. What did you go by?",
         "Think of a time you had to decide before you knew enough. What made you choose as you did?"),
        ("Tell me about work that did not turn out as expected. What did you change?",
         "Think of something that went wrong. What did you do differently after that?"),
        ("Think of a deadline you could not meet in full. What did you do first, and what waited?",
         "You ran out of time once. What did you finish, and what did you leave for later?"),
        ("Tell me about a way of working you improved yourself. How much better did it get?",
         "Is there something that is done better today because you changed how it is done?"),
    ),
    collaboration=(
        ("Tell me about a disagreement with a colleague. How did you reach a conclusion?",
         "When did you and a colleague see something differently, and how did it end?"),
        ("Tell me about a proposal of yours that was turned down. What did you do next?",
         "You suggested something and the answer was no. How did you go on from there?"),
        ("Tell me about a time another team expected something else of you. How did you settle it?",
         "When another team wanted something you had not planned, what did the two of you agree on?"),
        ("What advice from a colleague has really changed the way you work?",
         "What did somebody once tell you that you still go by at work?"),
        ("When your work is running late, whom do you tell, when, and how?",
         "You notice that you will not be done in time. Who hears about it first, and how?"),
        ("Tell me about a colleague you helped to finish something difficult. What did you do?",
         "Somebody at work was stuck and you stepped in. What did you do?"),
    ),
)

FROM_RESUME = Family(
    experience=(
        ("Your résumé mentions {project}. Which parts of it were your own work?",
         "On {project}, what did you do with your own hands?"),
        ("What was the hardest decision you made on {project}?",
         "Think back to {project}. Which choice kept you busy longest?"),
        ("How did you know whether {project} had worked?",
         "After {project} was done, what showed you that it was any good?"),
        ("If you did {project} again today, what would you do differently?",
         "You get to start {project} over. What do you change?"),
        ("Of everything you did at {company}, what carried the most responsibility?",
         "Which task at {company} would have hurt most if you had got it wrong?"),
        ("What changed at {company} because of your work?",
         "What is different at {company} since you worked there?"),
        ("When did you learn the most during your time at {company}?",
         "Which time at {company} taught you the most?"),
    ),
    knowledge=(
        ("Your résumé lists {skill}. In a case where you used it, why that and not something else?",
         "Think of one thing you did with {skill}. Why did you take that for it?"),
        ("Which limits of {skill} have you run into, and how did you deal with them?",
         "When did {skill} get in your way, and what did you do then?"),
        ("What would you tell a colleague who is new to {skill} to watch out for first?",
         "Somebody starts with {skill} today. What mistake do you want to spare them?"),
    ),
    problem_solving=(
        ("What went wrong on {project} that you had not expected, and how did you work through it?",
         "Something on {project} surprised you badly. What did you do about it?"),
        ("What was the trickiest problem you met at {company}, and how did you solve it?",
         "Which problem at {company} gave you the most trouble, and what got you out of it?"),
    ),
    collaboration=(
        ("How did you divide the work on {project} with the others and keep each other informed?",
         "On {project}, who did what, and how did everybody know how far the others were?"),
    ),
)
