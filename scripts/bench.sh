#!/usr/bin/env bash
# Measures speed and prints one table. Each peer is measured in the same run, on the same machine, at the same load;
# ratios travel between machines, the rest does not. Takes about nine minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d "${TMPDIR:-/tmp}/tsukuriba-bench-XXXXXX")
pid=
finish() {
	[ -z "$pid" ] || { kill -INT "$pid" 2>/dev/null && wait "$pid" || true; }
	rm -rf "$dir"
}
trap finish EXIT

row() { printf '%-44s %14s   %s\n' "$@"; }
say() { printf '%s\n' "$*" >&2; }

# bench PACKAGE NAME HOW-OFTEN [PART] keeps what a benchmark of Go reports in $dir/NAME.
bench() {
	say "measuring $2 …"
	go test "$1" -run '^$' -bench "^$2\$${4:+/$4}" -benchtime "$3" -timeout 300s >"$dir/$2" 2>&1 ||
		{ cat "$dir/$2" >&2; say "tsukuriba: $2 did not come to an end"; exit 1; }
}

# metric FILE LINE UNIT prints one number of a benchmark's line, or a dash.
metric() {
	awk -v line="$2" -v unit="$3" '
		index($1, line) { for (i = 3; i < NF; i += 2) if ($(i + 1) == unit) { print $i; found = 1; exit } }
		END { if (!found) print "–" }' "$dir/$1"
}

# start begins a `dev` in $dir/shop and prints after how many seconds it was open.
start() {
	: >"$dir/said"
	bin/tsukuriba dev --dir "$dir/shop" --port "$port" >"$dir/said" 2>&1 &
	pid=$!
	for _ in $(seq 1200); do
		grep -q 'is open' "$dir/said" && break
		kill -0 "$pid" 2>/dev/null || { cat "$dir/said" >&2; exit 1; }
		sleep 0.1
	done
	opened=$(sed -n 's/.*is open (after \([0-9.]*\) s).*/\1/p' "$dir/said")
}
stop() { kill -INT "$pid"; wait "$pid"; pid=; }

for peer in openscad wrk; do
	command -v "$peer" >/dev/null || say "$peer is not installed: its rows stay empty (\`apt-get install $peer\`)"
done
bench ./catalog/tag BenchmarkOpenSCAD 1x '(たろう|さくら工房|いろは)'
bench ./fulfilment/offer BenchmarkSuggest 300x
bench ./cmd/tsukuriba BenchmarkProductList 1x
bench ./cmd/tsukuriba BenchmarkPages 1x
bench ./catalog BenchmarkSearch 1x
bench ./catalog BenchmarkSort 1x
bench ./cmd/tsukuriba BenchmarkQuote 300x
bench ./cmd/tsukuriba BenchmarkWebhooks 4000x
bench ./cmd/tsukuriba BenchmarkCheckouts 600x
bench ./cmd/tsukuriba BenchmarkRush 1x

say "measuring 4,000 random tags …"
began=$(date +%s)
tags=$(go test ./catalog/tag -run '^TestBuild_closes_every_mesh$' -count 1 -timeout 300s -v 2>&1 | grep -o '[0-9]* built.*') ||
	{ say "tsukuriba: the random tags are not all well"; exit 1; }
tags_took=$(($(date +%s) - began))

say "measuring the starts of dev …"
port=$((20000 + RANDOM % 10000))
start; first=$opened; stop
start; second=$opened
sleep 5
memory=$(ps -o rss= -p "$pid" | awk '{ printf "%.0f MB", $1 / 1024 }')
if [ -x "${CHROMIUM:=/usr/bin/chromium}" ]; then
	shop=http://127.0.0.1:$port
	say "typing in the studio …"
	CHROMIUM=$CHROMIUM node web/journeys/studio-speed.mjs "$shop" >"$dir/studio" || say "the studio did not draw every model"
	say "asking Lighthouse …"
	CHROMIUM=$CHROMIUM node web/journeys/lighthouse.mjs "$shop/" "$shop/products/name-tag" "$shop/products/name-tag/studio" >"$dir/lighthouse" ||
		say "Lighthouse did not come to an end"
fi
stop

