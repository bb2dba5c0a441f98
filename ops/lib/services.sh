#!/usr/bin/env bash
# The four services of one machine: their order, commands, ports, readiness and end. Sourced after common.sh.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=process.sh
. "${BASH_SOURCE[0]%/*}/process.sh"

: "${root:?source common.sh first}"

# In the order of starting; stopping goes backwards, so that the node drains while its backends are there.
services=(redis clickhouse controlplane node)

# The copy of the program does not lie beside the library, which is too large to copy.
chdb_library=$root/ops/clickhouse-embedded/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so

# The node may need its calls to end; the others have nothing to wait for but their disks.
stop_sec() {
  case $1 in
    node) printf '%s' "${CALLTRACKER_STOP_SEC:-60}" ;;
    *) printf 15 ;;
  esac
}

# Calls come first: what may be late gives way where the services share a machine. Redis is asked for the route of a
# call that waits.
nice_of() {
  case $1 in
    clickhouse) printf '%s' "${CALLTRACKER_CLICKHOUSE_NICE:-10}" ;;
    controlplane) printf 5 ;;
    *) printf 0 ;;
  esac
}

is_service() {
  local name
  for name in "${services[@]}"; do [[ $name == "$1" ]] && return 0; done
  return 1
}

is_alive() { read_pid "$CALLTRACKER_RUN_DIR/$1.supervisor.pid" >/dev/null; }

output_of() {
  case $1 in
    clickhouse) printf '%s' "$root/ops/clickhouse-embedded" ;;
    controlplane) printf '%s' "$root/controlplane/CallTracker.ControlPlane" ;;
    node) printf '%s' "$root/dataplane/CallTracker.Node" ;;
  esac
}

program_of() {
  case $1 in
    clickhouse) printf CallTracker.ClickHouseEmbedded ;;
    controlplane) printf CallTracker.ControlPlane ;;
    node) printf CallTracker.Node ;;
  esac
}

# A service runs from a copy of the build's output: a later build beside it must not change mapped files.
copy_program() {
  local name=$1 app=$CALLTRACKER_RUN_DIR/app/$1 output
  output=$(output_of "$name")/bin/Release/net10.0
  [[ -x $output/$(program_of "$name") ]] || die "$(program_of "$name") is not built; run without --no-build"
  rm -rf -- "$app"
  mkdir -p -- "$app"
  cp -R -- "$output/." "$app"
}

write_redis_config() {
  mkdir -p -- "$CALLTRACKER_RUN_DIR/redis"
  cat >"$CALLTRACKER_RUN_DIR/redis/redis.conf" <<CONF
port $CALLTRACKER_REDIS_PORT
bind 127.0.0.1
protected-mode yes
daemonize no
dir "$CALLTRACKER_RUN_DIR/redis"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
CONF
}

# One word per line: what supervise runs.
write_command() {
  local app=$CALLTRACKER_RUN_DIR/app/$1
  case $1 in
    redis) printf '%s\n' redis-server "$CALLTRACKER_RUN_DIR/redis/redis.conf" ;;
    clickhouse)
      printf '%s\n' "$app/$(program_of "$1")" --port "$CALLTRACKER_CLICKHOUSE_PORT" --bind 127.0.0.1 \
        --data "$CALLTRACKER_RUN_DIR/clickhouse" --library "${CALLTRACKER_CHDB_LIBRARY:-$chdb_library}"
      ;;
    *) printf '%s\n' "$app/$(program_of "$1")" ;;
  esac >"$CALLTRACKER_RUN_DIR/$1.command"
}

# CALLTRACKER_BIND may name an address of each IP version; HTTP is on the first.
first_address() { printf '%s' "${CALLTRACKER_BIND%%,*}"; }

# protocol:port:variable:address of what a service listens on.
ports_of() {
  case $1 in
    redis) say "tcp:$CALLTRACKER_REDIS_PORT:CALLTRACKER_REDIS_PORT:127.0.0.1" ;;
    clickhouse) say "tcp:$CALLTRACKER_CLICKHOUSE_PORT:CALLTRACKER_CLICKHOUSE_PORT:127.0.0.1" ;;
    controlplane) say "tcp:$CALLTRACKER_API_PORT:CALLTRACKER_API_PORT:$(first_address)" ;;
    node)
      say "tcp:$CALLTRACKER_NODE_PORT:CALLTRACKER_NODE_PORT:$(first_address)"
      say "udp:$CALLTRACKER_SIP_PORT:CALLTRACKER_SIP_PORT:$(first_address)"
      say "tcp:$CALLTRACKER_SIP_PORT:CALLTRACKER_SIP_PORT:$(first_address)"
      if [[ -n ${CALLTRACKER_TLS_CERT:-} ]]; then
        say "tcp:$CALLTRACKER_SIP_TLS_PORT:CALLTRACKER_SIP_TLS_PORT:$(first_address)"
      fi
      ;;
  esac
}

