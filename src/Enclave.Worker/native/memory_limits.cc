#include "memory_limits.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "check.h"
#include "exit.h"
#include "isolate.h"
#include "memory_reserve.h"

namespace {

// Headroom is granted once: TerminateExecution takes a while in optimised loops, and a
// callback that grants more each time would let the heap grow without end.
constexpr size_t kHeadroom = 8 << 20;

// A script may catch that a buffer was refused, and try smaller ones. Each refusal costs several collections, so a script with too many is ended.
constexpr int kMaxRefusals = 32;

// Buffers may be freed without a collection. So the limit is also checked each time this many bytes were allocated.
constexpr size_t kCheckEvery = 64 << 10;

void OnOutOfMemory(const char* location, const v8::OOMDetails&) { ExitProcess(EE_EXIT_HEAP, location); }
void OnFatal(const char* location, const char* message) { ExitProcess(EE_EXIT_FATAL, message ? message : location); }
void OnNewFailed() { ExitProcess(EE_EXIT_NATIVE_MEMORY, "operator new"); }

}  // namespace

void InstallFatalHandlers() { std::set_new_handler(OnNewFailed); }

void InstallFatalHandlers(v8::Isolate* isolate) {
  isolate->SetOOMErrorHandler(OnOutOfMemory);
  isolate->SetFatalErrorHandler(OnFatal);
}

bool BufferBudget::Take(size_t length) {
  refused_ = used_.fetch_add(length, std::memory_order_relaxed) + length > limit_;
  if (refused_) used_.fetch_sub(length, std::memory_order_relaxed);
  return !refused_;
}

void* BufferBudget::Allocate(size_t length) {
  if (!Take(length)) return nullptr;
  // The only allocation that may fail: then the run ends, and not the process.
  void* data = memory_reserve::TakeBack() ? TryAllocate(length) : nullptr;
  refused_ = data == nullptr;
  if (refused_) {
    used_.fetch_sub(length, std::memory_order_relaxed);
    // V8 needs some memory to throw the error.
    memory_reserve::Release();
  }
  if ((made_ += length) >= kCheckEvery) {
    made_ = 0;
    guard_->Measure();
  }
  return data;
}

void* BufferBudget::AllocateUninitialized(size_t length) {
  // Zeroed as well: memory of an earlier job in this process must not show through.
  return Allocate(length);
}

void BufferBudget::Free(void* data, size_t length) {
  DCHECK(length <= used());
  free(data);
  used_.fetch_sub(length, std::memory_order_relaxed);
}

void HeapGuard::Attach(Isolate* owner) {
  DCHECK(owner_ == nullptr);
  owner_ = owner;
  owner->isolate->AddNearHeapLimitCallback(NearLimit, this);
  owner->isolate->AddGCPrologueCallback(BeforeGc);
  owner->isolate->AddGCEpilogueCallback(AfterGc, v8::kGCTypeMarkSweepCompact);
}

size_t HeapGuard::Held() const {
  v8::HeapStatistics heap;
  owner_->isolate->GetHeapStatistics(&heap);
  return heap.used_heap_size() + owner_->buffers.used();
}

void HeapGuard::BeginJob() {
  at_begin_ = peak_ = Held();
  refusals_ = 0;
}

void HeapGuard::Measure() { peak_ = std::max(peak_, Held()); }

// V8 fills the pages of the young generation in the order of their addresses, one object behind the other. A number that is made now is the last object:
//
//   young generation   | objects of the job | 0.5 | empty, as at the checkpoint      |
//                                             ^ its address: behind it the job has written nothing
//
// The reset zeroes what lies before it, which is cheaper than giving the pages back (checkpoint::NoteLastWritten).
uintptr_t HeapGuard::YoungEnd() const {
  v8::Isolate::Scope entered(owner_->isolate);
  v8::HandleScope handles(owner_->isolate);
  return v8::internal::ValueHelper::ValueAsAddress(*v8::Number::New(owner_->isolate, 0.5));
}

void HeapGuard::BeforeGc(v8::Isolate* isolate, v8::GCType, v8::GCCallbackFlags) { Isolate::Of(isolate)->heap.Measure(); }

void HeapGuard::Limit(uint64_t memory) {
  owner_->memory_limit = memory;
  owner_->buffers.SetLimit(memory);
  // The young generation comes on top of the limit that can be changed.
  v8::Isolate* isolate = owner_->isolate;
  isolate->RemoveNearHeapLimitCallback(NearLimit, memory > young_ ? memory - young_ + base_ : base_ + 1);
  isolate->AddNearHeapLimitCallback(NearLimit, this);
}

size_t HeapGuard::NearLimit(void* self, size_t current, size_t) {
  auto* guard = static_cast<HeapGuard*>(self);
  // V8 also calls this when a buffer was refused and collecting garbage did not help. The script then gets a RangeError.
  if (guard->owner_->buffers.TakeRefused()) {
    if (++guard->refusals_ > kMaxRefusals) guard->owner_->Stop(StopReason::kMemory);
    return current;
  }
  if (guard->granted_) ExitProcess(EE_EXIT_HEAP_LIMIT, "heap limit");
  guard->granted_ = true;
  guard->owner_->Stop(StopReason::kMemory);
  return current + kHeadroom;
}

void HeapGuard::AfterGc(v8::Isolate* isolate, v8::GCType, v8::GCCallbackFlags) {
  // Heap and buffers share one limit. Each has its own guard, so only the sum is checked here.
  Isolate* owner = Isolate::Of(isolate);
  if (owner->buffers.used() == owner->buffers.base()) return;
  uint64_t roof = owner->memory_limit + owner->heap.base() + owner->buffers.base() + kHeadroom;
  if (owner->heap.Held() > roof) owner->Stop(StopReason::kMemory);
}
