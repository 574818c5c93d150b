// One isolate, its context, and the job that runs in it.
#pragma once
#include <v8.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "buffer.h"
#include "engine.h"
#include "limits.h"

struct PendingCall {
  v8::Global<v8::Promise::Resolver> resolver;
  std::string name;
  int line, column;
};

struct ee_isolate {
  v8::Isolate* isolate = nullptr;
  uint64_t memory_limit = 0;
  HeapGuard heap;
  BufferBudget buffers{&heap};
  v8::Global<v8::Context> context;
  // Functions from the prelude: [limit, key] for the wrapper around the program, the maker of references, and the ones for libraries.
  v8::Global<v8::Array> guard;

  // Where compiled code lies (IsCompiledCode).
  uintptr_t code = 0, builtins = 0;
  size_t code_length = 0, builtins_length = 0;

  // Whether a library is being evaluated: it has no tools, and its console is not read.
  bool loading = false;

  // The job. A reset restores all memory to its state before it (checkpoint.h).
  std::string source_name;
  v8::Global<v8::Promise> main;
  v8::Global<v8::Function> counter;
  uint64_t iterations = 0, loop = 0;
  std::unordered_map<uint32_t, PendingCall> pending;
  std::vector<v8::Global<v8::Promise>> rejected;
  volatile int32_t stop = EE_STOP_NONE;
  volatile bool terminating = false;
  uint32_t next_call_id = 1;
  // Whether the input held a reference: only then is the output searched for one.
  bool has_references = false;
  uint32_t max_value_depth = 0, max_value_properties = 0;
  uint64_t max_value_bytes = 0, max_console_bytes = 0;
  // The state of Math.random for this run only.
  uint64_t random = 0;
  // The time that Date shows in a repeatable run.
  bool repeatable = false;
  double now = 0;
  Buffer out;

  static ee_isolate* Of(v8::Isolate* isolate) { return static_cast<ee_isolate*>(isolate->GetData(0)); }

  // Ends the run; no script code can catch it. The first reason is kept.
  void Stop(int32_t reason) {
    Want(reason);
    Terminate();
  }
  // For the clock's signal, at any point: the run is to end, and Terminate must follow.
  void Want(int32_t reason) {
    if (stop == EE_STOP_NONE) stop = reason;
  }
  // V8 takes locks for it. A signal that interrupts this call leaves the rest to it.
  void Terminate() {
    if (terminating) return;
    terminating = true;
    isolate->TerminateExecution();
    terminating = false;
  }
  // True for an instruction of compiled code: a script's, or a builtin's of V8. Such code holds no lock of V8.
  bool IsCompiledCode(uintptr_t at) const { return at - code < code_length || at - builtins < builtins_length; }
  bool Stopped() const { return stop != EE_STOP_NONE; }
};

// bridge.cc: the callbacks that the snapshot refers to
extern const intptr_t external_references[];
// The one piece of data beside the context in the snapshot: ee_isolate::guard.
constexpr size_t kGuardData = 0;
