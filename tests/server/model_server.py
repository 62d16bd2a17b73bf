"""An OpenAI-compatible server as a program of its own, started as ``vllm serve`` is.

For what happens to processes: it loads, answers, hangs and dies. ``RECORD`` is a file that gets a
line of JSON for each start and each request; it is ready once the file ``UNTIL``
is there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REPLY = os.environ.get("REPLY", "What did you have to give up for it?")
ENGINE_S = os.environ.get("ENGINE_S", "0")
"""How long a process of its own lives that it starts, as vLLM does with its engines."""
PAUSE_FILE = os.environ.get("PAUSE_FILE")
"""Says the seconds before each further word; it may be changed at any time."""


def record(**line: Any) -> None:
    if path := os.environ.get("RECORD"):
        with Path(path).open("a") as file:
            file.write(json.dumps(line) + "\n")


def reply(asked: dict[str, Any]) -> str:
    """Asks REPLY on what was answered; as a judge it has nothing against anything."""
    shape = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
    keys = shape.get("properties", {})
    if "say" not in keys:
        return json.dumps(dict.fromkeys(keys, True))
    answer = re.search(r"<answer>\n(.*)\n</answer>", asked["messages"][-1]["content"])
    said = {"act": "answer", "move": "probe", "evidence": answer[1] if answer else None}
    return json.dumps({"floor": "over", **said, "line": None, "say": REPLY})


class Handler(BaseHTTPRequestHandler):
    model = "m"

    def do_GET(self) -> None:
        pages: dict[str, Any] = {
            "/health": {},
            "/version": {"version": "0.0"},
            "/v1/models": {
                "object": "list",
                "data": [{"id": self.model, "object": "model", "created": 1, "owned_by": "x"}],
            },
        }
        if self.path not in pages:
            self.send_error(404)
            return
        body = json.dumps(pages[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def parse_request(self) -> bool:
        self.came = time.monotonic()
        return super().parse_request()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        record(asked=self.came, turns=len(asked["messages"]), last=asked["messages"][-1]["content"])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in reply(asked).split(" "):
            self._say(f"{word} ")
            time.sleep(float(Path(PAUSE_FILE).read_text()) if PAUSE_FILE else 0)
        self.wfile.write(b"data: [DONE]\n\n")

    def _say(self, text: str) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": self.model}
        self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("model")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--served-model-name")
    known, rest = parser.parse_known_args()
    engine = subprocess.Popen(
        [sys.executable, "-c", f"import time; time.sleep({ENGINE_S})"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    record(
        started=os.getpid(),
        engine=engine.pid,
        model=known.model,
        rest=rest,
        env=sorted(os.environ),
        key=os.environ.get("VLLM_API_KEY"),
    )

    def end(*_: Any) -> None:
        engine.kill()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    sys.stdout.write("loading the weights\n")
    sys.stdout.flush()
    while not Path(os.environ.get("UNTIL", "/")).exists():
        time.sleep(0.05)
    if os.environ.get("FAILS"):
        raise SystemExit(7)
    Handler.model = known.served_model_name
    ThreadingHTTPServer((known.host, known.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
