#include "v8_in_tests.h"

#include <cstdlib>
#include <cstring>

V8InTests v8_in_tests;

v8::Isolate* MakeV8InTests(Isolate* owner) {
  // No isolate of V8 is that large.
  auto* isolate = static_cast<v8::Isolate*>(aligned_alloc(64, 1 << 16));
  memset(static_cast<void*>(isolate), 0, 1 << 16);
  owner->isolate = isolate;
  isolate->SetData(0, owner);
  return isolate;
}

void* TryAllocate(size_t length) { return v8_in_tests.no_memory ? nullptr : calloc(length, 1); }

namespace v8 {

HeapStatistics::HeapStatistics() { memset(static_cast<void*>(this), 0, sizeof *this); }

void Isolate::GetHeapStatistics(HeapStatistics* statistics) { statistics->used_heap_size_ = v8_in_tests.heap; }

void Isolate::AddNearHeapLimitCallback(NearHeapLimitCallback callback, void* data) {
  v8_in_tests.near_limit = callback;
  v8_in_tests.near_limit_data = data;
}

void Isolate::RemoveNearHeapLimitCallback(NearHeapLimitCallback callback, size_t limit) {
  if (callback != v8_in_tests.near_limit) abort();
  v8_in_tests.near_limit = nullptr;
  v8_in_tests.limit = limit;
}

void Isolate::AddGCPrologueCallback(GCCallback callback, GCType) { v8_in_tests.before_gc = callback; }
void Isolate::AddGCEpilogueCallback(GCCallback callback, GCType) { v8_in_tests.after_gc = callback; }
void Isolate::SetOOMErrorHandler(OOMErrorCallback callback) { v8_in_tests.out_of_memory = callback; }
void Isolate::SetFatalErrorHandler(FatalErrorCallback callback) { v8_in_tests.fatal = callback; }
void Isolate::TerminateExecution() { v8_in_tests.terminations++; }
void Isolate::Enter() {}
void Isolate::Exit() {}

void HandleScope::DeleteExtensions(Isolate*) {}

Local<Number> Number::New(Isolate*, double) {
  static uintptr_t* slot;
  slot = &v8_in_tests.next_number;
  Local<Number> number;
  static_assert(sizeof number == sizeof slot);
  memcpy(static_cast<void*>(&number), &slot, sizeof slot);
  return number;
}

namespace api_internal {
void DisposeGlobal(internal::Address*) {}
}  // namespace api_internal

}  // namespace v8
