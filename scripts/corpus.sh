#!/usr/bin/env bash
# What becomes of a folder of OpenAPI documents: each is imported, linted, compiled, checked by cargo, exported again, and
# compared with what was exported (`scripts/roundtrip.py`).
# One row each on stdout, as a Markdown table with totals; progress on stderr.
#
#     scripts/corpus.sh FOLDER [NAME…]
#
# NAME… are documents of the folder without their endings; all if there are none. It builds below `target/corpus`, or
# `$CORPUS_TARGET`: the specs and crates of the last run stay there to be read, and so do the reports of the imports.
# Warnings of rustc are denied. With `CORPUS_CLIPPY=1` clippy runs too, and with `CORPUS_CHECK=0` neither does.
set -euo pipefail
folder=$(realpath "$1")
shift
cd "$(dirname "$0")/.."
root=$PWD
work=${CORPUS_TARGET:-$root/target/corpus}
project=$work/project
xtask=$root/target/debug/xtask
# With the importer, whose compilation would count as the time of the first document.
cargo build --quiet -p xtask --features specwright-cli/import
rm -rf "$project" "$work/reports"
mkdir -p "$project/spec" "$project/generated" "$work/reports"
# The workspace's own versions and lints, with the runtime where it is.
python3 - "$root/Cargo.toml" "$root" > "$project/Cargo.toml" <<'EOF'
import re, sys
text = open(sys.argv[1]).read()
sections = re.split(r'(?m)^(?=\[)', text)
print('[workspace]\nresolver = "3"\nmembers = ["generated/*"]\n')
for section in sections:
    name = section.split(']')[0].strip('[')
    if name in ('workspace.package', 'workspace.lints.rust', 'workspace.lints.clippy', 'profile.dev'):
        print(section)
    if name == 'workspace.dependencies':
        lines = [it for it in section.splitlines() if 'path = ' not in it or it.startswith('specwright-runtime')]
        print('\n'.join(lines).replace('path = "runtime"', f'path = "{sys.argv[2]}/runtime"'))
EOF
cp "$root/Cargo.lock" "$project/"
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for document in "$folder"/*.yaml "$folder"/*.yml "$folder"/*.json; do
    [ -e "$document" ] && names+=("$(basename "${document%.*}")")
  done
fi
seconds() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f s", (b - a) / 1e9 }'; }
echo "| document | import | exact | approximated | dropped | lint | codegen | check | export | round trip |"
echo "|---|---|---|---|---|---|---|---|---|---|"
total=0; imported=0; linted=0; compiled=0; checked=0; exported=0; compared=0; differing=0
sum_exact=0; sum_approximated=0; sum_dropped=0
for name in "${names[@]}"; do
  total=$((total + 1))
  document=$(ls "$folder/$name".* | head -n 1)
  # Names of APIs are short.
  api=$(echo "$name" | tr 'A-Z.-' 'a-z__' | cut -c 1-40 | sed 's,__*,_,g; s,_$,,')
  echo "$name" >&2
  report=$work/reports/$api.json
  start=$(date +%s%N)
  status=0
  timeout 60 "$xtask" import "$document" --api "$api" --into "$project/spec" --format json > "$report" 2> "$work/reports/$api.import" || status=$?
  took=$(seconds "$start" "$(date +%s%N)")
  if [ "$status" -gt 1 ]; then
    echo "| $name | failed | | | | | | | | |"
    continue
  fi
  imported=$((imported + 1))
  read -r exact approximated dropped < <(python3 -c 'import json,sys; it=json.load(open(sys.argv[1]))["operations"]; print(it["exact"], it["approximated"], it["dropped"])' "$report")
  sum_exact=$((sum_exact + exact)); sum_approximated=$((sum_approximated + approximated)); sum_dropped=$((sum_dropped + dropped))
  row="| $name | $took | $exact | $approximated | $dropped"
  if ! "$xtask" lint --project "$project" "$api" > /dev/null 2> "$work/reports/$api.lint"; then
    echo "$row | failed | | | | |"
    continue
  fi
  linted=$((linted + 1))
  start=$(date +%s%N)
  if ! "$xtask" codegen --project "$project" "$api" > "$work/reports/$api.codegen" 2>&1; then
    echo "$row | ok | failed | | | |"
    continue
  fi
  compiled=$((compiled + 1))
  row="$row | ok | $(seconds "$start" "$(date +%s%N)")"
  start=$(date +%s%N)
  if [ "${CORPUS_CHECK:-1}" = 0 ]; then
    row="$row | -"
  elif (cd "$project" && RUSTFLAGS="-D warnings" CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$work/target" cargo check --quiet -p "$api" &&
    { [ "${CORPUS_CLIPPY:-0}" = 0 ] || RUSTFLAGS="-D warnings" CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$work/target" cargo clippy --quiet -p "$api" -- -D warnings; }) > "$work/reports/$api.check" 2>&1; then
    checked=$((checked + 1))
    row="$row | $(seconds "$start" "$(date +%s%N)")"
  else
    row="$row | failed"
  fi
  if "$xtask" openapi --project "$project" "$api" -o "$work/reports/$api.openapi.json" > /dev/null 2> "$work/reports/$api.export"; then
    exported=$((exported + 1))
    trip=$work/reports/$api.roundtrip
    python3 "$root/scripts/roundtrip.py" "$document" "$work/reports/$api.openapi.json" "$report" > "$trip" 2>&1 || true
    if read -r same differ < <(tail -n 1 "$trip" | sed -nE 's/^([0-9]+) exact operations compared, ([0-9]+) differ.*/\1 \2/p'); then
      compared=$((compared + same)); differing=$((differing + differ))
      row="$row | ok | $differ of $same differ |"
    else
      row="$row | ok | failed |"
    fi
  else
    row="$row | failed | |"
  fi
  echo "$row"
done
echo "| **$total documents** | $imported imported | $sum_exact | $sum_approximated | $sum_dropped | $linted | $compiled | $checked | $exported | $differing of $compared differ |"
