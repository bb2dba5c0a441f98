#!/usr/bin/env bash
# What every script in ops shares: where things are, how to speak, and the environment with its defaults. Sourced.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*"; }

# One clear line on standard error, and no more work.
die() {
  printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
  exit 1
}

# A relative folder is relative to the repository, so that every script means the same one.
absolute() {
  case $1 in
    /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$root" "$1" ;;
  esac
}

# The fixed environment of the architecture. Exported: the services read the same names.
load_environment() {
  CALLTRACKER_RUN_DIR=$(absolute "${CALLTRACKER_RUN_DIR:-.run}")
  export CALLTRACKER_RUN_DIR
  export CALLTRACKER_BIND=${CALLTRACKER_BIND:-127.0.0.1}
  export CALLTRACKER_SIP_PORT=${CALLTRACKER_SIP_PORT:-5060}
  export CALLTRACKER_SIP_TLS_PORT=${CALLTRACKER_SIP_TLS_PORT:-5061}
  export CALLTRACKER_RTP_PORTS=${CALLTRACKER_RTP_PORTS:-20000-29999}
  export CALLTRACKER_API_PORT=${CALLTRACKER_API_PORT:-8080}
  export CALLTRACKER_NODE_PORT=${CALLTRACKER_NODE_PORT:-8081}
  export CALLTRACKER_REDIS_PORT=${CALLTRACKER_REDIS_PORT:-6380}
  export CALLTRACKER_CLICKHOUSE_PORT=${CALLTRACKER_CLICKHOUSE_PORT:-8123}
  local name
  for name in SIP SIP_TLS API NODE REDIS CLICKHOUSE; do check_port "CALLTRACKER_${name}_PORT"; done
  [[ $CALLTRACKER_RTP_PORTS =~ ^[0-9]{1,5}-[0-9]{1,5}$ ]] \
    || die "CALLTRACKER_RTP_PORTS is '$CALLTRACKER_RTP_PORTS'; write it as 20000-29999"
}

check_port() {
  local value=${!1}
  [[ $value =~ ^[1-9][0-9]{0,4}$ && $value -lt 65536 ]] || die "$1 is '$value', which is no port"
}

# Programs built here find the runtime where the dotnet command found it.
load_dotnet() {
  command -v dotnet >/dev/null || die "dotnet is missing: install the .NET 10 SDK"
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")}
  # A bare machine has no ICU, and nothing here needs one.
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
}

# Builds what is named, quietly; the log is shown only when the build fails.
build() {
  local log=$1
  shift
  if ! dotnet build "$@" -c Release -v quiet -nologo -nodeReuse:false >"$log" 2>&1 </dev/null; then
    sort -u -- "$log" | grep -E 'error|warn' | head -n 60 >&2 || tail -n 40 -- "$log" >&2
    return 1
  fi
}

# GET with a bound on time, past no proxy.
http_get() { curl --silent --show-error --fail --noproxy '*' --max-time "${2:-2}" "$1"; }
