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

struct PendingCall {
  v8::Global<v8::Promise::Resolver> resolver;
  std::string name;
  int line, column;
};

// The counts and decisions of one run. Renew gives every member its initial value again.
struct RunState {
  uint64_t iterations = 0, loop = 0;
  // The place at which the clock found the script, in the form of docs/protocol.md; 0 for none.
  uint64_t place = 0;
  volatile StopReason stop = StopReason::kNone;
  volatile bool terminating = false;
  uint32_t next_call_id = 1;
  // True if the input held a reference: only then is the output searched for one.
  bool has_references = false;
  uint32_t max_value_depth = 0, max_value_properties = 0;
  uint64_t max_value_bytes = 0, max_console_bytes = 0;
  // The state of Math.random for this run only.
  uint64_t random = 0;
  // The time that Date shows in a repeatable run.
  bool repeatable = false;
  double now = 0;
  // The secret of its random bytes, and the blocks that were taken.
  uint64_t secret[4] = {}, blocks = 0;
  // The time that Date showed when the run began, and the one that it shows when the first timer is due: infinite without one, negative for one that is
  // due at once.
  double origin = 0, wake = INFINITY;
  // In a repeatable run the host counts the time of timers: the last call to it that has no answer, or 0, and the time that it was asked for.
  uint32_t time_call = 0;
  double time_due = 0;
  // An answer came since the last timers were called. Without one the next answer, and with it the order of both, would depend on the machine.
  bool ticked = false;
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
