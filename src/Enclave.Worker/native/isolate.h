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
  // What the prelude leaves for us: [limit, key] for the wrapper around the program, what makes references, and what libraries need.
  v8::Global<v8::Array> guard;

  // Whether a library is being evaluated: there are no tools then, and nobody to read its console.
  bool loading = false;

  // The job. Afterwards all memory goes back to where it was before it (checkpoint.h).
  std::string source_name;
  v8::Global<v8::Promise> main;
  v8::Global<v8::Function> counter;
  uint64_t iterations = 0, loop = 0;
  std::unordered_map<uint32_t, PendingCall> pending;
  std::vector<v8::Global<v8::Promise>> rejected;
  volatile int32_t stop = EE_STOP_NONE;
  uint32_t next_call_id = 1;
  // Whether a reference came in: only then is one looked for in what goes out.
  bool has_references = false;
  uint32_t max_value_depth = 0, max_value_properties = 0;
  uint64_t max_value_bytes = 0, max_console_bytes = 0;
  // The state of Math.random, of this run alone.
  uint64_t random = 0;
  // Of a repeatable run: what Date shows.
  bool repeatable = false;
  double now = 0;
  Buffer out;

  static ee_isolate* Of(v8::Isolate* isolate) { return static_cast<ee_isolate*>(isolate->GetData(0)); }

  // Ends the run so that no script code can catch it. The first reason stays. Also called by the clock's signal, in the middle of anything.
  void Stop(int32_t reason) {
    if (stop == EE_STOP_NONE) stop = reason;
    isolate->TerminateExecution();
  }
  bool Stopped() const { return stop != EE_STOP_NONE; }
};

// bridge.cc: the callbacks that the snapshot refers to
extern const intptr_t external_references[];
// The one piece of data beside the context in the snapshot: ee_isolate::guard.
constexpr size_t kGuardData = 0;
