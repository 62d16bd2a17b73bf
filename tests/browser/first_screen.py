"""Whether all that matters of an interview lies inside the first screen, at every size."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.async_api import Page, expect

SIZES = ((360, 640), (390, 844), (844, 390), (768, 1024), (1366, 768))
ZOOMED = ((683, 384), (180, 320))
"""A desk and a phone at 200 %."""

LANGUAGES = ("ko", "en")
LONG = {
    "ko": "이력서에 따르면 야간 보고서를 크론 작업에서 스트리밍 파이프라인으로 옮기셨습니다. "
    "그 뒤에 데이터가 늦거나 잘못되었던 사례 한 가지를 처음부터 설명해 주세요. 무엇을 가장 먼저 "
    "알아차리셨고, 어떤 선택지를 비교하셨으며, 직접 결정하신 것은 무엇이었습니까?",
    "en": "Your résumé says that you moved the nightly reports from cron jobs to a streaming "
    "pipeline. Please take me through one incident after that in which data was late or wrong: "
    "what did you notice first, which options did you weigh, and what did you decide yourself?",
}
OUTSIDE = """([tag, long]) => {
  const found = [], wide = innerWidth + 0.5, high = innerHeight + 0.5;
  const at = (element) => element.getBoundingClientRect();
  const say = (what, { top, right, bottom, left }) =>
    found.push(`${tag}: ${what} ${[left, top, right, bottom].map(Math.round)}`);
  const inside = (what, element) => {
    const { top, right, bottom, left } = at(element);
    if (top < 0 || left < 0 || bottom > high || right > wide) say(what, at(element));
  };
  const question = document.getElementById("question"), box = question.parentElement;
  const floor = document.getElementById("floor"), short = question.textContent;
  for (const words of [short, long]) {
    question.textContent = words;
    question.classList.toggle("long", words === long);
    const mains = [...document.querySelectorAll(".acts .main")].filter((one) => at(one).height);
    if (!mains.some((one) => one.matches(".primary"))) found.push(`${tag}: no main button`);
    for (const main of mains) inside(`#${main.id}`, main);
    inside("the question's box", box);
    inside("the state", floor);
    if (at(question).top < at(box).top - 1 || at(box).height < 40) say("the question", at(box));
    if (floor.scrollHeight > floor.clientHeight + 1) say("the state is cut off", at(floor));
    const [one, other] = [at(box), at(floor)];
    if (one.bottom > other.top + 1 && one.right > other.left + 1) say("the state overlaps", other);
  }
  question.textContent = short;
  question.classList.remove("long");
  if (document.documentElement.scrollWidth > wide) found.push(`${tag}: wider than the screen`);
  if (scrollY) found.push(`${tag}: scrolled by ${scrollY}`);
  return found;
}"""


async def outside_the_first_screen(
    page: Page, sizes: Sequence[tuple[int, int]] = SIZES
) -> list[str]:
    """What of the question, the state and the main button is not, with a short and a long question;
    leaves the page English, at its size."""
    before, found = page.viewport_size, list[str]()
    for tag in LANGUAGES:
        await page.get_by_test_id(f"language-{tag}").evaluate("(button) => button.click()")
        await expect(page.locator("html")).to_have_attribute("lang", tag)
        for width, height in sizes:
            await page.set_viewport_size({"width": width, "height": height})
            seen = await page.evaluate(OUTSIDE, [tag, LONG[tag]])
            found += [f"{width}x{height} {one}" for one in seen]
    if before is not None:
        await page.set_viewport_size(before)
    return found
