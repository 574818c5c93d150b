// One program in one isolate: compile, run, microtasks, tool answers, the value at the end.
#pragma once
#include "messages.h"
#include "outcome.h"

struct Isolate;

namespace job {

// Runs a program until it ends or waits for tools and timers. Called once for each job. seed: of Math.random.
Outcome Start(Isolate* owner, const ExecuteMessage& message, uint64_t seed);

// Continues the script with a tool's answer: a value, or an error [name, message, code or nil].
Outcome Settle(Isolate* owner, const ToolResult& result);

// Calls the timers that are due, and runs the work that they cause.
Outcome Fire(Isolate* owner);

// Compiles the text that the last run noted once more, and keeps the code for later runs. Called after a reset.
void KeepCode(Isolate* owner);

}  // namespace job
