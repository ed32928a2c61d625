#!/bin/bash
# The one step of action.yml: annotations to the log, a table to the job's summary, SARIF when asked
# for. Inputs come as variables, never as text of this script.
set -u
read -r -a arguments <<<"${RETORT_ARGUMENTS:-}"
[ -z "${RETORT_SINCE:-}" ] || arguments+=(--since "$RETORT_SINCE")
[ -z "${RETORT_FAIL_ON:-}" ] || arguments+=(--fail-on "$RETORT_FAIL_ON")
[ -z "${RETORT_SARIF:-}" ] || arguments+=(--format "sarif=$RETORT_SARIF")
table=$(mktemp)
trap 'rm -f "$table"' EXIT

"${RETORT:-retort}" lint --format github --format "markdown=$table" "${arguments[@]}"
code=$?

[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$table" >>"$GITHUB_STEP_SUMMARY"
[ -z "${GITHUB_OUTPUT:-}" ] || echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit $code
