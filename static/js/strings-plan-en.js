/** The English sentences about the plan of an interview. */

export default {
  "plan.title": "Question plan",
  "plan.none": "The questions are being prepared.",
  "plan.show": ({ count }) => (count === 1 ? "1 question" : `${count} questions`),
  "plan.summary": ({ answered, whole, asked, skipped }) =>
    [
      `${answered} of ${whole} answered`,
      asked && `${asked}\u00a0without an answer`,
      skipped && `${skipped}\u00a0skipped`,
    ]
      .filter(Boolean)
      .join(", "),

  "plan.open": "Not asked yet",
  "plan.unasked": "Not asked",
  "plan.now": "Being talked about",
  "plan.answered": "Answered",
  "plan.asked": "Asked, not answered",
  "plan.skipped": "Skipped",

  "plan.reason.candidate": "the candidate chose to go on",
  "plan.reason.time": "no time left",
  "plan.reason.covered": "already covered",
  "plan.reason.no_answer": "went on without an answer",
  "plan.ended.complete": "the interview had come to its end",
  "plan.ended.candidate": "the candidate ended the interview",
  "plan.ended.fault": "a fault ended the interview",
  "plan.ended.interviewer": "an interviewer ended the interview",
  "plan.ended.no_answer": "the interview ended for want of answers",

  "plan.stage.other": "Other questions",
  "plan.source.interviewer": "The interviewer’s own question",
  "plan.source.llm": "Written by a language model",
  "plan.source.bank": "From the question bank",

  "plan.why": "Basis and criteria",
  "plan.rests": "Rests on the résumé",
  "plan.rubric": "A good answer shows",
  "plan.part.header": "Personal details",
  "plan.part.work": "Work experience",
  "plan.part.education": "Education",
  "plan.part.projects": "Projects",
  "plan.part.skills": "Skills",
  "plan.part.certificates": "Certificates",
  "plan.part.awards": "Awards",
  "plan.part.languages": "Languages",
  "plan.part.selfIntroduction": "Personal statement",
};
