#pragma once
#include "protocol.g.h"

// Ends the process, with a line in the log. Allocates nothing.
[[noreturn]] void ExitProcess(WorkerExit code, const char* what);
// Names the current activity, for the log if the process ends during it; null for none.
void SetActivity(const char* name);
