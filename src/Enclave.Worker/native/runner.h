// Runs one job, from its execute frame to its result frame.
#pragma once
#include "isolate.h"
#include "messages.h"

namespace runner {

// Reserves memory in the book.
void Open();

// isolate: used by jobs with its memory limit. A job with another limit gets its own isolate, which the reset removes.
// False when the run reached a limit or made a change that a reset cannot undo. The process must not be used again; the host knows it from the result.
bool Run(ee_isolate* isolate, const ExecuteMessage& job);

}  // namespace runner
