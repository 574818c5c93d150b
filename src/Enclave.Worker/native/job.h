// One program in one isolate: compile, run, microtasks, tool answers, the value at the end.
#pragma once
#include "engine.h"
#include "messages.h"

namespace job {

// Runs a program until it ends or waits for tools. Called once for each job. seed: of Math.random.
Outcome Start(ee_isolate* owner, const ExecuteMessage& message, uint64_t seed);

// Goes on with a tool's answer: a value, or an error [name, message, code or nil].
Outcome Settle(ee_isolate* owner, const ToolResult& result);

// Compiles the text that the last run noted once more, and keeps the code for later runs. Called after a reset.
void KeepCode(ee_isolate* owner);

}  // namespace job
