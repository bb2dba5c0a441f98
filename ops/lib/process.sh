#!/usr/bin/env bash
# Processes by pid file. Sourced. A pid alone does not name a process for long: beside NAME.pid lies NAME.pid.since,
# which says when that process started, so that a stale file is never taken for a running service.
set -euo pipefail

# Boot and start tick of a living process; nothing for a dead one or a zombie.
process_since() {
  local stat fields
  # With read, because bash ends when the file of $(<file) goes away under it.
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The name in parentheses may hold anything; what follows the last one is plain.
  read -r -a fields <<<"${stat##*) }"
  # A process that ended between the opening and the reading of the file leaves nothing to read.
  [[ ${fields[0]:-Z} != Z ]] || return 1
  printf '%s %s' "$(</proc/sys/kernel/random/boot_id)" "${fields[19]}"
}

# Renamed into place, so that a reader sees a whole file or the old one.
write_pid() {
  local file=$1 pid=$2
  local since
  since=$(process_since "$pid") || return 0
  printf '%s\n' "$since" >"$file.since"
  printf '%s\n' "$pid" >"$file.new"
  mv -f -- "$file.new" "$file"
}

# Prints the pid in the file when that very process lives.
read_pid() {
  local file=$1 pid known since
  { IFS= read -r pid <"$file" && IFS= read -r known <"$file.since"; } 2>/dev/null || return 1
  [[ $pid =~ ^[1-9][0-9]*$ ]] || return 1
  since=$(process_since "$pid") || return 1
  [[ $since == "$known" ]] || return 1
  printf '%s' "$pid"
}

remove_pid() { rm -f -- "$1" "$1.since"; }

# Waits until the process in the file is gone, at most so many seconds.
await_exit() {
  local file=$1 limit_sec=$2 end_sec
  end_sec=$((SECONDS + limit_sec))
  while read_pid "$file" >/dev/null; do
    ((SECONDS < end_sec)) || return 1
    sleep 0.05
  done
}
