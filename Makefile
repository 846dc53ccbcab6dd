# advisor: build, try, test, measure. `make run` and `make test` install what is missing and are enough to start.
SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
# What starts fast: no shared C++ and SQLite libraries, no relocations, no table of our symbols, no names of types to look
# up at run time, no search beside the program. A folder that holds only the static libraries makes the linker take them.
STATIC := .build/static
SWIFT_RELEASE := --configuration release -debug-info-format none --static-swift-stdlib --disable-local-rpath -Xswiftc -L$(STATIC) \
  -Xswiftc -Xclang-linker -Xswiftc -no-pie -Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
  -Xlinker --as-needed -Xlinker --no-export-dynamic -Xlinker -s \
  -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
ADVISOR = $(shell swift build $(SWIFT_RELEASE) --show-bin-path)/advisor

# What `advisor --version` says besides its version; a tree without git says nothing. Package.swift reads them, and a plan
# of an earlier build would keep that build's commit.
release: export ADVISOR_COMMIT := $(shell git describe --always --dirty=' with changes' --exclude='*' 2>/dev/null)
release: export ADVISOR_COMPILER := $(shell swift --version 2>/dev/null | sed -n 's/^Swift version \([0-9.]*\).*/\1/p')

.PHONY: setup setup-engines build release run test test-python test-engines test-runtimes test-why test-memory test-vm lint format profiles docs example bench bench-tune bench-pipe bench-forecast micro-bench \
  micro-bench-check check-release check-report fuzz sanitize soak test-hostile arm64 transcripts ci install deb dist test-dist clean

setup:
	@Scripts/setup.sh

# What the engines are tried with: Slurm from Debian, Dask from PyPI in a virtual environment of our own.
setup-engines: setup
	@Scripts/setup-engines.sh

build: setup
	swift build

release: setup
	@mkdir -p $(STATIC)
	@for library in libstdc++.a libsqlite3.a; do ln -sf "$$(gcc -print-file-name=$$library)" $(STATIC)/; done
	swift build $(SWIFT_RELEASE) --disable-build-manifest-caching --product advisor

run: release
	$(ADVISOR) probe
	$(ADVISOR) calibrate --level quick
	$(ADVISOR) recommend --job cpu:8x1e6
	$(ADVISOR) run --job cpu:8x1e6

test: setup
	swift build --build-tests
	Scripts/test.sh
	$(MAKE) test-python PROGRAM="$$(swift build --show-bin-path)/advisor"

# The Python package, with a program; its plugins are tried where pytest-xdist and joblib are installed.
PROGRAM ?= $(ADVISOR)
test-python:
	cd Python && ADVISOR_PROGRAM=$(PROGRAM) python3 -m unittest discover --start-directory tests --top-level-directory .

# Dask and Slurm for real, on this machine, with killed workers, schedulers that go away and the like.
test-engines: release setup-engines
	Scripts/test-engines.py $(ADVISOR) .build/engines/bin/python

# How many workers some 28 real programs start under eight limits: alone, told $(nproc), under `advisor exec`. Needs root.
test-runtimes: release
	Scripts/setup-runtimes.sh .build/runtimes
	Scripts/test-runtimes.py $(ADVISOR) .build/runtimes

# What holds 36 seeded programs back and 6 healthy ones not, as `advisor why` says it: as root, as an ordinary user, from
# outside, and with bad input. Needs root; 15 minutes on a machine that is otherwise quiet.
test-why: release
	Scripts/setup.sh why
	Scripts/test-why.py $(ADVISOR) .build/why
	Scripts/test-why.py $(ADVISOR) .build/why --user nobody
	Scripts/test-why.py $(ADVISOR) .build/why --attach
	Scripts/test-why.py $(ADVISOR) .build/why --hostile

# As root: tasks whose memory differs 100 times, in cgroups.
test-memory: release
	Scripts/test-memory.py $(ADVISOR) --search

# In QEMU machines with other topologies; ADVISOR_VM names the folder of numa_vm.sh.
test-vm: release
	Scripts/test-vm.sh $(ADVISOR)

FORMATTED := Sources Tests Package.swift Benchmarks/Micro Benchmarks/HotPaths/Benchmarks Benchmarks/HotPaths/Package.swift Fuzz/Sources Examples/ConcurrentMap/Sources
lint: setup
	swift format lint --strict --recursive $(FORMATTED)

format:
	swift format --in-place --recursive $(FORMATTED)

# The libraries' documentation, as folders of a static site below .build-docs/site.
docs: setup
	Scripts/docs.sh AdvisorCore Probe CostModel Executors Tasks Downloads

# A program of its own that uses the libraries.
example: setup
	swift run --package-path Examples/ConcurrentMap

