"""The modules of a page as one script."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.web.bundle import NotBundled, script


def written(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        path = folder / f"{'worklets' if name == 'worklet' else 'js'}/{name}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return folder


def test_each_module_comes_once_and_before_who_needs_it(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        page='import { Door } from "./door.js";\nimport {\n  wide as broad,\n} from "./size.js";\n'
        "\n/** @type {Door} */ (new Door(broad(2))).open();\nlater();\n/** Ends. */\n",
        door='/** Opens. */\n\nimport { wide } from "./size.js";\n\nexport class Door {}\n',
        size="export function wide(n) { return n; }\nexport async function far() {}\n"
        "export const DEEP = 3;\n",
    )
    assert script(folder, "js/page") == (
        "const $_size = (() => {\n"
        "function wide(n) { return n; }\nasync function far() {}\nconst DEEP = 3;\n"
        "return { wide, far, DEEP };\n})();\n"
        "const $_door = (() => {\n\nconst { wide } = $_size;\n\nclass Door {}\n"
        "return { Door };\n})();\n"
        "{\nconst { Door } = $_door;\nconst {\nwide: broad,\n} = $_size;\n"
        "\n/** @type {Door} */ (new Door(broad(2))).open();\nlater();\n}\n"
    )


def test_what_runs_on_the_audio_thread_takes_from_the_pages_modules(tmp_path: Path) -> None:
    worklet = 'import { wide } from "../js/size.js";\nregisterProcessor("x", wide(2));\n'
    folder = written(tmp_path, worklet=worklet, size="export const wide = (n) => n;\n")
    assert script(folder, "worklets/worklet") == (
        "const $_size = (() => {\nconst wide = (n) => n;\nreturn { wide };\n})();\n"
        '{\nconst { wide } = $_size;\nregisterProcessor("x", wide(2));\n}\n'
    )


def test_what_is_loaded_later_gives_what_it_exports(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        later='import { wide } from "./size.js";\nexport const one = wide(1);\nlet two = 2;\n',
        size="export const wide = (n) => n;\n",
    )
    assert script(folder, "js/later") == (
        "const $_size = (() => {\nconst wide = (n) => n;\nreturn { wide };\n})();\n"
        "export const { one } = (() => {\n"
        "const { wide } = $_size;\nconst one = wide(1);\nlet two = 2;\nreturn { one };\n})();\n"
    )


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ('export * from "./page.js";\n', "'export \\* from"),
        ("export default 3;\n", "'export default"),
        ("export let count = 3;\n", "'export let"),
        ('import "./page.js";\n', "import"),
        ('import { one } from "./page.js";\n', "js/page > js/other > js/page"),
    ],
)
def test_what_is_not_known_is_told_and_never_sent(tmp_path: Path, other: str, why: str) -> None:
    folder = written(tmp_path, page='import { one } from "./other.js";\n', other=other)
    with pytest.raises(NotBundled, match=why):
        script(folder, "js/page")