echo
row 'what' 'measured' 'beside it, in the same run'
row '----' '--------' '--------------------------'
for text in 'たろう=mesh and STL, 3 letters' 'さくら工房=mesh and STL, 5 letters' 'いろはにほへと=mesh and STL, 30 letters'; do
	name=${text%%=*}
	row "${text#*=}, p50" "$(metric BenchmarkOpenSCAD "$name" our-ms) ms" \
		"OpenSCAD $(metric BenchmarkOpenSCAD "$name" their-CPU-ms) ms of CPU: $(metric BenchmarkOpenSCAD "$name" ratio) times"
done
row 'random tags closed and checked' "${tags%% *} of 4000" "$tags (${tags_took} s)"
row 'bare Echo, "hello"' "$(metric BenchmarkProductList bare_echo req/s) /s" "p50 $(metric BenchmarkProductList bare_echo p50-ms) ms"
for kind in uncached cached; do
	row "24 of 10,000 products as JSON, $kind" "$(metric BenchmarkProductList "/$kind" req/s) /s" \
		"$(metric BenchmarkProductList "/$kind" of-bare) of bare Echo; p50 $(metric BenchmarkProductList "/$kind" p50-ms) ms"
done
for kind in uncached cached; do
	for page in home list product; do
		row "page of the shop: $page, $kind" "$(metric BenchmarkPages "/$kind/$page" req/s) /s" \
			"$(metric BenchmarkPages "/$kind/$page" of-bare) of bare Echo; p50 $(metric BenchmarkPages "/$kind/$page" p50-ms) ms"
	done
done
for kind in 1_character 2_characters 3_characters hiragana_for_katakana katakana_for_hiragana width mixed long no_hit all; do
	row "search in 100,000 products: ${kind//_/ }, p95" "$(metric BenchmarkSearch "/$kind" p95-ms) ms" "p50 $(metric BenchmarkSearch "/$kind" p50-ms) ms"
done
for order in newest price_asc price_desc; do
	row "100,000 products, $order, p95" "$(metric BenchmarkSort "/$order/all" p95-ms) ms" \
		"searches $(metric BenchmarkSort "/$order/search" p95-ms) ms, filters $(metric BenchmarkSort "/$order/filter" p95-ms) ms, pages $(metric BenchmarkSort "/$order/pages" p95-ms) ms"
done
row 'quote of a new text over HTTP, p50' "$(metric BenchmarkQuote Quote p50-ms) ms" \
	"p99 $(metric BenchmarkQuote Quote p99-ms) ms; with its 3D model, p50 $(metric BenchmarkQuote Quote with-model-p50-ms) ms"
while read -r product keystrokes p50 p95 quoted fetched drawn painted; do
	row "studio, keystroke to new model: $product, p95" "$p95 ms" \
		"p50 $p50 ms of $keystrokes: quote $quoted, model $fetched, reading and drawing $drawn, until seen $painted; without a graphics card"
done < <(cat "$dir/studio" 2>/dev/null)
row 'webhooks, each sent twice' "$(metric BenchmarkWebhooks Webhooks events/s) /s" "p99 $(metric BenchmarkWebhooks Webhooks p99-ms) ms"
for kind in desk mailed; do
	row "guest checkouts, empty cart to $kind" "$(metric BenchmarkCheckouts "/$kind" checkouts/s) /s" \
		"with stand-in and workers; p99 until confirmed $(metric BenchmarkCheckouts "/$kind" p99-ms) ms"
done
row '200 guests confirm at once, 50 in stock' "$(metric BenchmarkRush Rush orders) orders" \
	"all answered after $(metric BenchmarkRush Rush ns/op | awk '{ printf "%.1f", $1 / 1e9 }') s, 150 of them told that nothing is left"
row 'suggestions, 50 tasks × 20 members' "$(metric BenchmarkSuggest 50x20 ns/op | awk '{ printf "%.2f", $1 / 1e6 }') ms" \
	"500 × 50: $(metric BenchmarkSuggest 500x50 ns/op | awk '{ printf "%.1f", $1 / 1e6 }') ms"
row 'dev, first start with demo workshop' "$first s" "second start: $second s"
while read -r device page performance accessibility practices seo; do
	row "Lighthouse, $device: $page" "$performance" "performance, simulated; accessibility $accessibility, best practices $practices, SEO $seo"
done < <(cat "$dir/lighthouse" 2>/dev/null)
row 'memory of shop and worker, idle' "$memory" 'resident, without PostgreSQL'
