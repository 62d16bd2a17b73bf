# Each target is a script that also works without make: sh deploy/run.sh
.PHONY: clients dist image docs docs-build contract pictures test-ray chaos soak eval-echo eval-report eval-voice eval-voices eval-reopening train-understanding eval-understanding eval-guard eval-interview eval-turns eval-stt run test test-all test-clients test-pages asyncapi tables diagrams check coverage release setup doctor lock eval-resumes bench-stt bench-speakers bench-voice bench-desk bench-page vllm-cpu bench-llm mutants fresh

run:
	@sh deploy/run.sh

# make test FILE=tests/core/test_session.py; make test ONLY=unit; make test ONLY="unit or database"
test:
	@sh deploy/test.sh $(FILE) $(if $(ONLY),-m "$(ONLY)" $(PARALLEL)) $(ARGS)

# A category is shared out between processes, file by file: what waits in real time leaves room for others.
PARALLEL = -n auto --maxprocesses 4 --dist loadfile

# The long suites too: all clients, the whole of chaos, mutants, real vLLM on the CPU
test-all:
	@sh deploy/test_all.sh

# Other people's Realtime clients, unmodified, and the long fuzz test; PYTHON_ONLY=1 for less
test-clients:
	@sh deploy/test_clients.sh

# Firefox, WebKitGTK, axe and Lighthouse over the pages; make test-pages ARGS=tests/browser/test_accessible.py
test-pages:
	@sh deploy/test_pages.sh $(ARGS)

# Everything that breaks, under live interviews, as one table; make chaos ARGS="--only Valkey --interviews 3"
chaos:
	@sh deploy/chaos.sh $(ARGS)

# What grows while interviews are held: make soak SOAK="--minutes 10 --sessions 6"; two hours of thirty without
soak: setup
	@.venv/bin/python -m bench.soak $(SOAK)

check:
	@sh deploy/check.sh

# Whatever the OpenAPI document says can be asked, and much else, asked of a real server: twenty minutes;
# make test asks the edges of what fits it
contract: setup
	@VIVA_CONTRACT=1 .venv/bin/python -m pytest tests/web/test_contract.py $(ARGS)

# Whatever README and CONTRIBUTING tell to type, typed on a fresh clone of what is committed
fresh: setup
	@.venv/bin/python -m tests.fresh_clone

# Break lines that must not be lost, one at a time, on a copy: a test must notice. ARGS=durable
mutants: setup
	@.venv/bin/python -m tests.mutants $(ARGS)

# Which lines no test runs, by module, child processes included
coverage:
	@sh deploy/coverage.sh $(ARGS)

# make release VERSION=0.2.0: changelog, version, commit, tag, what make dist makes, and clients; nothing is pushed
release: setup
	@.venv/bin/python deploy/release.py $(VERSION)
	@sh deploy/clients.sh dist/clients

# Typed clients for Python and TypeScript, made from the OpenAPI document, in dist/clients
clients:
	@sh deploy/clients.sh

# The image of server and worker, the same at every build; IMAGE="--build-arg BASE=debian:12-slim"
image:
	@sh deploy/image.sh $(IMAGE)

# dist/: the wheel, built twice and the same both times, its bill of materials, and their sums
dist: setup
	@.venv/bin/python deploy/release.py --only-build

setup:
	@sh deploy/setup.sh

doctor: setup
	@.venv/bin/viva doctor

lock:
	@sh deploy/lock.sh

# The pictures in docs, by Chromium, of viva as it is
pictures: setup
	@.venv/bin/python -m bench.pictures

# The tables in docs that are made from the code
tables: setup
	@.venv/bin/python -m server.tables
	@.venv/bin/python -m deploy.licences

# The documentation as a site, on this machine: http://127.0.0.1:8001
docs:
	@sh deploy/docs.sh serve

# The same as files; fails at a link that leads nowhere
docs-build:
	@sh deploy/docs.sh build $(DIR)

