#!/usr/bin/env bash
# The steps of action.yml, to be run in the checkout of the repository that is linted.
#
#   pr-report.sh lint     Annotate what is wrong, add the report to the step summary, and give its exit code as the
#                         output `code`. Fails only if linting was not possible.
#   pr-report.sh comment  Write the report as a comment, or over the comment of an earlier run.
#
# The environment says what to do; what is optional may be empty.
#   REFACTOR       the command to run
#   REPORT         the Markdown file that `lint` writes and `comment` reads
#   BASE           optional: report only what the branch brought since it left this commit
#   ARGUMENTS      optional: more arguments for lint, separated by blanks
#   SARIF          optional: the SARIF file to write. It holds everything, GitHub itself tells what is new.
#   PULL_REQUEST   for comment: the number; gh also needs GH_TOKEN and GITHUB_REPOSITORY
set -euo pipefail
set -f # ARGUMENTS are split into words, but mean no files

lint() {
    local code=0
    # shellcheck disable=SC2206
    local everything=(lint ${ARGUMENTS:-})
    local asked=("${everything[@]}" ${BASE:+"--diff-base=$BASE"})
    "$REFACTOR" "${asked[@]}" --output-format github || code=$?
    if ((code > 1)); then
        echo '::error title=renumber::Linting was not possible; the log of this step says why.'
        return "$code"
    fi
    "$REFACTOR" "${asked[@]}" --exit-zero --output-format markdown >"$REPORT"
    cat "$REPORT" >>"$GITHUB_STEP_SUMMARY"
    if [[ -n ${SARIF:-} ]]; then
        "$REFACTOR" "${everything[@]}" --exit-zero --output-format sarif >"$SARIF"
    fi
    echo "code=$code" >>"$GITHUB_OUTPUT"
}

# A bot's comment only: anybody may begin one with the mark, and theirs is not ours to write over.
comment_of_earlier_run() {
    local ours='.[] | select(.user.type == "Bot" and (.body | startswith("<!-- renumber -->"))) | .id'
    local ids
    ids=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --jq "$ours") || return
    echo "${ids%%$'\n'*}"
}

comment() {
    local id
    id=$(comment_of_earlier_run) || return
    if [[ -n $id ]]; then
        gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$REPORT"
    elif ! grep -q '^### renumber: no findings$' "$REPORT"; then
        gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$REPORT"
    fi
}

case ${1:-} in
lint) lint ;;
comment)
    # The token of a pull request from a fork may not write; its report is in the summary all the same.
    comment || echo '::notice title=renumber::The comment could not be written; the report is in the step summary.'
    ;;
*)
    echo 'usage: pr-report.sh lint|comment' >&2
    exit 2
    ;;
esac
