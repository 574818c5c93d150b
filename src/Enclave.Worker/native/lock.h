// What a worker gives up. The first half before any thread exists, the rest after warm-up and before the first job.
#pragma once
#include <sys/types.h>

#include <cstdint>

#include "messages.h"

// Whether the worker still becomes another user, and needs capabilities for it until then.
enum class User { kStays, kLeaves };

// Called once, by the first thread: capabilities that no later step needs, no_new_privs, the parent that must live.
bool PrepareLock(pid_t parent, User user);

// Confines files, TCP and signals with Landlock, for this thread and all that it will start. True when it holds, or when it was not asked for.
bool ConfineFiles(const char* snapshot);

// Gives up what jobs do not need. The layers that hold then, as bits of ee_layer; what failed is on the log.
uint32_t Lock(const LockPlan& plan);

// The last layer, in no memory that a checkpoint holds: EE_LAYER_SECCOMP, or 0.
uint32_t FilterCalls(const LockPlan& plan);

// The Landlock ABI in force; 0 for none.
int LandlockVersion();
