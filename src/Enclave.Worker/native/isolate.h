// One isolate, its context, and the job that runs in it.
#pragma once
#include <v8.h>

#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "buffer.h"
#include "check.h"
#include "memory_limits.h"
#include "protocol.g.h"
#include "run_state.h"

struct PendingCall {
  v8::Global<v8::Promise::Resolver> resolver;
  std::string name;
  int line, column;
};

struct Isolate : RunState {
  v8::Isolate* isolate = nullptr;
  uint64_t memory_limit = 0;
  HeapGuard heap;
  BufferBudget buffers{&heap};
  v8::Global<v8::Context> context;
  // Functions from the prelude: [limit, key] for the wrapper around the program, the maker of references, those for libraries, the caller of
  // timers, and those for objects whose data is in none of their properties.
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
  std::unordered_map<uint32_t, PendingCall> pending;
  std::vector<uint32_t> time_calls;
  std::vector<v8::Global<v8::Promise>> rejected;
  Buffer out;

  // Before the checkpoint, where nothing is reset: removes what a run left. Containers keep their memory for the next one.
  void Renew() {
    static_cast<RunState&>(*this) = RunState();
    source_name.clear();
    main.Reset();
    counter.Reset();
    pending.clear();
    time_calls.clear();
    rejected.clear();
    out.Reset(0);
    DCHECK(IsRenewed());
  }
  bool IsRenewed() const {
    return stop == StopReason::kNone && next_call_id == 1 && iterations == 0 && source_name.empty() && main.IsEmpty() && counter.IsEmpty() && pending.empty() &&
           time_calls.empty() && wake == INFINITY && rejected.empty() && out.size() == 0 && !loading;
  }

  static Isolate* Of(v8::Isolate* isolate) { return static_cast<Isolate*>(isolate->GetData(0)); }

  // Ends the run; no script code can catch it. The first reason is kept.
  void Stop(StopReason reason) {
    DCHECK(!check::InSignal::Is());
    Want(reason);
    Terminate();
  }
  // For the clock's signal, at any point: the run is to end, and Terminate must follow.
  void Want(StopReason reason) {
    if (stop == StopReason::kNone) stop = reason;
  }
  // V8 takes locks here. A signal that interrupts this call does not call V8: the interrupted call continues with the work.
  void Terminate() {
    if (terminating) return;
    terminating = true;
    isolate->TerminateExecution();
    terminating = false;
  }
  // True for an instruction of compiled code: a script's, or a builtin's of V8. Such code holds no lock of V8.
  bool IsCompiledCode(uintptr_t at) const { return at - code < code_length || at - builtins < builtins_length; }
  bool Stopped() const { return stop != StopReason::kNone; }
};

// bridge.cc: the callbacks that the snapshot refers to
extern const intptr_t external_references[];
// The one piece of data beside the context in the snapshot: Isolate::guard.
constexpr size_t kGuardData = 0;
