// Runs one job, from its execute frame to its result frame, or until it leaves this worker while it waits.
#pragma once
#include "isolate.h"
#include "messages.h"

namespace runner {

// The call for the time of timers, which the host answers itself. Only the worker makes it.
constexpr char kTimerCall[] = "enclave:timer";

// Reserves memory in the book.
void Open();

// isolate: used by jobs with its memory limit. A job with another limit gets its own isolate, which the reset removes.
// False when the run reached a limit or made a change that a reset cannot undo. The process must not be used again; the host knows it from the result.
bool Run(Isolate* isolate, const ExecuteMessage& job);

// Continues a run that left another worker. Returns as Run does, and true also when the run leaves this worker.
bool GoOn(Isolate* isolate, const Unpark& unpark);

// Effects of the running script. Any reason but StopReason::kNone ends the run, and the script cannot catch it.
// whole_length: of the text in UTF-16, of which only a part may be given.
StopReason OnToolCall(uint32_t call_id, Slice name, Slice args);
StopReason OnConsole(int32_t level, Slice text, uint64_t whole_length);

}  // namespace runner