# The kernel's own list: local address and port in hex, 0A a TCP listener, 07 an unconnected UDP socket.
is_port_taken() {
  local protocol=$1 port=$2 address=$3 state=0A here a b c d
  [[ $protocol == tcp ]] || state=07
  IFS=. read -r a b c d <<<"$address"
  here=$(printf '%02X%02X%02X%02X' "${d:-0}" "${c:-0}" "${b:-0}" "${a:-0}" 2>/dev/null) || here=00000000
  cat /proc/net/"$protocol" /proc/net/"$protocol"6 2>/dev/null | awk -v state="$state" -v here="$here" \
    -v port="$(printf '%04X' "$port")" '
      { split($2, local, ":") }
      $4 == state && local[2] == port \
        && (local[1] ~ /^0+$/ || here ~ /^0+$/ || local[1] == here || local[1] ~ /FFFF0000/here"$") { found = 1 }
      END { exit !found }'
}

check_ports() {
  local protocol port variable address
  while IFS=: read -r protocol port variable address; do
    if is_port_taken "$protocol" "$port" "$address"; then
      die "port $port ($protocol), wanted by $1, is in use by another program; end that or set $variable"
    fi
  done < <(ports_of "$1")
}

start_service() {
  local name=$1
  # A service that outlived its supervisor would be started twice.
  if read_pid "$CALLTRACKER_RUN_DIR/$name.pid" >/dev/null; then stop_service "$name"; fi
  check_ports "$name"
  if [[ $name == redis ]]; then write_redis_config; else copy_program "$name"; fi
  write_command "$name"
  # Descriptor 8 is the lock of ops/run: a service must not hold it.
  setsid --fork "$root/ops/lib/supervise" "$name" "$(stop_sec "$name")" "$(nice_of "$name")" \
    >/dev/null 2>&1 </dev/null 8<&-
  await_supervisor "$name"
}

# Until it has written its pid, nothing could tell that the service is being started.
await_supervisor() {
  local end_sec=$((SECONDS + 10))
  until is_alive "$1"; do
    ((SECONDS < end_sec)) || die "the supervisor of $1 does not start"
    sleep 0.02
  done
}

# Its supervisor ends it; without one we do, in the same way.
stop_service() {
  local name=$1 pid limit_sec
  limit_sec=$(stop_sec "$name")
  if pid=$(read_pid "$CALLTRACKER_RUN_DIR/$name.supervisor.pid"); then
    kill -TERM "$pid" 2>/dev/null || true
    await_exit "$CALLTRACKER_RUN_DIR/$name.supervisor.pid" $((limit_sec + 10)) || kill -KILL "$pid" 2>/dev/null || true
  fi
  if pid=$(read_pid "$CALLTRACKER_RUN_DIR/$name.pid"); then
    kill -TERM "$pid" 2>/dev/null || true
    await_exit "$CALLTRACKER_RUN_DIR/$name.pid" "$limit_sec" || kill -KILL "$pid" 2>/dev/null || true
    await_exit "$CALLTRACKER_RUN_DIR/$name.pid" 5 || say "$name (pid $pid) does not end"
  fi
  remove_pid "$CALLTRACKER_RUN_DIR/$name.pid"
  remove_pid "$CALLTRACKER_RUN_DIR/$name.supervisor.pid"
}

is_ready() {
  case $1 in
    redis) is_redis_ready ;;
    clickhouse) http_get "http://127.0.0.1:$CALLTRACKER_CLICKHOUSE_PORT/ping" >/dev/null 2>&1 ;;
    controlplane) http_get "http://$(address_of_host):$CALLTRACKER_API_PORT/readyz" >/dev/null 2>&1 ;;
    node) http_get "http://$(address_of_host):$CALLTRACKER_NODE_PORT/readyz" >/dev/null 2>&1 ;;
  esac
}

# An address to reach a service that is bound to every address, as URLs write it.
address_of_host() {
  local address
  address=$(first_address)
  case $address in
    0.0.0.0) printf 127.0.0.1 ;;
    *:*) printf '[%s]' "$address" ;;
    *) printf '%s' "$address" ;;
  esac
}

is_redis_ready() {
  local answer
  answer=$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/127.0.0.1/$CALLTRACKER_REDIS_PORT" || exit 1
    printf 'PING\r\n' >&3
    read -r -t 1 -u 3 line && printf '%s' "$line"
  ) || return 1
  [[ $answer == +PONG* ]]
}

# A service that ends this often while it is waited for will not get there.
ends_max=5

ends_of() {
  local ends=0
  { read -r ends <"$CALLTRACKER_RUN_DIR/$1.ends"; } 2>/dev/null || true
  printf '%s' "$ends"
}

# Waits until the service answers, at most so many seconds; false when it does not.
await_ready() {
  local end_sec=$((SECONDS + $2)) ends_before
  ends_before=$(ends_of "$1")
  until is_ready "$1"; do
    ((SECONDS < end_sec)) || return 1
    is_alive "$1" || return 1
    (($(ends_of "$1") - ends_before < ends_max)) || return 1
    sleep 0.1
  done
}