bench: release
	Scripts/setup.sh bench
	swift build $(SWIFT_RELEASE) --product MicroBenchmarks
	Benchmarks/bench.py $(ADVISOR) $(dir $(ADVISOR))MicroBenchmarks --output Benchmarks/results/$(shell date +%F).json
	Benchmarks/calibration.py $(ADVISOR) --output Benchmarks/results/$(shell date +%F).calibration.json

bench-pipe: release
	Benchmarks/pipe.py $(ADVISOR) --output Benchmarks/results/$(shell date +%F).pipe.json

# `advisor tune` on real commands, against interleaved runs of every value; MINUTES=35, on a quiet machine. ONLY=make,xz names some.
bench-tune: MINUTES = 35
bench-tune: release
	Scripts/setup-tune.sh .build/tune
	Benchmarks/tune.py $(ADVISOR) --folder .build/tune --only "$(ONLY)" --minutes $(MINUTES) --output Benchmarks/results/$(shell date +%F).tune.json \
	  --markdown Benchmarks/results/$(shell date +%F).tune.md

# `advisor plan forecast` against the past of public series, beside other forecasts; some minutes.
bench-forecast: release
	test -x .build/forecast/bin/python || python3 -m venv .build/forecast
	.build/forecast/bin/pip install --quiet statsforecast==2.1.1
	.build/forecast/bin/python Benchmarks/forecast/bench_forecast.py --advisor $(ADVISOR)

# The hot paths with the benchmark package, and against their thresholds; minutes to build.
micro-bench: setup
	Benchmarks/HotPaths/run.sh

micro-bench-check: setup
	Benchmarks/HotPaths/run.sh check

# What a report looks like to those who read it, and to axe-core; pictures of it lie in .build/report.
check-report: release
	$(ADVISOR) report --output .build/report.html --job cpu:64x50ms --arrival-rate 20/s --service-time 50ms \
	  --p95-response 300ms
	Scripts/check-report.sh .build/report.html --pictures .build/report

profiles: setup
	Scripts/validate-profiles.sh

# Readers of text from elsewhere under libFuzzer, SECONDS each.
SECONDS ?= 60
fuzz: setup
	Fuzz/run.sh $(SECONDS)

# The tests under the sanitizers of threads and addresses; both build everything anew.
sanitize: setup
	Scripts/sanitize.sh

# Kills, limits and full disks over `advisor run`, for so long.
MINUTES ?= 30
soak: release
	nice Scripts/soak.py $(ADVISOR) --minutes $(MINUTES)

# As root: what another user may leave behind in shared folders, and what they may see of ours.
test-hostile: release
	Scripts/test-hostile.sh $(ADVISOR)

# The C floor compiled for arm64 and the Swift floors type-checked, without such a machine.
arm64:
	Scripts/setup.sh build arm64
	Scripts/check-arm64.sh

# Writes what the commands in docs print into the pages.
transcripts: release
	ADVISOR_UPDATE_TRANSCRIPTS=1 ADVISOR_PROGRAM=$(ADVISOR) swift test --filter TranscriptTests

# What continuous integration runs, in order of how fast it fails.
ci: setup lint profiles test check-release

# What only an optimised build can get wrong.
check-release: release
	Scripts/check-release.py $(ADVISOR)

# Man pages and completions come from the program's own argument parser.
SHARE := .build/share
ZSH_FUNCTIONS ?= $(PREFIX)/share/zsh/site-functions
install: release
	Packaging/share.sh $(ADVISOR) $(SHARE)
	install -D -m 755 $(ADVISOR) $(DESTDIR)$(PREFIX)/bin/advisor
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(SHARE)/man/* $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m 644 $(SHARE)/completions/advisor.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/advisor
	install -D -m 644 $(SHARE)/completions/_advisor $(DESTDIR)$(ZSH_FUNCTIONS)/_advisor
	install -D -m 644 $(SHARE)/completions/advisor.fish \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/advisor.fish

# A Debian package in .build, looked at by lintian, and by the shells whose completions are in it.
deb:
	Scripts/setup.sh build package
	rm -rf .build/deb
	$(MAKE) install DESTDIR=.build/deb PREFIX=/usr ZSH_FUNCTIONS=/usr/share/zsh/vendor-completions
	Packaging/check.sh "$$(Packaging/deb.sh .build/deb .build)"

# All that is handed out, in dist: a tarball, the Debian package, a wheel, a container's root, checksums.
dist: deb
	Scripts/setup.sh dist
	[ -x .build/dist-tools/bin/wheel ] || { python3 -m venv .build/dist-tools && .build/dist-tools/bin/pip --quiet install wheel; }
	mkdir -p .build/dist-program
	Packaging/relink.sh $(dir $(ADVISOR)) .build/roots/bullseye-sdk .build/dist-program/advisor
	Packaging/dist.sh .build/dist-program/advisor $(SHARE) .build/advisor_*.deb dist

# Each of them installed as a stranger would, on clean Debian machines. Needs root.
test-dist: dist
	Scripts/test-dist.sh dist .build/roots

clean:
	swift package clean
