#!/usr/bin/env bash
# The footprint of the generated crates: lines, compile time, memory, size. A Markdown table on stdout, progress on stderr.
#
#     scripts/footprint.sh [CRATE…]
#
# Needs cargo and awk; with GNU time at /usr/bin/time it measures memory too. It builds below `target/footprint`, or
# `$FOOTPRINT_TARGET`. Times are those of rustc for the crate alone: its dependencies are built before, incremental
# compilation is off, and the best of three counts. Let the machine rest meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export CARGO_TARGET_DIR=${FOOTPRINT_TARGET:-$root/target/footprint}
export CARGO_INCREMENTAL=0
mkdir -p "$CARGO_TARGET_DIR"
crates=("$@")
if [ ${#crates[@]} -eq 0 ]; then
  for manifest in generated/*/Cargo.toml; do
    crates+=("$(basename "$(dirname "$manifest")")")
  done
fi

# Stands between cargo and rustc, and notes what rustc took for one crate: milliseconds by the clock and of
# the processors, KiB.
noted=$CARGO_TARGET_DIR/noted
wrapper=$CARGO_TARGET_DIR/rustc.sh
cat > "$wrapper.new" <<'EOF'
#!/usr/bin/env bash
# Written by scripts/footprint.sh.
if [ -z "${WEIGH_CRATE:-}" ] || [[ " $* " != *" --crate-name $WEIGH_CRATE "* ]]; then
  exec "$@"
fi
start=$(date +%s%N)
rest="0 0"
status=0
if /usr/bin/time -f %M true 2> /dev/null; then
  /usr/bin/time -f "%U %S %M" -o "$WEIGH_NOTED.rest" "$@" || status=$?
  rest=$(tail -n 1 "$WEIGH_NOTED.rest" | awk '{ printf "%d %d", ($1 + $2) * 1000, $3 }')
else
  "$@" || status=$?
fi
echo "$((($(date +%s%N) - start) / 1000000)) $rest" > "$WEIGH_NOTED"
exit "$status"
EOF
chmod +x "$wrapper.new"
# A newer wrapper would have cargo build everything anew.
cmp -s "$wrapper.new" "$wrapper" 2> /dev/null || cp -p "$wrapper.new" "$wrapper"
export RUSTC_WRAPPER=$wrapper WEIGH_NOTED=$noted

# `measure CRATE COMMAND…`: what was noted of the quickest of three runs.
measure() {
  local crate=$1 best="" run
  shift
  WEIGH_CRATE="" cargo "$@" >&2
  for _ in 1 2 3; do
    touch "generated/$crate/src/lib.rs"
    rm -f "$noted"
    WEIGH_CRATE=$crate cargo "$@" --quiet >&2
    run=$(cat "$noted")
    if [ -z "$best" ] || [ "${run%% *}" -lt "${best%% *}" ]; then best=$run; fi
  done
  echo "$best"
}

# The Rust program of a crate's README, without its client.
program() {
  awk '/^```rust$/ { on = 1; next } /^```$/ { on = 0 } on && !/^let client = /' "generated/$1/README.md"
}

# `binary NAME DEPENDENCIES` with the program on stdin: bytes of the stripped binary, with the default release profile and
# with the one that people set who mind size.
binary() {
  local folder=$CARGO_TARGET_DIR/binaries/$1
  mkdir -p "$folder/src"
  cp Cargo.lock "$folder/Cargo.lock"
  cat > "$folder/src/main.rs"
  cat > "$folder/Cargo.toml" <<EOF
[package]
name = "footprint-$1"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
reqwest = { version = "*", default-features = false, features = ["http2", "stream"] }
tokio = { version = "1", features = ["fs", "io-util", "rt", "sync", "time", "net", "macros"] }
$2

[profile.release]
strip = true

[profile.small]
inherits = "release"
opt-level = "z"
lto = "fat"
codegen-units = 1
panic = "abort"
EOF
  (cd "$folder" && cargo build --release --quiet >&2 && cargo build --profile small --quiet >&2)
  echo "$(wc -c < "$CARGO_TARGET_DIR/release/footprint-$1") $(wc -c < "$CARGO_TARGET_DIR/small/footprint-$1")"
}

echo "bare reqwest …" >&2
load=$(cut -d" " -f1 /proc/loadavg 2> /dev/null || echo "?")
read -r bare bare_small <<< "$(binary bare "" <<'EOF'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::new();
    let answer = client.post("http://127.0.0.1:9/api").header("authorization", "Bearer key").body("{}").send().await?;
    println!("{}", answer.text().await?);
    Ok(())
}
EOF
)"

read -r json json_small <<< "$(binary json 'serde_json = { version = "1", features = ["float_roundtrip"] }' <<'EOF'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::new();
    let answer = client.post("http://127.0.0.1:9/api").header("authorization", "Bearer key").body("{}").send().await?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.bytes().await?)?;
    println!("{answer:?}");
    Ok(())
}
EOF
)"

ratio() { awk -v a="$1" -v b="$2" -v form="$3" 'BEGIN { printf form, b ? a / b : 0 }'; }
mib() { if [ "$1" -eq 0 ]; then echo "?"; else awk -v a="$1" 'BEGIN { printf "%.0f", a / 1024 }'; fi; }

header="| |" rule="|---|" rows=()
for name in "operations" "builders" "lines" "lines without builders, per operation" "… that are code" "\`cargo check\`, all resources, ms" \
  "… per builder" "… of processors" "\`cargo check\`, one resource, ms" "\`cargo build --release\`, ms" "… per builder" \
  "… of processors" \
  "most memory, check / release, MiB" "one-call binary, kB" "… over bare reqwest, kB" \
  "… over reqwest and serde_json, kB" "one-call binary, small profile, kB" "… over bare reqwest, kB" \
  "… over reqwest and serde_json, kB"; do
  rows+=("| $name |")
done

for crate in "${crates[@]}"; do
  echo "$crate …" >&2
  # Resources are the features that turn nothing else on.
  features=$(awk '/^\[/ { on = /^\[features\]/ } on && / = \[\]$/ { print $1 }' "generated/$crate/Cargo.toml" | paste -sd, -)
  operations=$(grep -rhc '^static OPERATION: ' "generated/$crate/src" | awk '{ n += $1 } END { print n }')
  builders=$(grep -rhc '^rt::builder!' "generated/$crate/src" | awk '{ n += $1 } END { print n }')
  lines=$(find "generated/$crate/src" -name '*.rs' -exec cat {} + | wc -l)
  # A builder is what is between its first words and the macro that ends it.
  without=$(find "generated/$crate/src" -name '*.rs' -exec cat {} + |
    awk '/^\/\/\/ Builds a request of / { on = 1 } !on { n++ } !on && !/^ *(\/\/|$)/ { code++ }
      /^rt::builder!/ { on = 0 } END { print n, code }')
  resource=$(program "$crate" | tr -d ' \n' | sed 's/.*client\.\([a-z0-9_]*\)().*/\1/')
  one=${resource//_/-}

  common=(-p "$crate" --no-default-features --features)
  read -r check check_cpu check_memory <<< "$(measure "$crate" check "${common[@]}" "$features")"
  read -r check_one _ _ <<< "$(measure "$crate" check "${common[@]}" "$one")"
  read -r release release_cpu release_memory <<< "$(measure "$crate" build --release "${common[@]}" "$features")"
  dependencies="$crate = { path = \"$root/generated/$crate\", default-features = false, features = [\"$one\"] }
specwright-runtime = { path = \"$root/runtime\", default-features = false, features = [\"reqwest\"] }"
  read -r bytes small <<< "$(binary "$crate" "$dependencies" <<EOF
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = $crate::Client::builder().api_key("key").base_url("http://127.0.0.1:9").build()?;
    let answer = {
        $(program "$crate" | sed 's/^let [a-z]* = //; s/\.await?;$/.await?/')
    };
    println!("{answer:?}");
    Ok(())
}
EOF
)"

  header+=" \`$crate\` |" rule+="---|"
  values=("$operations" "$builders" "$lines" "$(ratio "${without% *}" "$operations" %.0f)"
    "$(ratio "${without#* }" "$operations" %.0f)" "$check"
    "$(ratio "$check" "$builders" %.1f)" "$check_cpu" "$check_one (\`$one\`)" "$release" "$(ratio "$release" "$builders" %.1f)"
    "$release_cpu" "$(mib "$check_memory") / $(mib "$release_memory")" "$((bytes / 1000))" "$(((bytes - bare) / 1000))"
    "$(((bytes - json) / 1000))" "$((small / 1000))" "$(((small - bare_small) / 1000))" "$(((small - json_small) / 1000))")
  for at in "${!values[@]}"; do
    rows[at]+=" ${values[at]} |"
  done
done

printf '%s\n' "$header" "$rule" "${rows[@]}"
echo
echo "Bare reqwest: $((bare / 1000)) kB, with serde_json $((json / 1000)) kB; small $((bare_small / 1000)) and $((json_small / 1000)) kB. $(rustc --version), $(uname -sm), $(getconf _NPROCESSORS_ONLN) cores, load $load."
