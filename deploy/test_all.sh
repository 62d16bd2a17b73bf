#!/bin/sh
# Everything, the long suites too: about two hours on two cores. Before something is called done.
set -eu
cd "$(dirname "$0")/.."
sh deploy/check.sh
sh deploy/test.sh
sh deploy/test_clients.sh
sh deploy/chaos.sh
.venv/bin/python -m tests.fresh_clone
.venv/bin/python -m tests.mutants
sh deploy/vllm-cpu.sh
