"""English questions for business, care, teaching, production and research."""
# ruff: noqa: E501 - one question a line

from __future__ import annotations

from server.core.bank.family import Family

FAMILIES: dict[str, Family] = {
    "marketing": Family(
        knowledge=(
            "Before a campaign starts, how do you define what success will be?",
            "How do you split a limited budget over several channels?",
            "How would you find out whether a rise in revenue really came from your campaign?",
            "How do you narrow down a target audience, and what do you base it on?",
            "What does it take to keep a brand's voice consistent across channels?",
        ),
        experience=(
            "Tell me about the most successful campaign you planned, from idea to result.",
            "What did you learn from a campaign that fell short, and what did you change?",
            "Tell me about a message you changed after looking at customer data.",
        ),
        problem_solving=(
            "Spending is the same and new visitors suddenly drop. What do you check first?",
            "Negative posts about your brand spread quickly. How do you respond?",
        ),
        collaboration=(
            "Tell me about a disagreement with sales or product about a message. How did you settle it?",
        ),
    ),
    "sales": Family(
        knowledge=(
            "Which questions do you ask a new customer to find out what they really need?",
            "A customer says your price is too high. How do you continue the conversation?",
            "Which signs tell you that a lead is worth your time?",
            "What do you do to keep a relationship going after the contract is signed?",
            "How do you set and break down a monthly target?",
        ),
        experience=(
            "Take the deal you worked hardest for and walk me through it, from first contact to signature.",
            "Which lost deal taught you the most?",
            "Tell me about a market or customer group you opened up yourself.",
        ),
        problem_solving=(
            "The quarter is nearly over and you are at half of your target. What do you do?",
            "A long-standing customer wants to leave for a competitor. How do you respond?",
        ),
        collaboration=(
            "When a customer wanted something your colleagues could not deliver, how did you mediate?",
        ),
    ),
    "hr": Family(
        knowledge=(
            "How would you structure interviews so that first impressions do not decide them?",
            "What does a performance review need so that people find it fair?",
            "Which data would you look at to understand why more people are leaving?",
            "Which steps must not be skipped when you change workplace rules?",
            "How do you find out whether a training course really helped people at work?",
        ),
        experience=(
            "What was the hardest position you ever had to fill, and how did you fill it?",
            "Tell me about a policy you introduced or changed. How was it received?",
            "As far as you can share it, tell me about an employee concern that you resolved.",
        ),
        problem_solving=(
            "More new hires leave within three months. What do you check first?",
            "Two employees describe the same conflict differently. How do you establish the facts?",
        ),
        collaboration=(
            "When a hiring manager's criteria differed from yours, how did you align them?",
        ),
    ),
    "finance": Family(
        knowledge=(
            "Which checks help you find errors early in a closing?",
            "A company is profitable and short of cash. What do you look at first?",
            "How do you go about explaining a difference between budget and actual figures?",
            "Where the accounting treatment is a matter of judgement, how do you document it?",
            "Which criteria and assumptions do you use to compare investments?",
        ),
        experience=(
            "Tell me about a closing or filing you made faster. What did you change?",
            "Tell me about an irregularity in the figures that you found yourself. What was behind it?",
            "When you supported an audit, what did you pay most attention to?",
        ),
        problem_solving=(
            "The day before closing, the books do not match the balances. How do you find the difference?",
            "Cash looks short for the next quarter. Which options do you prepare?",
        ),
        collaboration=(
            "When a department did not keep to the spending rules, how did you put that right?",
        ),
    ),
    "support": Family(
        knowledge=(
            "What do you do in the first minute with an angry customer?",
            "How do you explain that a request cannot be met under the rules?",
            "Many requests come in at once. How do you decide on the order?",
            "What do you record, and whom do you tell, so that the same question does not keep coming?",
            "Which measures say most about the quality of support?",
        ),
        experience=(
            "Take your most difficult customer conversation. How did you bring it to an end?",
            "Tell me about feedback from customers that you turned into an improvement.",
            "Tell me about a guide or procedure that you wrote or improved.",
        ),
        problem_solving=(
            "The service is down and requests pour in. What do you tell customers?",
            "You get a technical question you cannot answer. What do you say to the customer?",
        ),
        collaboration=(
            "When engineering was slow to answer and a customer was waiting, what did you do?",
        ),
    ),
    "nursing": Family(
        knowledge=(
            "Which checks do you never skip when you give medication?",
            "A patient suddenly gets worse. What do you report, and in which order?",
            "When you take over a patient with a high risk of falling, what do you check first?",
            "Which part of infection control is most often neglected on the ward?",
            "What do you do so that nothing is lost at handover?",
        ),
        experience=(
            "Walk me through an emergency you handled, step by step.",
            "Tell me about something difficult you had to explain to a patient. How did you do it?",
            "Tell me about a procedure you helped to make safer.",
        ),
        problem_solving=(
            "Two patients need help at once and nobody else is free. What do you go by?",
            "A prescription looks wrong to you. How do you check it?",
        ),
        collaboration=("When your judgement differed from a physician's, how did you raise it?",),
    ),
    "education": Family(
        knowledge=(
            "How do you set the aim of a lesson, and how do you check that it was reached?",
            "How do you teach learners who understand at different speeds in one class?",
            "How do you notice that a learner is losing interest, and what do you do?",
            "How do results of an assessment change your next lesson?",
            "How must feedback be given so that it helps people learn?",
        ),
        experience=(
            "Take one lesson or course you designed and tell me how it went.",
            "Tell me about a learner who made real progress. What do you think helped?",
            "What did you learn from a lesson that did not work, and how did you change it?",
        ),
        problem_solving=(
            "A learner does not take part and disturbs the class. What do you do?",
            "During a lesson you notice that the level is wrong. How do you adapt?",
        ),
        collaboration=(
            "Tell me about a time others expected a different way of teaching from you. How did you respond?",
        ),
    ),
    "manufacturing": Family(
        knowledge=(
            "The defect rate goes up. How do you narrow down the cause?",
            "What do you base the intervals of preventive maintenance on?",
            "What does it take for work standards to be followed on the floor?",
            "How do you balance stock against delivery dates in a production plan?",
            "What would you measure first to reduce variation in a process?",
        ),
        experience=(
            "Tell me about a process or machine you improved. What was different afterwards?",
            "Tell me about a safety problem on the floor that you found and put right.",
            "When you prepared a new product or line for production, which step was the hardest?",
        ),
        problem_solving=(
            "Your main machine stops and delivery is due tomorrow. What do you do?",
            "A customer reports defective parts. What do you do on the first day?",
        ),
        collaboration=("When production and quality disagreed, how did you come to a decision?",),
    ),
    "logistics": Family(
        knowledge=(
            "Which data do you use to set the level of safety stock?",
            "Apart from cost and time, what do you consider when you choose a route or a carrier?",
            "Stock on the shelf and in the system differ. Where do you usually find the cause?",
            "Which criteria do you use to assess and choose suppliers?",
            "Where in the process would you add checks to reduce shipping errors?",
        ),
        experience=(
            "Tell me about costs or delivery times that you reduced. What did you change?",
            "Tell me about a supply or customs problem. How did you deal with it?",
            "Tell me about a stock or purchasing process that you put in order. What came of it?",
        ),
        problem_solving=(
            "Orders suddenly double and shipping falls behind. What do you adjust first?",
            "You learn that a key part will be a month late. What do you do?",
        ),
        collaboration=(
            "When sales asked for what the warehouse could not do, how did you resolve it?",
        ),
    ),
    "research": Family(
        knowledge=(
            "How do you judge whether a research question is worth working on?",
            "How do you make sure that a result is neither chance nor a mistake?",
            "A result does not fit your hypothesis. What do you check first?",
            "What do you need to keep so that others can reproduce your experiment?",
            "How do you choose what to read when there is far too much literature?",
        ),
        experience=(
            "Take the research you know best and explain its question, method and result.",
            "Tell me about a dead end that made you change direction.",
            "Tell me about research of yours that was put to use.",
        ),
        problem_solving=(
            "An experiment gives different results under the same conditions. How do you find out why?",
            "Half of the time is gone and there is no result. What decides whether you continue?",
        ),
        collaboration=(
            "When you and a co-author read the same results differently, how did you resolve it?",
        ),
    ),
    "general": Family(
        knowledge=(
            "Which field would you say you know best, and how did you learn it?",
            "When you take over new work, what do you find out in the first month?",
            "When several tasks come at once, how do you decide on the order?",
            "How do you judge whether your own work is good?",
            "What do you do in your daily work to avoid mistakes?",
        ),
        experience=(
            "Of everything you have done, what can you explain with the most confidence?",
            "Tell me about something you took on that was not part of your job.",
            "What did you learn from the failure that mattered most to you?",
        ),
        problem_solving=(
            "You have to do something for the first time, with a deadline. How do you go about it?",
            "Following the rules would bring the work to a halt. What do you do?",
        ),
        collaboration=(
            "Tell me about work you did with somebody whose way of working was very different from yours.",
        ),
    ),
}
