// Runs one job, from its execute frame to its result frame.
#pragma once
#include "isolate.h"
#include "messages.h"

namespace runner {

// Room in the book.
void Open();

// isolate: what jobs with its memory limit run in; a job with another limit gets one of its own, which the reset takes away.
// False when the run met a limit, or left what no reset takes away: the process is then not to be used again, and the host knows.
bool Run(ee_isolate* isolate, const ExecuteMessage& job);

}  // namespace runner
