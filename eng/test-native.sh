#!/usr/bin/env bash
# Tests the worker's C++ below its protocol, in builds of their own (src/Enclave.Worker/native/CMakePresets.json).
#   eng/test-native.sh          the parts without V8, under AddressSanitizer and UBSan; those that own a process with checked assertions: seconds after a build
#   eng/test-native.sh --full   also the tests of the worker with checked assertions and under AddressSanitizer, each fuzzer for 10 seconds, clang-tidy
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"

seconds=10

# worker_tests PRESET OPTION...: the tests of the worker's protocol, on the worker of this build.
worker_tests() {
  local preset=$1 folder="$artifacts/engine-$1"
  shift
  mkdir -p "$folder"
  ln -sfn "$engine/node" "$folder/node"
  ln -sfn "$engine/snapshot.bin" "$folder/snapshot.bin"
  cp "$artifacts/native-$preset/libenclave-engine.so" "$folder/"
  [[ "$preset" != sanitized ]] || ln -sfn "$(g++ --print-file-name=libasan.so)" "$folder/libasan.so"
  echo "the worker of the build $preset"
  ENCLAVE_TEST_NATIVE="engine-$preset" ENCLAVE_TEST_FULL=0 DOTNET_EnableDiagnostics=0 \
    dotnet "$artifacts/bin/Enclave.Worker.Tests/$configuration/Enclave.Worker.Tests.dll" -noColor "$@"
}

# fuzz NAME COMMAND...: inputs that find something stay in artifacts/fuzz/NAME, and the run fails.
fuzz() {
  local name=$1 found="$artifacts/fuzz/$1"
  shift
  mkdir -p "$found/corpus"
  echo "libFuzzer over $name for $seconds s"
  "$@" "$found/corpus" "$root/tests/native/corpus/$name" -max_total_time="$seconds" -max_len=4096 -timeout=10 -artifact_prefix="$found/" -verbosity=0 \
    -print_final_stats=1
}

full=0
[[ "${1:-}" != --full ]] || full=1
install_test_native || exit 0
# Some parts need V8's headers.
install_engine
cmake_build sanitized unit-tests
"$artifacts/native-sanitized/unit-tests" --gtest_brief=1
cmake_build checked process-tests
"$artifacts/native-checked/process-tests" --gtest_brief=1
[[ $full == 1 ]] || exit 0

cmake_build checked enclave-engine
worker_tests checked
cmake_build sanitized enclave-engine
# Without a reset, what an isolate has taken stays: these four look at that.
worker_tests sanitized -class '*.JobTests' -class '*.MalformedFrameTests' -class '*.FrameFuzzTests' -class '*.CancelTests' -class '*.PipeTests' \
  -method- '*.A_thousand_jobs_leave_nothing_behind' -method- '*.A_job_with_another_memory_limit_runs_and_leaves_the_next_its_own' \
  -method- '*.A_job_with_a_larger_memory_limit_holds_more_and_leaves_the_next_its_own' \
  -method- '*.Kept_programs_push_one_another_out_and_none_is_taken_for_another'
cmake_build fuzz fuzz-messages fuzz-frame_pipe fuzz-values
fuzz messages "$artifacts/native-fuzz/fuzz-messages"
fuzz frame_pipe "$artifacts/native-fuzz/fuzz-frame_pipe"
(cd "$engine" && fuzz values /lib64/ld-linux-x86-64.so.2 --preload ../native-fuzz/libfuzz-values.so ./node ./snapshot.bin)
cd "$root"
echo "clang-tidy"
git ls-files 'src/Enclave.Worker/native/*.cc' | xargs -P "$(nproc)" -n 4 clang-tidy-14 --quiet -p "$artifacts/native" --warnings-as-errors='*' \
  --extra-arg-before="-isystem$root/tests/native/clang"
