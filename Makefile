# `make help` lists the commands. `make run` and `make test` install what they need.
SHELL := /usr/bin/env bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT    ?= 8080
TEXT    ?=
FAULTS  ?=
SECONDS ?= 120
SEED    ?=
STAMP   := .local/stamps
FONTS := MPLUSRounded1c_700Bold.ttf MPLUSRounded1c_800ExtraBold.ttf NotoSansJP-Bold.otf
WEB   := $(shell find web/assets/css web/assets/ts web/assets/build -type f 2>/dev/null)
GO_TEST := go tool gotestsum --format pkgname --

.PHONY: help
help: ## List the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(STAMP)/run build ## Install what is missing, build, and start the whole workshop on PORT (8080)
	@PORT=$(PORT) exec bin/tsukuriba dev

.PHONY: build
build: $(STAMP)/assets ## Build the front end and bin/tsukuriba
	@go build -o bin/tsukuriba ./cmd/tsukuriba

.PHONY: test
test: $(STAMP)/test build ## Run everything: format, vet, staticcheck, race tests, contract, browser journeys
	@$(MAKE) --no-print-directory lint
	$(GO_TEST) -shuffle=on ./catalog/tag # thousands of random tags, which take a quarter of an hour under the race detector
	$(GO_TEST) -race -shuffle=on -timeout 60m ./cmd/... ./web/... ./... # what takes longest first

.PHONY: golden
golden: $(STAMP)/test build ## Keep today's pictures of key pages, when a page is meant to look otherwise
	@go test ./web/pagetest -run '^TestEveryPage$$' -count 1 -golden
	@git status --short web/pagetest/testdata/golden

.PHONY: lint
lint: $(STAMP)/assets ## Check format, generated files, vet, staticcheck, types, the API description
	@scripts/lint.sh

.PHONY: fmt
fmt: ## Format Go and templ files
	@go tool gofumpt -l -w $$(git ls-files '*.go' | grep -v '\.gen\.go$$\|_templ\.go$$')
	@go tool templ fmt web

.PHONY: generate
generate: ## Regenerate templ pages and the API's server types
	@go tool templ generate -path web
	@cd api && go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml

.PHONY: walk
walk: $(STAMP)/run build ## Drive the line from a typed name to a parcel (TEXT=… adds one, FAULTS=1 lets all go wrong)
	@bin/tsukuriba walk $(if $(TEXT),--text "$(TEXT)") $(if $(FAULTS),--faults)

.PHONY: soak
soak: $(STAMP)/run build ## Let a random crowd, faults and kill -9 loose, then compare the ledgers (SECONDS=120 SEED=…)
	@bin/tsukuriba soak --for $(SECONDS)s $(if $(SEED),--seed $(SEED))

.PHONY: bench
bench: $(STAMP)/bench build ## Measure speed as ratios in one run
	@scripts/bench.sh

.PHONY: fuzz
fuzz: $(STAMP)/assets ## Fuzz every parser for 30 s each
	@scripts/fuzz.sh

.PHONY: clean
clean: ## Remove what was built and the local database
	rm -rf bin .local test-results web/assets/dist/*.* && git checkout -q -- web/assets/dist

# What a target needs from the machine, asked once per change of the script.
$(STAMP)/run $(STAMP)/test $(STAMP)/bench: $(STAMP)/%: scripts/install.sh
	@scripts/install.sh $*
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/npm: package-lock.json
	@echo "Fetching npm packages (fonts, front end, test tools)" >&2
	@npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/fonts: $(STAMP)/npm scripts/fonts.sh
	@scripts/fonts.sh
	@touch $@

$(STAMP)/assets: $(STAMP)/npm $(STAMP)/fonts $(WEB)
	@echo "Building the front end" >&2
	@go run ./web/assets/build
	@touch $@
