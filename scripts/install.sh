#!/usr/bin/env bash
# Installs what a fresh machine lacks. usage: scripts/install.sh run|test|bench
#   run    PostgreSQL and PrusaSlicer
#   test   also Chromium, and a C compiler for the race detector
#   bench  also the peers that are measured beside ours: OpenSCAD, and wrk for load
# Debian and Ubuntu as root or with sudo; macOS with Homebrew, best effort. Installed things are left alone.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
fail() { say "tsukuriba: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
have_postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

debian_packages() {
	have_postgres || echo postgresql
	have prusa-slicer || echo prusa-slicer
	[ "$1" != run ] || return 0
	have chromium || echo chromium
	have gcc || echo gcc libc6-dev
	[ "$1" = bench ] || return 0
	have openscad || echo openscad
	have wrk || echo wrk
}

install_debian() {
	local missing as_root=()
	read -ra missing <<<"$(debian_packages "$1" | tr '\n' ' ')"
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ "$(id -u)" != 0 ]; then
		have sudo || fail "these Debian packages are missing and there is no sudo: ${missing[*]}. Please ask an administrator to install them."
		as_root=(sudo)
	fi
	say "Installing from Debian: ${missing[*]} (this happens once)"
	# Debian would start a public cluster of its own; ours is private and under .local/.
	if ! [ -e /etc/postgresql-common/createcluster.conf ]; then
		"${as_root[@]}" mkdir -p /etc/postgresql-common
		echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
	fi
	"${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 update -q
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends "${missing[@]}" ||
		fail "installing ${missing[*]} failed; the lines above say why (often: no space left, or no network)."
}

install_mac() {
	have brew || fail "please install Homebrew first (https://brew.sh), then run this again."
	have_postgres || have /opt/homebrew/opt/postgresql@17/bin/initdb || brew install postgresql@17
	[ -d /Applications/PrusaSlicer.app ] || brew install --cask prusaslicer
	[ "$1" = run ] || [ -d "/Applications/Chromium.app" ] || brew install --cask chromium
}

need_tool() { have "$1" || fail "$1 is missing: please install $2."; }

need_tool go "Go 1.26 or newer (https://go.dev/dl)"
need_tool node "Node.js 20 or newer (https://nodejs.org)"
need_tool npm "npm (it comes with Node.js)"

case "$(uname -s)" in
	Darwin) install_mac "$1" ;;
	Linux)
		have apt-get || fail "this script knows Debian and Ubuntu; please install PostgreSQL 15+ and PrusaSlicer 2.5+ by hand."
		install_debian "$1" ;;
	*) fail "this system is not supported; please use Linux or macOS." ;;
esac
