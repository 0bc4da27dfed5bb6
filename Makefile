.DEFAULT_GOAL := help
SHELL := /bin/bash
# lld links several times faster than the default linker.
export SWIFT_FLAGS ?= -Xswiftc -use-ld=lld
RELEASE := swift build -c release --product phoenix --static-swift-stdlib $(SWIFT_FLAGS)

.PHONY: help deps ui build serve test bench format lint

help: ## Lists these commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Installs the system packages and Swift packages that a build needs and this machine lacks.
	@scripts/setup build

ui: ## Builds the web UI into web/dist; nothing to do when nothing changed.
	@scripts/setup ui
	@node web/tools/make.mjs
	@# A build that found no pack does not look for one again until the file that embeds it changes.
	@[[ ! web/dist/ui.pack -nt Sources/Edges/WebUIAssets/pack.c ]] || \
		touch Sources/Edges/WebUIAssets/pack.c

build: deps ui ## Builds the release binary, .build/release/phoenix.
	@echo "Building phoenix; the first build takes some minutes."
	@$(RELEASE)

serve: build ## Builds and runs the server on http://localhost:6006 with an embedded SQLite database.
	@exec .build/release/phoenix serve

test: ## Runs every test: style, units, both databases, and the binary from end to end.
	@scripts/test

bench: build ## Measures throughput, latency, memory and disk; see benchmarks/README.md.
	@scripts/setup test
	@.venv/bin/python benchmarks/bench.py

format: ## Formats all Swift code in place.
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## Checks the format of all Swift code without changing it.
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests
