// The clock of a run: while a script keeps running, a signal checks its wall time, CPU time, cancels and waiting console lines. A
// short script ends before the first signal: it costs only setting and clearing a timer around each step.
#pragma once
#include <cstdint>

#include "isolate.h"
#include "messages.h"

namespace run_clock {

// Reserves memory in the book and installs the signal handler.
void Open();

// cpu_used: before, in other workers.
void Begin(uint64_t job_id, int64_t deadline, int64_t cpu_limit, int64_t cpu_used = 0);
// The host has paused or resumed the clock of this job.
void UpdateDeadline(const Deadline& deadline);
int64_t WallDeadline();
// CPU time of the run in microseconds: the script, and the worker's own work for it, such as reading and writing its values.
int64_t CpuUsed();
// Asked between the steps of a run: the timer checks only a step that lasts longer than its first delay.
bool CpuIsSpent();

// Exists while script code runs.
class Watch {
 public:
  explicit Watch(Isolate* running);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
};

}  // namespace run_clock
