// The few calls of V8 that its limits of memory need, without V8: tests say how much the heap holds, and call the callbacks that V8 would call.
#pragma once
#include <v8.h>

#include "isolate.h"

struct V8InTests {
  size_t heap = 0;  // bytes that the heap holds
  v8::NearHeapLimitCallback near_limit = nullptr;
  void* near_limit_data = nullptr;
  size_t limit = 0;  // that a removed callback has set
  v8::Isolate::GCCallback before_gc = nullptr, after_gc = nullptr;
  v8::OOMErrorCallback out_of_memory = nullptr;
  v8::FatalErrorCallback fatal = nullptr;
  int terminations = 0;
  uintptr_t next_number = 0;  // the address of the next number that is made
  bool no_memory = false;     // TryAllocate fails
};
extern V8InTests v8_in_tests;

// An isolate of these tests. V8 reads the data of an embedder from the isolate's memory itself.
v8::Isolate* MakeV8InTests(Isolate* owner);
