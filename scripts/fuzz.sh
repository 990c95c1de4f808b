#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (30s) each.
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rnoE '^func (Fuzz[A-Za-z0-9_]+)' --include='*_test.go' . | while IFS=: read -r file _ name; do
	target=${name#func }
	echo "== $target in $(dirname "$file")"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}" "./$(dirname "$file")"
done