# The diagrams in docs/ that are made from tables in the code
diagrams: setup
	@.venv/bin/python -m deploy.diagrams

asyncapi: setup
	@.venv/bin/python -m server.realtime.asyncapi docs/protocol.md docs/asyncapi.json

eval-resumes: setup
	@.venv/bin/python bench/eval_resumes.py $(DIR)

# make bench-stt STT="--device cuda --shape large-v3-turbo --sessions 1,8,32,128"
bench-stt: setup
	@.venv/bin/python -m bench.bench_stt $(STT)

# Four people with captions; one for half an hour: make bench-speakers SPEAKERS="--minutes 30"
bench-speakers: setup
	@.venv/bin/python -m bench.speakers $(SPEAKERS)

# make bench-voice VOICE="--sessions 1,100 --seconds 30"; --quick for a first look
bench-voice: setup
	@.venv/bin/python -m bench.bench_voice $(VOICE)

# Captions with 200 watchers, the board, the page of one interview; make bench-desk DESK="--seconds 180"
bench-desk: setup
	@.venv/bin/python -m bench.desk $(DESK)

# What the pages cost a browser: first sound, sound that runs dry, how soon they can be used; PAGE="--times 3"
bench-page: setup
	@.venv/bin/python -m bench.page $(PAGE)

# Real vLLM on the CPU: opt-in, ten minutes. make vllm-cpu ARGS="--model /folder/of/a/model"
vllm-cpu:
	@sh deploy/vllm-cpu.sh $(ARGS)

# viva's recogniser on a Ray cluster of two nodes, one of which dies: opt-in, five minutes
test-ray:
	@sh deploy/test_ray.sh $(ARGS)

bench-llm: setup
	@.venv/bin/python -m bench.bench_llm

# make eval-stt DIR=../recordings EVAL="--degraded"; EVAL=--fit prints weights for server/engines/doubt.py
eval-stt: setup
	@.venv/bin/python -m bench.eval_stt $(DIR) $(EVAL)

# make eval-turns DIR=../recordings
eval-turns: setup
	@.venv/bin/python -m bench.eval_turns $(DIR)

# Does the interviewer hear itself through a loudspeaker; ECHO="--every 8" for a first look
eval-echo: setup
	@.venv/bin/python -m bench.eval_echo $(ECHO)

# How much of each voice a recogniser understands; VOICE="--most 5" for a first look, VOICE=--transcripts
eval-voice: setup
	@.venv/bin/python -m bench.eval_voice $(VOICE)

# Whose words are the answer where a second, quieter voice is heard; VOICES="--most 1" for a first look
eval-voices: setup
	@.venv/bin/python -m bench.eval_voices $(VOICES)

# What is said in the first seconds of a question: the rest of the answer, or a reply; EVAL=--errors
eval-reopening: setup
	@.venv/bin/python -m bench.eval_reopening $(EVAL)

# Twenty candidates who react; with the model too where VIVA_LLM_URL is set; make eval-interview EVAL=--transcripts
eval-interview: setup
	@.venv/bin/python -m bench.eval_interview $(EVAL)

# Does whoever reads an interview point at the sentences that show it, and are readers that understand nothing told from it
eval-report: setup
	@.venv/bin/python -m bench.eval_report $(EVAL)

# Fit the dialogue acts on data/understanding, with the figures on held-out groups; ten minutes
train-understanding: setup
	@.venv/bin/python -m bench.train_understanding $(TRAIN)
	@.venv/bin/python -m bench.train_tact $(TRAIN)
	@.venv/bin/python -m bench.train_star $(TRAIN)

# make eval-understanding EVAL="FILE --errors"; without a file the sample beside the tests
eval-understanding: setup
	@.venv/bin/python -m bench.eval_understanding $(EVAL)

# What the guard refuses of the samples beside the tests: make eval-guard EVAL=--errors
eval-guard: setup
	@.venv/bin/python -m bench.eval_tact $(EVAL)
