// Isolates made ahead: while the worker is idle, a thread of its own disposes the used ones and makes the next, so that neither isolate nor context is
// on a job's path.
#include "pool.h"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "bridge.h"
#include "isolate.h"
#include "platform.h"

const ee_config* config;

namespace {

struct Pool {
  std::mutex lock;
  std::condition_variable work, rest;
  // Whether the maker has an isolate in its hands, or gives memory back.
  bool making = false;
  // Isolates that are in a job's hands.
  int taken = 0;
  std::deque<ee_isolate*> ready, used;
};

// Never destroyed: the maker outlives main.
Pool& pool = *new Pool;
ee_config settings;
// Above this many, whoever drops an isolate disposes it: garbage must not pile up while the maker waits for a core.
constexpr size_t kMaxUsed = 2;
constexpr std::chrono::microseconds kPause(200);
// A worker without work for so long is idle, and gives back what its allocator holds free.
constexpr std::chrono::milliseconds kIdle(500);
constexpr uint64_t kPage = 1 << 20;
constexpr int kNice = 10;

void RemoveGlobals(v8::Isolate* isolate, v8::Local<v8::Context> context) {
  for (const char* at = settings.removed_globals; at != nullptr && *at != '\0';) {
    size_t length = strcspn(at, "\n");
    v8::Local<v8::String> name = v8::String::NewFromUtf8(isolate, at, v8::NewStringType::kInternalized, int(length)).ToLocalChecked();
    (void)context->Global()->Delete(context, name).FromMaybe(false);
    at += length + (at[length] == '\n');
  }
}

void Dispose(ee_isolate* owner) {
  owner->pending.clear();
  owner->rejected.clear();
  owner->main.Reset();
  owner->counter.Reset();
  owner->guard.Reset();
  owner->context.Reset();
  v8::platform::NotifyIsolateShutdown(platform, owner->isolate);
  owner->isolate->Dispose();
  delete owner;
}

ee_isolate* Make(uint64_t memory_limit) {
  auto* owner = new ee_isolate;
  owner->memory_limit = memory_limit;
  owner->buffers.SetLimit(memory_limit);
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = &owner->buffers;
  params.external_references = external_references;
  params.snapshot_blob = snapshot;
  params.allow_atomics_wait = false;
  // In whole pages: V8 derives the code range from it and aborts on a crooked one.
  params.constraints.ConfigureDefaultsFromHeapSize(0, (memory_limit + kPage - 1) / kPage * kPage);
  v8::Isolate* isolate = v8::Isolate::New(params);
  owner->isolate = isolate;
  isolate->SetData(0, owner);
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  isolate->SetPromiseRejectCallback(OnPromiseReject);
  isolate->SetAllowWasmCodeGenerationCallback([](v8::Local<v8::Context>, v8::Local<v8::String>) { return false; });
  InstallFatalHandlers(isolate);
  // Without it an error carries its stack as text only, and that text belongs to the script.
  isolate->SetCaptureStackTraceForUncaughtExceptions(true, 10, v8::StackTrace::kOverview);
  owner->heap.Attach(owner);
  v8::Isolate::Scope entered(isolate);
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  context->AllowCodeGenerationFromStrings(false);
  owner->context.Reset(isolate, context);
  owner->guard.Reset(isolate, context->GetDataFromSnapshotOnce<v8::Array>(kGuardData).ToLocalChecked());
  v8::Context::Scope scope(context);
  RemoveGlobals(isolate, context);
  return owner;
}

// While a job runs, making would take a core, the allocator and the process's page tables from it; with no isolate left the next job would wait for one.
bool MayMake() { return pool.ready.size() < size_t(settings.prewarm) && (pool.taken == 0 || pool.ready.empty()); }

// What a job has left is disposed during the next one too: that may be long, and its memory is counted with it.
bool HasWork() { return !pool.used.empty() || MayMake(); }

bool Rests() { return !pool.making && pool.used.empty() && pool.ready.size() >= size_t(settings.prewarm); }

// The maker's work at this moment, without the lock.
template <typename Work>
void Do(std::unique_lock<std::mutex>& hold, Work work) {
  pool.making = true;
  hold.unlock();
  work();
  hold.lock();
  pool.making = false;
  if (Rests()) pool.rest.notify_all();
}

void MakerLoop() {
  // Batch class: a maker that wakes up does not push aside the thread that just answered the host. And less weight than jobs, this worker's and others'.
  sched_param param{};
  sched_setscheduler(0, SCHED_BATCH, &param);
  setpriority(PRIO_PROCESS, gettid(), kNice);
  std::unique_lock hold(pool.lock);
  for (;;) {
    if (!pool.work.wait_for(hold, kIdle, HasWork)) {
      if (pool.taken == 0) Do(hold, [] { malloc_trim(0); });
      pool.work.wait(hold, HasWork);
    }
    // The host's threads have just been woken by the result; while an isolate is left, they come first.
    if (!pool.ready.empty()) pool.work.wait_for(hold, kPause, [] { return pool.ready.empty(); });
    if (!HasWork()) continue;
    // One to have ready comes first: the next job may be there already.
    if (!pool.used.empty() && !pool.ready.empty()) {
      ee_isolate* used = pool.used.front();
      pool.used.pop_front();
      Do(hold, [used] { Dispose(used); });
    } else {
      Do(hold, [] {
        ee_isolate* made = Make(settings.heap_limit);
        std::lock_guard added(pool.lock);
        pool.ready.push_back(made);
      });
    }
  }
}

}  // namespace

std::unique_lock<std::mutex> HoldIdlePool() {
  std::unique_lock hold(pool.lock);
  pool.rest.wait(hold, Rests);
  return hold;
}

EE_EXPORT int32_t ee_start(const ee_config* given) {
  settings = *given;
  config = &settings;
  SetClockStep(settings.clock_step);
  if (int failed = WaitForV8()) return failed;
  if (settings.prewarm > 0) {
    // The first at once, for the warm-up; the others beside it.
    pool.ready.push_back(Make(settings.heap_limit));
    std::thread(MakerLoop).detach();
  }
  return 0;
}

EE_EXPORT ee_isolate* ee_take(uint64_t memory_limit) {
  std::unique_lock hold(pool.lock);
  pool.taken++;
  if (memory_limit == settings.heap_limit && !pool.ready.empty()) {
    ee_isolate* owner = pool.ready.front();
    pool.ready.pop_front();
    bool last = pool.ready.empty();
    hold.unlock();
    if (last) pool.work.notify_one();
    return owner;
  }
  hold.unlock();
  return Make(memory_limit);
}

EE_EXPORT void ee_drop(ee_isolate* owner) {
  bool kept = false;
  {
    std::lock_guard hold(pool.lock);
    pool.taken--;
    kept = settings.prewarm > 0 && pool.used.size() < kMaxUsed;
    if (kept) pool.used.push_back(owner);
  }
  pool.work.notify_one();
  if (!kept) Dispose(owner);
}

EE_EXPORT int32_t ee_ready(void) {
  std::lock_guard hold(pool.lock);
  return int32_t(pool.ready.size());
}
