# Everything a person or CI does here. `make help` lists the targets; only make, the .NET SDK and (for engines) root are needed.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# make unit FILTER='*Duration*' runs the test classes that match.
FILTER ?=
# Passed to the playground: make run SAMPLES=none, make crash-demo RUNS=3 SEED=7.
SAMPLES ?=
RUNS ?=
SEED ?=
# make run KEEP=1 keeps the cluster's objects in .sam/cluster until the next such run.
KEEP ?=
# Passed to the dev cluster.
KUBECONFIG_OUT ?= .sam/kubeconfig
PORT ?= 6443
DATA ?=

# Passed to the bench.
ROUNDS ?= 3
OBJECTS ?= 2000 10000

bench := dotnet tests/Sam.Bench/bin/Release/net10.0/Sam.Bench.dll
generator := dotnet run --project crds/Sam.Crds.Generator --
playground := dotnet tests/Sam.Playground/bin/Debug/net10.0/Sam.Playground.dll
options = $(if $(SAMPLES),--samples $(SAMPLES)) $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED))
# $(call tests,PROJECT): runs a built test project; its last lines are the totals.
tests = dotnet test --no-build --project tests/$(1) $(if $(FILTER),--filter-class '$(FILTER)')
# Marks a check as passed; .ci/run counts these lines.
passed = @echo "==> $@: passed"

.PHONY: help restore build format lint generate verify test unit integration e2e run demo crash-demo crash-test crash-deploy cli dev-cluster bench bench-cluster bench-deploy bench-offers bench-tokens lease-demo presubmit clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

restore: ## Restore packages and tools
	dotnet tool restore
	dotnet restore Sam.sln

build: restore ## Build everything
	dotnet build Sam.sln --no-restore -v q
	$(passed)

format: ## Format all code
	dotnet tool restore
	dotnet csharpier format crds operator tests cli

lint: ## Check the format of all code
	dotnet tool restore
	dotnet csharpier check crds operator tests cli
	$(passed)

generate: ## Write the CRDs, docs/reasons.md, docs/api.md and the operator's roles from the code
	$(generator) --output crds/manifests --docs docs --roles operator/manifests

verify: ## Check that what is generated is current, and the lock files too
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(generator) --output "$$folder/manifests" --docs "$$folder/docs" --roles "$$folder/roles"; \
	{ diff -ru crds/manifests "$$folder/manifests" && diff -u docs/reasons.md "$$folder/docs/reasons.md" \
	  && diff -u docs/api.md "$$folder/docs/api.md" && diff -ru operator/manifests "$$folder/roles"; } \
	  || { echo 'Generated files differ from the code: run make generate and commit the result.' >&2; exit 1; }
	@dotnet restore Sam.sln --locked-mode -v q \
	  || { echo 'Lock files differ from the projects: run dotnet restore and commit the result.' >&2; exit 1; }
	$(passed)

test: unit integration ## Run the unit and integration tests

unit: build ## Run the unit tests; FILTER='*Name*' picks classes
	$(call tests,Sam.Unit.Tests)

integration: build ## Run the integration tests: the real host against the dev cluster and the simulators
	$(call tests,Sam.Integration.Tests)

e2e: build ## Run the end-to-end tests on real engines; with CI=true a missing engine fails
	$(call tests,Sam.EndToEnd.Tests)

run: build ## Start dev cluster, simulators and operator; SAMPLES=none for an empty cluster, KEEP=1 for one that stays
	$(playground) run $(options) $(if $(KEEP),--keep)

demo: build ## Start everything, apply the samples, check from outside, stop
	$(playground) demo $(options)
	$(passed)

crash-demo: build ## The demo's flow with the operator killed at random moments; RUNS= and SEED=
	$(playground) crash-demo $(options)
	$(passed)

cli: restore ## Build the kubectl plugin into .sam/bin/kubectl-sam
	dotnet publish cli/kubectl-sam --no-restore -v q -o .sam/bin
	$(passed)

