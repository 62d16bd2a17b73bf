"""Résumés of the length that people send, for interviews over a real model."""

from __future__ import annotations

from server.core.events import Language

RESUMES: dict[Language, list[str]] = {
    "en": [
        "Jane Miller",
        "jane.miller@example.com",
        "Target Role: Data Engineer",
        "Experience",
        "Acme Ltd, Data Engineer, 2020 - 2023",
        "- Moved the nightly reports of 40 teams from cron to Airflow",
        "- Cut the cost of the warehouse by a third within two quarters",
        "- Wrote the contracts that now guard every table of orders",
        "Hanbit Commerce, Backend Developer, 2017 - 2020",
        "- Built the settlement of payments in Kotlin on PostgreSQL",
        "- Ran the on-call rotation of six people for two years",
        "Projects",
        "Contracts for order events",
        "- Schema checks between eleven teams with a staging table for broken rows",
        "Skills",
        "Spark, Kafka, Airflow, PostgreSQL, Kotlin, Python, Terraform",
    ],
    "ko": [
        "이력서",
        "이름 : 최민지",
        "이메일 : minji.choi@example.com",
        "지원 직무 : 데이터 엔지니어",
        "경력",
        "한빛커머스 데이터 엔지니어 2020.03 - 2023.02",
        "- 40개 팀의 야간 배치를 크론에서 에어플로로 이전",
        "- 두 분기 만에 데이터 웨어하우스 비용을 삼분의 일 절감",
        "- 주문 테이블을 지키는 스키마 계약을 작성",
        "누리페이 백엔드 개발자 2017.01 - 2020.02",
        "- 코틀린과 PostgreSQL로 결제 정산 시스템 개발",
        "- 여섯 명의 장애 대응 당번을 이 년 동안 운영",
        "프로젝트",
        "주문 이벤트 계약",
        "- 열한 개 팀 사이의 스키마 검사와 깨진 행을 위한 테이블 설계",
        "기술",
        "Spark, Kafka, Airflow, PostgreSQL, Kotlin, Python",
    ],
}
