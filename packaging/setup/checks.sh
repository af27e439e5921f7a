# shellcheck shell=sh disable=SC2154  # root, venv and say() come from the script that reads this file
# Every check of the project, in the order in which a mistake is cheapest to see. All run; any failure fails the whole.

failed=""
count=0

# check NAME COMMAND...: prints the name, the verdict and the seconds; a failed one's output follows.
check() {
    name=$1
    shift
    count=$((count + 1))
    started=$(date +%s)
    output=$(mktemp "${TMPDIR:-/tmp}/haversack-check.XXXXXX")
    if "$@" >"$output" 2>&1; then verdict=ok; else
        verdict=FAILED
        failed="$failed $name"
    fi
    printf '%-12s %-6s %4d s\n' "$name" "$verdict" $(($(date +%s) - started))
    [ $verdict = ok ] || cat "$output"
    rm -f "$output"
}

run_checks() {
    cd "$root" || exit 1
    began=$(date +%s)
    python=$venv/bin/python
    check format "$python" -m ruff format --check .
    check lint "$python" -m ruff check .
    check types "$python" -m mypy
    check imports "$python" -c 'import sys; sys.argv[0] = "lint-imports"; from importlinter.cli import lint_imports_command; lint_imports_command()'
    check scripts "$venv/bin/shellcheck" -x haversack packaging/setup/*.sh .ci/run
    check migrations "$python" -m server manage makemigrations --check --dry-run
    # pytest speaks for itself, as it goes; its closing line is nearly the last thing printed. Tests wait more than they
    # compute: a process for each core, up to four, and the tests of a file stay together.
    [ $# -gt 0 ] || set -- -n auto --maxprocesses 4 --dist loadfile
    count=$((count + 1))
    if ! "$python" -m pytest "$@"; then failed="$failed tests"; fi
    took=$(($(date +%s) - began))
    if [ -n "$failed" ]; then
        printf 'Of %d checks these failed:%s (%d s)\n' $count "$failed" $took
        exit 1
    fi
    printf 'All %d checks are good (%d s)\n' $count $took
}
