// Memory limits of one isolate: a counting allocator for array buffers, V8's near-heap-limit callback for the heap.
#pragma once
#include <v8.h>

#include <atomic>
#include <utility>

struct Isolate;
class HeapGuard;

// Refuses allocations above the limit, so that a huge buffer fails with a RangeError. V8's own heap limit does not count buffers.
class BufferBudget final : public v8::ArrayBuffer::Allocator {
 public:
  explicit BufferBudget(HeapGuard* guard) : guard_(guard) {}
  void SetLimit(size_t bytes) { limit_ = base_ + bytes; }
  // Memory of libraries does not count for the job.
  void SetBase(size_t bytes) { base_ = bytes; }
  size_t base() const { return base_; }
  size_t used() const { return used_.load(std::memory_order_relaxed); }
  // Whether an allocation was refused since the last call. V8 then asks for a larger heap because of that allocation, and not because the heap is full.
  bool TakeRefused() { return std::exchange(refused_, false); }
  void* Allocate(size_t length) override;
  void* AllocateUninitialized(size_t length) override;
  void Free(void* data, size_t length) override;

 private:
  bool Take(size_t length);

  HeapGuard* guard_;
  std::atomic<size_t> used_{0};
  size_t limit_ = 0, base_ = 0, made_ = 0;
  bool refused_ = false;
};

class HeapGuard {
 public:
  void Attach(Isolate* owner);
  // Sets the limit of the next job. A job can only lower it; the reset restores it.
  void Limit(uint64_t memory);

  // The most that heap and buffers held together since the job began, beyond what they held then. It is measured before each collection, when buffers are
  // made, and at the end: between these, what is held only grows.
  void BeginJob();
  void Measure();
  // Where the next object of the young generation would lie: the end of what the job has written there.
  uintptr_t YoungEnd() const;
  uint64_t peak() const { return peak_ > at_begin_ ? peak_ - at_begin_ : 0; }

  void SetYoung(size_t bytes) { young_ = bytes; }
  // Memory of libraries does not count for the job.
  void SetBase(size_t bytes) { base_ = bytes; }
  size_t base() const { return base_; }

 private:
  size_t Held() const;
  static size_t NearLimit(void* self, size_t current, size_t initial);
  static void BeforeGc(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags);
  static void AfterGc(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags);

  Isolate* owner_ = nullptr;
  size_t young_ = 0, base_ = 0, at_begin_ = 0, peak_ = 0;
  int refusals_ = 0;
  bool granted_ = false;
};

// Handlers for running out of memory: own exit codes, a line in the log, no core file.
void InstallFatalHandlers();
void InstallFatalHandlers(v8::Isolate* isolate);
// Allocates zeroed memory, or returns null. Every other failed allocation ends the process (allocation.cc).
void* TryAllocate(size_t length);
