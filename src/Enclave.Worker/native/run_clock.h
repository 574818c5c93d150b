// The clock of a run: while a script keeps running, a signal checks its wall time, CPU time, cancels and waiting console lines. A
// short script ends before the first signal: it costs only setting and clearing a timer around each step.
#pragma once
#include <cstdint>

#include "isolate.h"
#include "messages.h"

// Monotonic microseconds.
int64_t Now();

namespace run_clock {

// Reserves memory in the book and installs the signal handler.
void Open();

void Begin(uint64_t job_id, int64_t deadline, int64_t cpu_limit);
// The host has paused or resumed the clock of this job.
void UpdateDeadline(const Deadline& deadline);
int64_t WallDeadline();
// CPU time of the job's script in microseconds.
int64_t CpuUsed();

// Exists while script code runs.
class Watch {
 public:
  explicit Watch(ee_isolate* running);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
};

}  // namespace run_clock
