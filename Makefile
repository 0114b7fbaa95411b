# The commands of this project. Each makes the environment it needs; nothing is to be installed
# by hand but Python and pip. What they do stands in scripts/.
#
#   PYTHON=python2.7     which interpreter (a command, a path or a version)
#   ARGS="..."           options of the gateway, or arguments of pytest
#   EXTRAS="curl"        run: further extras to install
#   REQUIRE="2.7.18 3.8" test: exactly these interpreters, all of them
#   JOBS=1               test: how many interpreters at the same time; by default one for each core

export PYTHON EXTRAS REQUIRE JOBS

# Any Python can run the scripts, which find the one that PYTHON names even if only pyenv has it.
HOST = $(or $(shell for name in $(PYTHON) python3 python python2.7; do \
	"$$name" -c '' 2>/dev/null && echo "$$name" && break; done), \
	$(error no Python found: install Python 3.8 or newer))

help:
	@echo "make run     start the CMDB gateway on an embedded sandbox CMDB, until Ctrl-C"
	@echo "           (PYTHON=python2.7: on that Python; ARGS='--port=9000 --sandbox-port=9001': on these ports)"
	@echo "make test    run the tests on every supported Python of this machine"
	@echo "make test-quick  run the fast tests on one Python, in less than a minute"
	@echo "make test-full   run every test on every Python, and the soaks: before a release"
	@echo "make check   lint, types, and compiling on Python 2 and 3"
	@echo "make docs    build the documentation (needs Python 3.11 or newer)"
	@echo "make dist    build both distributions into dist/, and check them"
	@echo "make audit   ask for known vulnerabilities in what is installed along (needs a network)"
	@echo "make bench   measure it beside other clients (ARGS=--quick: in two minutes; --servers: servers; --outage: outages; --soak: a gateway in operation)"
	@echo "make features  write what each transport can do into docs/compatibility.md"
	@echo "make clean   remove what these made (the sandbox's data stays)"

run:
	@exec $(HOST) scripts/run $(ARGS)

test:
	@exec $(HOST) scripts/test $(ARGS)

test-quick:
	@exec $(HOST) scripts/test --quick $(ARGS)

test-full:
	@exec $(HOST) scripts/test --full $(ARGS)

check:
	@exec $(HOST) scripts/check $(ARGS)

docs:
	@exec $(HOST) scripts/docs $(ARGS)

dist:
	@exec $(HOST) scripts/dist $(ARGS)

audit:
	@exec $(HOST) scripts/audit $(ARGS)

bench:
	@exec $(HOST) scripts/bench $(ARGS)

features:
	@exec $(HOST) scripts/features

clean:
	rm -rf .venv .venvs build dist .hypothesis .pytest_cache .mypy_cache .ruff_cache
	rm -rf src/*.egg-info cmdb/build cmdb/dist cmdb/src/*.egg-info
	find src cmdb tests scripts -name __pycache__ -prune -exec rm -rf {} +
	find src cmdb tests scripts -name '*.py[co]' -exec rm -f {} +

.PHONY: help run test test-quick test-full check docs dist audit bench features clean
