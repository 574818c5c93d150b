#include "platform.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "code_pages.h"
#include "random.h"

v8::Platform* platform;

namespace {

// Longer than any run of a worker.
constexpr double kLongestWait = 1e12;

std::atomic<int> step{1};

// The secret of this run's clock: where its steps are. No script sees a number that it was made of.
uint64_t clock_seed;

// 0 to 1, for one step of the clock.
double DelayOf(double index) { return RandomOf(clock_seed + uint64_t(int64_t(index)) * kRandomStep); }

double StepSize() { return step.load(std::memory_order_relaxed); }

// The time of the repeatable run that this thread is in.
thread_local const double* own_time = nullptr;

class SteppedPlatform final : public v8::Platform {
 public:
  explicit SteppedPlatform(v8::Platform* inner) : inner_(inner), pages_(code_pages::Around(inner->GetPageAllocator())) {}
  v8::PageAllocator* GetPageAllocator() override { return pages_; }
  // Without it V8 takes no protection key for machine code: a reset writes those pages too, and the key would forbid that.
  v8::ThreadIsolatedAllocator* GetThreadIsolatedAllocator() override { return nullptr; }
  void OnCriticalMemoryPressure() override { inner_->OnCriticalMemoryPressure(); }
  int NumberOfWorkerThreads() override { return inner_->NumberOfWorkerThreads(); }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate, v8::TaskPriority priority) override {
    return inner_->GetForegroundTaskRunner(isolate, priority);
  }
  bool IdleTasksEnabled(v8::Isolate* isolate) override { return inner_->IdleTasksEnabled(isolate); }
  std::unique_ptr<v8::ScopedBoostablePriority> CreateBoostablePriorityScope() override { return inner_->CreateBoostablePriorityScope(); }
  std::unique_ptr<v8::ScopedBlockingCall> CreateBlockingScope(v8::BlockingType type) override { return inner_->CreateBlockingScope(type); }
  double MonotonicallyIncreasingTime() override { return inner_->MonotonicallyIncreasingTime(); }
  int64_t CurrentClockTimeMilliseconds() override { return int64_t(CurrentClockTimeMillis()); }
  double CurrentClockTimeMillis() override {
    if (own_time != nullptr) return ShownOf(*own_time);
    double size = StepSize();
    double steps = inner_->CurrentClockTimeMillis() / size, whole = std::floor(steps);
    // A coarse clock makes each step late, by a part of a step that differs from step to step: from one step to the next a script could count its work.
    if (size > 1 && steps - whole < DelayOf(whole)) whole--;
    return whole * size;
  }
  // The clock that Temporal reads, with the resolution of Date.
  double CurrentClockTimeMillisecondsHighResolution() override { return CurrentClockTimeMillis(); }
  StackTracePrinter GetStackTracePrinter() override { return inner_->GetStackTracePrinter(); }
  v8::TracingController* GetTracingController() override { return inner_->GetTracingController(); }
  void DumpWithoutCrashing() override { inner_->DumpWithoutCrashing(); }

 protected:
  std::unique_ptr<v8::JobHandle> CreateJobImpl(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> task, const v8::SourceLocation& location) override {
    return inner_->CreateJob(priority, std::move(task), location);
  }
  void PostTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task, const v8::SourceLocation& location) override {
    inner_->PostTaskOnWorkerThread(priority, std::move(task), location);
  }
  void PostDelayedTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task, double delay, const v8::SourceLocation& location) override {
    inner_->PostDelayedTaskOnWorkerThread(priority, std::move(task), delay, location);
  }

 private:
  v8::Platform* inner_;
  v8::PageAllocator* pages_;
};

SteppedPlatform* stepped;

}  // namespace

v8::Platform* MakePlatform() {
  // Only the script's thread: a reset restores memory, but not the registers and stack of another thread.
  platform = v8::platform::NewSingleThreadedDefaultPlatform().release();
  return stepped = new SteppedPlatform(platform);
}

void SetClockStep(int milliseconds) { step.store(milliseconds > 0 ? milliseconds : 1, std::memory_order_relaxed); }

bool HasCoarseClock() { return step.load(std::memory_order_relaxed) > 1; }

void SeedClock(uint64_t seed) { clock_seed = seed; }

double ShownTime() { return stepped->CurrentClockTimeMillis(); }

double ShownOf(double milliseconds) { return std::floor(milliseconds / StepSize()) * StepSize(); }

double StepAt(double milliseconds) { return std::ceil(milliseconds / StepSize()) * StepSize(); }

int64_t MicrosecondsUntil(double shown) {
  double size = StepSize(), index = std::ceil(shown / size);
  if (size > 1) index += DelayOf(index);
  double left = index * size - platform->CurrentClockTimeMillis();
  return left > 0 ? int64_t(std::min(left, kLongestWait) * 1000) + 1 : 0;
}

OwnTime::OwnTime(const double* milliseconds) { own_time = milliseconds; }

OwnTime::~OwnTime() { own_time = nullptr; }
