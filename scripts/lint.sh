#!/usr/bin/env bash
# Every check that needs no running program: format, generated files, vet, staticcheck, types, API description.
set -euo pipefail
cd "$(dirname "$0")/.."
problems=0
check() { # name, command that prints nothing when all is well
	local name=$1 out
	shift
	if ! out=$("$@" 2>&1 | { grep -v '^go: downloading' || true; }) || [ -n "$out" ]; then
		printf '✗ %s\n%s\n' "$name" "$out"
		problems=1
	else
		printf '✓ %s\n' "$name"
	fi
}
written_go() { git ls-files '*.go' | grep -v '\.gen\.go$\|_templ\.go$'; }
unformatted() { written_go | xargs go tool gofumpt -l; }
stale_pages() { go tool templ generate -path web >/dev/null 2>&1; git diff --stat -- '*_templ.go'; }
stale_api() { (cd api && go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml); git diff --stat -- api/rest; }
types() { node_modules/.bin/tsc --noEmit -p tsconfig.json; }
described() { node_modules/.bin/redocly lint api/openapi.yaml >/dev/null 2>&1 || node_modules/.bin/redocly lint api/openapi.yaml; }

check "format (gofumpt)" unformatted
check "generated pages are current (templ)" stale_pages
check "generated API types are current (oapi-codegen)" stale_api
check "vet" go vet ./...
check "staticcheck" go tool staticcheck ./...
check "modern Go (go fix)" go fix -diff ./...
check "TypeScript types" types
check "API description (redocly)" described
exit $problems
