#pragma once
#include <v8.h>

#include <mutex>

// main.cc: V8 starts on the process's first thread, beside the runtime. 0 when it is up, else an ee_exit.
int WaitForV8();
extern const v8::StartupData* snapshot;

// Waits until no isolate is made or disposed, and keeps it so.
std::unique_lock<std::mutex> HoldIdlePool();