bench-deploy: build ## RUNS releases (default 100, every fifth bad) under load, beside docker compose up -d; writes docs/bench/deploy.md
	@mkdir -p docs/bench
	$(playground) bench-deploy $(options) $(if $(RUNS),,--out docs/bench/deploy.md)
	$(passed)

dev-cluster: ## Start the dev cluster alone; KUBECONFIG_OUT=, PORT= (0: a free one) and DATA= (a file that keeps its state)
	@dotnet build tests/Sam.DevCluster -v q
	@exec dotnet tests/Sam.DevCluster/bin/Debug/net10.0/Sam.DevCluster.dll --kubeconfig-out $(KUBECONFIG_OUT) --port $(PORT) $(if $(DATA),--data $(DATA))

bench-cluster: ## Measure the dev cluster (KUBEBUILDER_ASSETS=: that control plane) with 10,000 objects and 50 watchers; writes docs/bench/dev-cluster.md (control-plane.md)
	dotnet build tests/Sam.Bench -c Release -v q
	dotnet tests/Sam.Bench/bin/Release/net10.0/Sam.Bench.dll cluster --server tests/Sam.DevCluster/bin/Release/net10.0/Sam.DevCluster.dll --output docs/bench/$(if $(KUBEBUILDER_ASSETS),control-plane,dev-cluster).md

bench-offers: restore ## What a first offer that is refused for an hour costs in time, and write docs/bench/offers.md; SEED=
	dotnet build tests/Sam.Bench -c Release --no-restore -v q
	@mkdir -p docs/bench
	$(bench) offers $(if $(SEED),--seed $(SEED)) --out docs/bench/offers.md
	$(passed)

bench-tokens: restore ## End 500 owners of GitHub tokens, with the operator running and after a crash, and write docs/bench/tokens.md
	dotnet build tests/Sam.Bench -c Release --no-restore -v q
	$(bench) tokens --out docs/bench/tokens.md
	$(passed)

bench: restore ## Measure the runtime beside a bare loop and write docs/bench/runtime.md (many minutes); ROUNDS= OBJECTS=
	dotnet build tests/Sam.Bench -c Release --no-restore -v q
	@mkdir -p docs/bench
	$(bench) run --rounds $(ROUNDS) --objects $(OBJECTS) --out docs/bench/runtime.md
	$(passed)

crash-test: restore ## Live RUNS stories of an operator that dies between any two effects, from SEED, in virtual time; BUG=NoClaim|NoLookup plants one
	dotnet build tests/Sam.Bench -c Release --no-restore -v q
	@mkdir -p docs/bench
	DOTNET_gcServer=1 DOTNET_GCgen0size=0x8000000 $(bench) crash-test $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED)) $(if $(BUG),--bug $(BUG),$(if $(RUNS),,--out docs/bench/crashes.md))
	$(passed)

crash-deploy: restore ## Kill the operator at points of RUNS releases, from SEED, in virtual time
	dotnet build tests/Sam.Bench -c Release --no-restore -v q
	@mkdir -p docs/bench
	DOTNET_gcServer=1 DOTNET_GCgen0size=0x8000000 $(bench) crash-deploy $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED)) $(if $(RUNS),,--out docs/bench/releases.md)
	$(passed)

lease-demo: restore ## Take a lease away from two processes RUNS times and write docs/bench/lease.md; SEED=
	dotnet build tests/Sam.Bench -c Release --no-restore -v q
	@mkdir -p docs/bench
	$(bench) lease $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED)) --out docs/bench/lease.md
	$(passed)

presubmit: lint build verify test e2e demo ## Everything that must pass before a merge; what CI runs

clean: ## Remove what was built and started here
	find crds operator tests webhook cli \( -name bin -o -name obj -o -name TestResults \) -type d -prune -exec rm -rf {} + 2>/dev/null || true
	rm -rf .sam
