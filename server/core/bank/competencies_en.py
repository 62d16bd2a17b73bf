"""What each role family's questions are to find out, in English."""
# ruff: noqa: E501, N817 - a line is a competency
# fmt: off

from __future__ import annotations

from server.core.bank.competency import Competency as C
from server.core.bank.competency import Family, family

COMPETENCIES: dict[str, Family] = {
    "security": family(
        C("Threat and risk judgement", ("Ranks what is affected by exposure and value before acting", "Names what an attacker gains and how the measure stops it")),
        C("Handling real security work", ("Tells how the problem was found and how far it reached", "Shows by a measurement that it became safer")),
        C("Incident response", ("Contains first and keeps the evidence", "Says who is told what, and when")),
    ),
    "backend": family(
        C("Design of dependable services", ("Says what happens under load, on failure and at the same time", "Names the cost of the chosen consistency or cache")),
        C("Building and running services", ("Gives the load, the data and the limits of the system", "Says which part they designed and what they measured")),
        C("Diagnosis in production", ("Starts from what changed and from measurements", "Has a way back before looking for the cause")),
    ),
    "frontend": family(
        C("Building for people and browsers", ("Starts from what the user sees and waits for", "Takes keyboard, screen readers and slow networks into account")),
        C("Interfaces made and improved", ("Explains what was hard and which options were weighed", "Shows what changed for users")),
        C("Finding faults in the page", ("Narrows it down to browser, data or timing with the tools for it", "Makes the fault repeatable before mending it")),
    ),
    "software": family(
        C("Sound engineering practice", ("Clarifies what is wanted before writing code", "Gives a reason for what is tested and what is not")),
        C("Software that lasts", ("Tells how the software was kept in shape after release", "Says what they would build differently now")),
        C("Working under uncertainty", ("Forms a hypothesis and a check for it", "Cuts scope by value and says what is lost")),
    ),
    "data": family(
        C("Trustworthy data and metrics", ("Defines the metric and who relies on it", "Names the check that would catch missing or double data")),
        C("Data that changed something", ("Says which decision the work changed", "Explains the way of the data from source to result")),
        C("Tracing an odd figure", ("Checks the data before explaining the world", "Splits the figure until the change has a place")),
    ),
    "ml": family(
        C("Judgement about models", ("Ties the evaluation metric to the use of the model", "Names why offline and real results may differ")),
        C("Models put to use", ("Says which experiment made the difference and how it was shown", "Compares with a simple baseline")),
        C("Finding out why a model fails", ("Looks at wrong cases before changing the model", "Separates data, training and serving as causes")),
    ),
    "devops": family(
        C("Reliable operations", ("Sets goals and alerts by what users notice", "Has a tested way back for releases and data")),
        C("Systems built and kept running", ("Tells the course of an outage in order, with their own actions", "Gives the effect of automation in time or errors")),
        C("Narrowing down faults", ("Goes from symptom to layer by elimination", "Uses measurements and recent changes, not guesses")),
    ),
    "qa": family(
        C("Choosing what to test", ("Chooses by risk and by what changed", "Says what is left untested and why that is acceptable")),
        C("Quality improved in practice", ("Tells how the defect was found, not only that it was", "Shows the effect of a changed process")),
        C("Dealing with defects under pressure", ("Collects what is needed to repeat the defect", "Puts severity and options before those who decide")),
    ),
    "pm": family(
        C("Priorities and goals", ("Ranks by value, effort and evidence", "Sets the measure of success before the work")),
        C("Products led to a result", ("States goal, own decisions and measured result", "Names what was left out, and why")),
        C("Decisions on thin evidence", ("Separates what is known from what is assumed", "Chooses the cheapest way to find out")),
    ),
    "design": family(
        C("Design for use", ("Starts from what people try to do", "Tests with people and says what would change the design")),
        C("Designs brought to life", ("Leads from the problem over alternatives to the solution", "Says what research or tests changed")),
        C("Resolving conflicting demands", ("Finds the need behind the feedback", "Proposes something that can be tried and compared")),
    ),
    "marketing": family(
        C("Audience, message and measure", ("Names the audience and what it is based on", "Separates the effect of a campaign from everything else")),
        C("Campaigns planned and run", ("Gives aim, budget, own part and result", "Says what was learned from what fell short")),
        C("Reacting to a change", ("Checks channels and data one after another", "Acts in proportion and says what would be watched")),
    ),
    "sales": family(
        C("Understanding customers", ("Asks about the customer's situation before offering", "Tells likely from unlikely deals by signs")),
        C("Deals won and lost", ("Tells the steps of a deal and the turning point", "Takes something definite from a lost one")),
        C("Recovering a situation", ("Sorts what can still be won by chance and value", "Promises only what the company can keep")),
    ),
    "hr": family(
        C("Fair and sound people practice", ("Bases judgements on criteria set beforehand", "Names the steps that must be kept, and why")),
        C("People work carried out", ("Tells what was changed, for whom, and how it was received", "Tells of a case without giving away what was confided")),
        C("Finding out what is behind it", ("Hears every side before concluding", "Looks at data and at single cases")),
    ),
    "finance": family(
        C("Accuracy and judgement in figures", ("Names the check that would find the error", "Writes down the reason where the treatment is open")),
        C("Closings, filings and audits", ("Says what was changed and how much time or error it saved", "Tells how an irregularity was found and cleared")),
        C("Finding and bridging gaps", ("Goes from totals to single entries in order", "Prepares more than one option with its price")),
    ),
    "support": family(
        C("Helping and explaining", ("Finds out the request behind the words", "Says no with the reason and with what is possible")),
        C("Customers helped", ("Tells what they said and did, and how it ended", "Turned a repeated question into an improvement")),
        C("Help under pressure", ("Tells customers what is known and when they hear more", "Passes on what they cannot answer, and follows up")),
    ),
    "nursing": family(
        C("Safe patient care", ("Names the checks before giving medication", "Reports in a fixed order, with measurements")),
        C("Clinical experience", ("Tells the course of a case in order, with their own actions", "Says what was made safer, and how")),
        C("Priorities at the bedside", ("Decides by danger to the patient and says so", "Stops and asks where something looks wrong")),
    ),
    "education": family(
        C("Teaching with an aim", ("Says what learners can do afterwards and how that is seen", "Says what is done for faster and for slower learners")),
        C("Lessons and learners", ("Describes a lesson, its result and own choices", "Says what was changed after one that failed")),
        C("Acting in the classroom", ("Looks for the cause of what a learner does", "Changes the lesson on the spot and checks the effect")),
    ),
    "manufacturing": family(
        C("Process and quality", ("Narrows down by material, machine, method and people", "Bases intervals and limits on data")),
        C("Improvements on the floor", ("Gives the difference before and after", "Says how safety came first and how the change lasted")),
        C("Keeping production going", ("Secures people and customers before speed", "Separates the stopgap from the lasting remedy")),
    ),
    "logistics": family(
        C("Stock, routes and suppliers", ("Sets levels from demand, lead time and their variation", "Weighs risk beside cost and time")),
        C("Flow made better", ("Says what was changed and what it saved", "Tells how a broken supply was dealt with")),
        C("Reacting to shortage and surges", ("Sorts orders by promise and effect", "Tells those concerned early, with alternatives")),
    ),
    "research": family(
        C("Sound method", ("Says what would show the hypothesis to be wrong", "Says what is kept so that others can repeat it")),
        C("Research carried out", ("States question, method and result so that others can follow", "Tells what made them change direction")),
        C("Dealing with odd results", ("Checks the measurement before the theory", "Sets beforehand what decides whether to go on")),
    ),
    "general": family(
        C("Knowledge of own field", ("Explains a part of their own work precisely", "Says by what they tell good work from bad")),
        C("Experience and own contribution", ("Gives the purpose and the size of the work", "Says what they took on themselves")),
        C("Going about the unknown", ("Finds out what matters before starting", "Takes a first step that shows early whether it works")),
    ),
}
