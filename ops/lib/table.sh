#!/usr/bin/env bash
# Prints tab-separated lines as a table. Sourced; needs a UTF-8 locale.
set -euo pipefail

# Columns on a terminal: a full-width character takes two. Japanese text here is full-width throughout.
display_width() {
  local narrow=${1//[^[:ascii:]]/}
  printf '%s' $((${#1} * 2 - ${#narrow}))
}

# Reads all lines, then pads every cell to the widest of its column.
print_table() {
  local lines line cells width widths=() column
  mapfile -t lines
  for line in "${lines[@]}"; do
    split_cells "$line"
    for column in "${!cells[@]}"; do
      width=$(display_width "${cells[column]}")
      ((width <= ${widths[column]:-0})) || widths[column]=$width
    done
  done
  for line in "${lines[@]}"; do
    split_cells "$line"
    for column in "${!cells[@]}"; do
      width=$(display_width "${cells[column]}")
      printf '%s%*s  ' "${cells[column]}" $((widths[column] - width)) ''
    done
    printf '\n'
  done | sed 's/ *$//'
}

# Tabs are no plain separators for read: it takes two for one, and an empty cell would vanish.
split_cells() { IFS=$'\x1f' read -r -a cells <<<"${1//$'\t'/$'\x1f'}"; }
