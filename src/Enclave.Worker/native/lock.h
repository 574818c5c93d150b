// What a worker gives up. The first half before any thread exists, the rest after warm-up and before the first job.
#pragma once
#include <sys/types.h>

// The timer of C#'s watchdog: made here so that its number is known to the system call filter.
constexpr int kTimerDescriptor = 5;

// Whether the worker still becomes another user, and needs capabilities for it until then.
enum class User { kStays, kLeaves };

// Called once, by the first thread: capabilities that no later step needs, no_new_privs, the parent that must live.
bool PrepareLock(pid_t parent, User user);

// Confines files, TCP and signals with Landlock, for this thread and all that it will start. True when it holds, or when it was not asked for.
bool ConfineFiles(const char* framework, const char* worker, const char* snapshot);

// The Landlock ABI in force; 0 for none.
int LandlockVersion();
