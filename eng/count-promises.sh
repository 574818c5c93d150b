#!/usr/bin/env bash
# One line: how many promises of tests/promises.txt hold, by the results of the last ./test.sh, and which do not. A promise holds when all tests with its id
# passed, and there was one.
#   eng/count-promises.sh           of all projects
#   eng/count-promises.sh --some    of a tier that does not have tests of all promises
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answer_help "$@"

shopt -s nullglob
files=("$artifacts"/test-results/*.xml)
((${#files[@]})) || fail "no results in $artifacts/test-results: run ./test.sh"
# xunit writes a line <test … result="Pass" … method="I3_The_root_holds_what_the_list_says" …> for each test.
grep -hoE '<test [^>]*>' "${files[@]}" | awk -v list="$root/tests/promises.txt" -v some="${1:-}" '
  function attribute(name) { return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }
  {
    method = attribute("method")
    if (method !~ /^[A-Z][0-9]+_/) next
    id = substr(method, 1, index(method, "_") - 1)
    result = attribute("result")
    if (result == "Pass") passed[id]++
    else if (result != "Skip" && result != "NotRun") failed[id]++
  }
  END {
    while ((getline line < list) > 0) {
      if (line !~ /^[A-Z][0-9]+ /) continue
      id = substr(line, 1, index(line, " ") - 1)
      all++
      if (passed[id] && !failed[id]) hold++
      else if (!some || failed[id]) broken = broken " " id
    }
    if (some) printf "promises: %d of %d are shown here, and hold\n", hold, all
    else printf "promises: %d of %d hold%s\n", hold, all, broken == "" ? "" : ";" (broken " do not")
  }'
