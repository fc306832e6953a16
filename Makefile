# Every target that needs a compiler or a server makes sure of it first.
# `make` alone lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT_FILES = Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help build demo test fuzz test-frameworks test-tsan test-asan docs install bench bench-storage bench-watch format lint clean packages

help: ## List these targets
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s%s\n", $$1, $$2 }'

packages: ## Make sure of the toolchain and the system packages (YES=1: install without asking)
	@scripts/ensure-toolchain
	@scripts/ensure-packages

build: packages ## Build the release binary, .build/release/outgrow
	swift build -c release --product outgrow

demo: packages ## Make a sample database and rehearse its migration
	@scripts/demo

test: packages ## Build and run every test
	@scripts/test

fuzz: packages ## Compare the compatibility functions with SQLite at length (SEED=1 COUNT=20000)
	@scripts/fuzz

test-frameworks: packages ## Run the tests of the profiles against Django, SQLAlchemy, Peewee and Rails
	@scripts/test-frameworks

test-tsan: packages ## Run the tests of threads, connections and storage under ThreadSanitizer
	@scripts/test-sanitized thread

test-asan: packages ## Run the same tests under AddressSanitizer
	@scripts/test-sanitized address

test-pg18: packages ## Run the cases of SQLite's SQL on PostgreSQL 18, which it fetches
	@scripts/test-pg18

docs: packages ## Build the documentation of the public libraries; a warning is an error
	@scripts/docs

# Without `build` as a prerequisite, `sudo make install` compiles nothing as root.
install: ## Install the release binary under PREFIX (/usr/local); `make build` comes first
	@test -x .build/release/outgrow || { echo 'error: Nothing is built yet; run `make build` first.' >&2; exit 1; }
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 0755 .build/release/outgrow '$(DESTDIR)$(PREFIX)/bin/outgrow'

bench: packages ## Measure a migration against the floor, and against pgloader when installed
	@scripts/bench
	@Benchmarks/translate/run
	@Benchmarks/storage/run
	@Benchmarks/watch/run

bench-watch: packages ## Measure what watching a database costs the application and the machine
	@Benchmarks/watch/run

bench-storage: packages ## Measure the library beside C calls and GRDB, which `make bench` does too
	@Benchmarks/storage/run

format: ## Rewrite the sources in the committed format
	swift format format --in-place --parallel --recursive --configuration .swift-format $(SWIFT_FILES)

lint: ## Check the format, and that no error is trapped on
	swift format lint --strict --parallel --recursive --configuration .swift-format $(SWIFT_FILES)
	@! grep -rnE --include='*.swift' '\btry!' $(SWIFT_FILES) || { echo 'lint: `try!` is not used here' >&2; exit 1; }

clean: ## Remove what was built and the demo's database
	rm -rf .build demo
