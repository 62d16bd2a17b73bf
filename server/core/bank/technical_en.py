"""English questions for those who build and run software, data and models."""
# ruff: noqa: E501 - one question a line

from __future__ import annotations

from server.core.bank.family import Family

FAMILIES: dict[str, Family] = {
    "security": Family(
        knowledge=(
            "A new vulnerability is published. In what order do you check whether your systems are affected?",
            "Where do people most often go wrong when they design authentication and access control?",
            "How would you reduce false alarms from detection rules without missing real attacks?",
            "What would you put in place so that keys and credentials never end up in code?",
            "Where would you build in security checks without slowing down releases?",
        ),
        experience=(
            "Walk me through a security incident or vulnerability that you analysed yourself.",
            "Tell me about a time you clearly raised the level of security. How did you know?",
            "When you introduced a security policy, where did you meet the most resistance?",
        ),
        problem_solving=(
            "At night you get an alert about an unusual administrator login. What do you do in the first hour?",
            "A serious vulnerability is in a service that cannot be stopped. What do you do first?",
        ),
        collaboration=(
            "Tell me about a development team that found security a burden. How did you win them over?",
        ),
    ),
    "backend": Family(
        knowledge=(
            "When you find a slow query, how do you narrow down the cause?",
            "How do you keep data consistent when several requests change it at the same time?",
            "When you decide to use a cache, how do you design its invalidation?",
            "Calls to an outside service fail often. How would you set up retries and timeouts?",
            "How do you change an API that is already in use without breaking its users?",
        ),
        experience=(
            "Describe the architecture of the most heavily used service you designed yourself.",
            "When you changed the schema of a live database, what were you most careful about?",
            "Tell me about a large performance gain you made. Where was the bottleneck?",
        ),
        problem_solving=(
            "Right after a release, response times triple. What do you look at first?",
            "Memory use grows slowly over several days. How would you track that down?",
        ),
        collaboration=(
            "Tell me about an API design on which you and its users disagreed. How did you settle it?",
        ),
    ),
    "frontend": Family(
        knowledge=(
            "A page takes too long to show anything. What would you measure first?",
            "How do you decide where a piece of state should live?",
            "What do you look after so that people can use a page with a keyboard and a screen reader only?",
            "How do you find unnecessary re-rendering, and how do you reduce it?",
            "What should a user see when the network is slow or gone?",
        ),
        experience=(
            "Which interface that you built was the hardest to get right?",
            "Tell me about components you designed for use across many screens.",
            "Tell me about a screen you changed after seeing how people used it. What improved?",
        ),
        problem_solving=(
            "Users report that a page breaks in one browser only. How do you find the cause?",
            "Shortly before a release, the page keeps freezing. Which tools do you use, and what do you look at?",
        ),
        collaboration=(
            "When a design could not be built as drawn, how did you reach an agreement with the designer?",
        ),
    ),
    "software": Family(
        knowledge=(
            "When you take on a new feature, what do you settle before you write any code?",
            "How do you decide what gets an automated test and what does not?",
            "You have to change old code that somebody else wrote. How do you start safely?",
            "What do you pay most attention to when you review code?",
            "How do you weigh performance against readability?",
        ),
        experience=(
            "Of everything you have built, what has been in use the longest, and how has it been kept up?",
            "Tell me about technical debt you paid off. What did you tackle first?",
            "Tell me about a language or tool you had to learn quickly for your work.",
        ),
        problem_solving=(
            "How would you go about an error that shows up only now and then?",
            "The requirements grow and the date stays. How do you decide what to leave out?",
        ),
        collaboration=(
            "Tell me about a code review in which neither side would give way. How did it end?",
        ),
    ),
    "data": Family(
        knowledge=(
            "Departments define the same metric differently. How would you bring them together?",
            "Which checks would you set up so that missing or duplicate data is not found too late?",
            "What do you check before you say that a difference between two groups is not chance?",
            "How do you decide between batch and real-time processing?",
            "When a result goes against intuition, what do you doubt first?",
        ),
        experience=(
            "Describe an analysis of yours that really changed a decision.",
            "Walk me through the most complex data pipeline you have built.",
            "Tell me about poor data you had to work with. How did you make it usable?",
        ),
        problem_solving=(
            "A key metric is half of what it was yesterday. What do you check first?",
            "A daily aggregation gets slower and slower. How would you find out why?",
        ),
        collaboration=(
            "Tell me about a time you had to convince people who are not used to data.",
        ),
    ),
    "ml": Family(
        knowledge=(
            "A model does well in training and worse in production. Which causes would you suspect?",
            "How do you choose the metric by which a model is evaluated?",
            "How do you deal with labels that are scarce or badly balanced?",
            "How do you trade accuracy against response time?",
            "How do you keep an eye on whether a deployed model still works?",
        ),
        experience=(
            "Walk me through a model you trained that was really put to use.",
            "Tell me about a long series of experiments. Which change made the difference?",
            "Tell me about a time you chose a simple method over a complex model. Why?",
        ),
        problem_solving=(
            "Validation scores are high and complaints are rising. What do you look at first?",
            "You have to halve the cost of training. Where do you start?",
        ),
        collaboration=(
            "How have you explained the limits of a model to people who expected more of it?",
        ),
    ),
    "devops": Family(
        knowledge=(
            "There are so many alerts that important ones are missed. How would you sort that out?",
            "How would you set up releases without downtime that can be rolled back?",
            "When infrastructure is kept as code, how do you stop the real state from drifting?",
            "How would you set a service level objective for the first time?",
            "How do you make sure that backups can really be restored?",
        ),
        experience=(
            "Walk me through the largest outage you handled, from the first alert to the end.",
            "Tell me about operations work you automated. How much time did it save?",
            "When you moved a system to another environment, which step was the riskiest?",
        ),
        problem_solving=(
            "Some users cannot connect, only now and then. How do you narrow it down?",
            "The cloud bill doubles within a month. How do you find out why?",
        ),
        collaboration=(
            "How have you settled with developers who is responsible for what in production?",
        ),
    ),
    "qa": Family(
        knowledge=(
            "When the requirements are thin, what do you base your test cases on?",
            "There is no time to test everything. How do you decide what to cover?",
            "How do you decide which tests to automate and which to do by hand?",
            "How do you deal with automated tests that pass one day and fail the next?",
            "How do you set the bar for saying that a product can be released?",
        ),
        experience=(
            "Of the defects you found, which one mattered most, and how did you find it?",
            "Tell me about a testing process you improved. What got better, and by how much?",
            "What did you learn from a defect that came to light only after the release?",
        ),
        problem_solving=(
            "You get a report of a defect that you cannot reproduce. Which information do you collect?",
            "You find a serious defect the day before a release. Whom do you involve, and in what?",
        ),
        collaboration=("When a developer says it is not a defect, how do you reach an agreement?",),
    ),
    "pm": Family(
        knowledge=(
            "When there is more to do than time, how do you set priorities?",
            "When and how do you decide what a new feature will be measured by?",
            "How do you tell what users ask for from what they need?",
            "What do you always put into a specification so that developers do not misread it?",
            "What do you watch to notice early that a schedule is slipping?",
        ),
        experience=(
            "Take one product or project you led from start to finish. What was the goal, and the result?",
            "Of the things you decided not to do, which decision was the hardest?",
            "Tell me about a plan you changed because of what users did.",
        ),
        problem_solving=(
            "After the launch, usage is half of what you expected. What do you check first?",
            "One main feature has to be dropped just before the launch. How do you decide which?",
        ),
        collaboration=(
            "How did you bring engineering, design and business to one plan when they wanted different things?",
        ),
    ),
    "design": Family(
        knowledge=(
            "How do you find out that users get lost on a screen?",
            "When you build a design system, what do you fix and what do you leave open?",
            "One draft looks better and another is easier to use. How do you decide?",
            "What would you do differently for users who cannot tell certain colours apart?",
            "If you had to show the effect of a design in numbers, what would you measure?",
        ),
        experience=(
            "Take one piece of your work and walk me through it, from the problem to the final design.",
            "Tell me about a time research or testing made you change direction.",
            "In a project with tight constraints, what did you keep, and what did you let go?",
        ),
        problem_solving=(
            "Half of the users give up during sign-up. What do you look at first, and what would you try?",
            "You get contradictory feedback from several sides. How do you sort it?",
        ),
        collaboration=(
            "When the finished product differed from your design, how did you sort it out with the developers?",
        ),
    ),
}
