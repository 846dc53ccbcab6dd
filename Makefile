# advisor: build, try, test, measure. `make run` and `make test` install what is missing and are enough to start.
SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
# What starts fast: no shared C++ and SQLite libraries, no relocations, no table of our symbols, no names of types to look
# up at run time, no search beside the program. A folder that holds only the static libraries makes the linker take them.
STATIC := .build/static
SWIFT_RELEASE := --configuration release --static-swift-stdlib --disable-local-rpath -Xswiftc -L$(STATIC) \
  -Xswiftc -Xclang-linker -Xswiftc -no-pie -Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
  -Xlinker --as-needed -Xlinker --no-export-dynamic -Xlinker -s \
  -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
ADVISOR = $(shell swift build $(SWIFT_RELEASE) --show-bin-path)/advisor

.PHONY: setup setup-engines build release run test test-engines test-vm lint format profiles bench check-report ci install clean

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
	swift build $(SWIFT_RELEASE) --product advisor

run: release
	$(ADVISOR) probe
	$(ADVISOR) calibrate --level quick
	$(ADVISOR) recommend --job cpu:8x1e6
	$(ADVISOR) run --job cpu:8x1e6

test: setup
	swift build --build-tests
	swift test --skip-build

# Dask and Slurm for real, on this machine, with killed workers, schedulers that go away and the like.
test-engines: release setup-engines
	Scripts/test-engines.py $(ADVISOR) .build/engines/bin/python

# In QEMU machines with other topologies; ADVISOR_VM names the folder of numa_vm.sh.
test-vm: release
	Scripts/test-vm.sh $(ADVISOR)

lint: setup
	swift format lint --strict --recursive Sources Tests Package.swift

format:
	swift format --in-place --recursive Sources Tests Package.swift

bench: release
	swift build $(SWIFT_RELEASE) --product MicroBenchmarks
	Benchmarks/bench.py $(ADVISOR) $(dir $(ADVISOR))MicroBenchmarks --output Benchmarks/results/$(shell date +%F).json

# What a report looks like to those who read it, and to axe-core; pictures of it lie in .build/report.
check-report: release
	$(ADVISOR) report --output .build/report.html --job cpu:64x50ms --arrival-rate 20/s --service-time 50ms \
	  --p95-response 300ms
	Scripts/check-report.sh .build/report.html --pictures .build/report

profiles: setup
	Scripts/validate-profiles.sh

# What continuous integration runs, in order of how fast it fails.
ci: setup lint profiles test release

install: release
	install -D -m 755 $(ADVISOR) $(DESTDIR)$(PREFIX)/bin/advisor

clean:
	swift package clean
