# Run `make` to see what there is to run. Only Go, make and Python 3.10 or newer
# are presumed; everything else is installed into .venv and .bin.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The local AWS, and what checks and deploys the template.
LOCAL_AWS := .venv/.requirements-dev
AWS_TOOLS := .bin/venv/.requirements-lint
SAM := SAM_CLI_TELEMETRY=0 .bin/venv/bin/sam

GOLANGCI_LINT := .bin/golangci-lint-2.15.0
GOVULNCHECK := .bin/govulncheck-1.9.0

# The race detector needs a C compiler; without one the tests run without it.
RACE = $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(LOCAL_AWS) ## Run everything on this machine: http://127.0.0.1:8080, Ctrl-C stops it
	@go build -o .bin/signalbox ./cmd/signalbox
	@exec .bin/signalbox local

.PHONY: invoke
invoke: ## Send a sample event to a function of `make run`: EVENT=approval-started FUNCTION=approval
	@.ci/invoke "$(or $(FUNCTION),approval)" "events/$(or $(EVENT),approval-started).json"

.PHONY: test
test: $(LOCAL_AWS) ## Run all tests
	go test $(RACE) -timeout 15m ./...
	@echo 'Coverage: go test -coverprofile=coverage.out ./... && go tool cover -html=coverage.out'

.PHONY: lint
lint: $(GOLANGCI_LINT) $(GOVULNCHECK) $(AWS_TOOLS) ## Check format, style, import rules, the template and known vulnerabilities
	@unformatted=$$(gofmt -l cmd functions internal); [ -z "$$unformatted" ] || { echo "gofmt would change:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	$(GOLANGCI_LINT) run
	go test -count=1 ./internal/arch
	.bin/venv/bin/cfn-lint template.yaml
	$(SAM) validate --lint --region eu-west-1 --template template.yaml
	.ci/vulncheck $(GOVULNCHECK)

.PHONY: check
check: test lint ## Run what CI runs

.PHONY: bench
bench: ## Measure cold starts, package sizes and hot paths
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: build
build: $(AWS_TOOLS) ## Build the deployment packages: ARCHITECTURE=arm64 (default) or x86_64
	$(SAM) build --parameter-overrides Architecture=$(ARCHITECTURE)

.PHONY: deploy
deploy: build ## Deploy to AWS: ENV=default, staging or prod, as in samconfig.toml
	$(SAM) deploy --config-env $(or $(ENV),default)

.PHONY: clean
clean: ## Remove everything that make has made, installed tools included
	rm -rf .aws-sam .bin .signalbox .venv build coverage.out

# sam build runs these with ARTIFACTS_DIR set. It tells a makefile nothing
# of the template's Architecture, so ARCHITECTURE must say the same; make build
# sets both.
ARCHITECTURE ?= arm64
export ARCHITECTURE
goarch = $(if $(filter x86_64,$(ARCHITECTURE)),amd64,arm64)

define function
	@: $${ARTIFACTS_DIR:?is set by sam build, which runs this target}
	CGO_ENABLED=0 GOOS=linux GOARCH=$(goarch) go build -trimpath -tags lambda.norpc,grpcnotrace -ldflags "-s -w" -buildvcs=false \
		-o "$(ARTIFACTS_DIR)/bootstrap" ./functions/$(1)
endef

# The compiled configuration, for the functions that read it.
define configuration
	go run ./cmd/signalbox config compile config/signalbox.yaml -o "$(ARTIFACTS_DIR)/signalbox.json"
endef

.PHONY: build-ApprovalFunction build-DeliverFunction build-NotifyFunction build-SlackFunction build-WebFunction
build-ApprovalFunction:
	$(call function,approval)
	$(configuration)
build-DeliverFunction:
	$(call function,deliver)
	$(configuration)
build-NotifyFunction:
	$(call function,notify)
	$(configuration)
build-SlackFunction:
	$(call function,slack)
build-WebFunction:
	$(call function,web)

# Installed tools, each once: the stamp or the version in the name says which.
$(LOCAL_AWS): requirements-dev.txt
	@.ci/venv .venv $<
	@touch $@

$(AWS_TOOLS): requirements-lint.txt
	@.ci/venv .bin/venv $<
	@touch $@

$(GOLANGCI_LINT):
	@echo "Building golangci-lint (once; some minutes) ..."
	@GOBIN="$(CURDIR)/.bin" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@mv .bin/golangci-lint $@

$(GOVULNCHECK):
	@GOBIN="$(CURDIR)/.bin" go install golang.org/x/vuln/cmd/govulncheck@v1.9.0
	@mv .bin/govulncheck $@
