/** 면접의 질문 계획에 관한 한국어 문장. */

export default {
  "plan.title": "질문 계획",
  "plan.none": "질문을 준비하고 있습니다.",
  "plan.show": "질문 {count}개",
  "plan.summary": ({ answered, whole, asked, skipped }) =>
    [
      `${whole}개 가운데 ${answered}개 답변`,
      asked && `${asked}개\u00a0답변\u00a0없음`,
      skipped && `${skipped}개\u00a0건너뜀`,
    ]
      .filter(Boolean)
      .join(", "),

  "plan.open": "아직 묻지 않음",
  "plan.unasked": "묻지 않음",
  "plan.now": "지금 이야기하는 중",
  "plan.answered": "답변함",
  "plan.asked": "물었으나 답변 없음",
  "plan.skipped": "건너뜀",

  "plan.reason.candidate": "지원자가 다음으로 넘어감",
  "plan.reason.time": "시간이 부족함",
  "plan.reason.covered": "이미 다룬 내용",
  "plan.reason.no_answer": "답변이 없어 다음으로 넘어감",
  "plan.ended.complete": "면접이 끝까지 진행됨",
  "plan.ended.candidate": "지원자가 면접을 끝냄",
  "plan.ended.fault": "시스템 오류로 면접이 끝남",
  "plan.ended.interviewer": "면접 담당자가 면접을 끝냄",
  "plan.ended.no_answer": "답변이 없어 면접이 끝남",

  "plan.stage.other": "그 밖의 질문",
  "plan.source.interviewer": "면접 담당자의 질문",
  "plan.source.llm": "언어 모델이 만든 질문",
  "plan.source.bank": "기본 질문 목록",

  "plan.why": "근거와 평가 기준",
  "plan.rests": "이력서의 근거",
  "plan.rubric": "좋은 답변이 보여 주는 것",
  "plan.part.header": "기본 정보",
  "plan.part.work": "경력",
  "plan.part.education": "학력",
  "plan.part.projects": "프로젝트",
  "plan.part.skills": "기술",
  "plan.part.certificates": "자격",
  "plan.part.awards": "수상",
  "plan.part.languages": "외국어",
  "plan.part.selfIntroduction": "자기소개",
};
