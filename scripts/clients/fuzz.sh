#!/bin/sh
# Schemathesis against a running contract server, driven by the OpenAPI documents of the specs.
#
#     scripts/clients/fuzz.sh [http://127.0.0.1:4010] [seconds for each API]
#
# Run where the repository is, with `schemathesis` in the PATH. README.md says which findings are none.
set -u
server=${1:-http://127.0.0.1:4010}
seconds=${2:-120}
folder=$(mktemp -d)
failed=0

# API, key, what else.
fuzz() {
    api=$1 key=$2
    shift 2
    cargo xtask openapi "$api" -o "$folder/$api.json" || exit 2
    # Any well-formed key is accepted, so a generated key is not a finding.
    schemathesis run "$folder/$api.json" --url "$server/$api" -H "Authorization: Bearer $key" \
        --exclude-checks ignored_auth --max-examples 20 --max-time "$seconds" --request-timeout 5 \
        --continue-on-failure --no-color "$@" || failed=1
}

fuzz animeapi ank_test
fuzz runanything test-key
fuzz runcrate rc_live_test
fuzz runapi test-key --exclude-path-regex '/api/v1/(keys|guardrail)'
fuzz runapi test-management-key --include-path-regex '/api/v1/(keys|guardrail)'
rm -r "$folder"
exit $failed
