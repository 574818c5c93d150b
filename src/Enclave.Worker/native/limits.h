// What one isolate may hold: array buffers by a counting allocator, the heap by V8's near-heap-limit callback.
#pragma once
#include <v8.h>

#include <atomic>
#include <utility>

struct ee_isolate;
class HeapGuard;

// Refuses above the limit, so that a buffer bomb meets a RangeError; V8's own heap limit does not see buffers.
class BufferBudget final : public v8::ArrayBuffer::Allocator {
 public:
  explicit BufferBudget(HeapGuard* guard) : guard_(guard) {}
  void SetLimit(size_t bytes) { limit_ = base_ + bytes; }
  // What libraries hold is not the job's.
  void SetBase(size_t bytes) { base_ = bytes; }
  size_t base() const { return base_; }
  size_t used() const { return used_.load(std::memory_order_relaxed); }
  // Whether an allocation was refused since the last time this was asked: V8's call for a larger heap is then about it and not about the heap.
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
  // Whether each job gets its own limit in the same isolate, as libraries need it, which no other isolate has; or an isolate with it.
  enum class Limits { kStay, kMove };

  void Attach(ee_isolate* owner, Limits limits);
  bool CanMove() const { return limits_ == Limits::kMove; }
  // From here on a job may hold this much. It only ever goes down: the reset brings it back up.
  void Limit(uint64_t memory);

  // The most that heap and buffers held together since the job began, beyond what they held then. It is looked at before each collection, when buffers are
  // made, and at the end: between these, what is held only grows.
  void BeginJob();
  void Look();
  uint64_t peak() const { return peak_ > at_begin_ ? peak_ - at_begin_ : 0; }

  void SetYoung(size_t bytes) { young_ = bytes; }
  // What libraries hold is not the job's.
  void SetBase(size_t bytes) { base_ = bytes; }
  size_t base() const { return base_; }

 private:
  size_t Held() const;
  static size_t NearLimit(void* self, size_t current, size_t initial);
  static void BeforeGc(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags);
  static void AfterGc(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags);

  ee_isolate* owner_ = nullptr;
  Limits limits_ = Limits::kStay;
  size_t young_ = 0, base_ = 0, at_begin_ = 0, peak_ = 0;
  bool granted_ = false;
};

// The process's answers to running out of memory: own exit codes, a line on the log, no core.
void InstallFatalHandlers();
void InstallFatalHandlers(v8::Isolate* isolate);
[[noreturn]] void Leave(int exit_code, const char* what);
// What the process is at, for the log if it leaves meanwhile; null for nothing that needs a name.
void SetActivity(const char* name);
// Zeroed memory, or null: every other allocation ends the process where there is none (allocation.cc).
void* TryAllocate(size_t length);
