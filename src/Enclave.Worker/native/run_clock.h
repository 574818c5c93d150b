// The clock of a run: a signal looks at a script that runs on, at its wall time, its CPU time, cancels, and console lines that wait.
// A short script never meets it: setting and unsetting a timer around each step is all it costs.
#pragma once
#include <cstdint>

#include "isolate.h"
#include "messages.h"

// Monotonic microseconds.
int64_t Now();

namespace run_clock {

// Room in the book, and the handler of the signal.
void Open();

void Begin(uint64_t job_id, int64_t deadline, int64_t cpu_limit);
// The host has stopped this job's clock, or set it going again.
void Heed(const Deadline& deadline);
int64_t WallDeadline();
// CPU that the job's script has used, in microseconds.
int64_t CpuUsed();

// While it lives, script code runs.
class Watch {
 public:
  explicit Watch(ee_isolate* running);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
};

}  // namespace run_clock
