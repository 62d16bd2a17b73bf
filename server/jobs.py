"""Names and arguments of background jobs: all that server and workers share about them."""

from __future__ import annotations

PARSE_RESUME = "parse_resume"
GENERATE_QUESTIONS = "generate_questions"

PLANNED_QUESTIONS = 5


def parse_resume_id(resume_id: str) -> str:
    """The job's id: asking twice for the same résumé is one job."""
    return f"{PARSE_RESUME}:{resume_id}"


def generate_questions_id(interview_id: str) -> str:
    return f"{GENERATE_QUESTIONS}:{interview_id}"
