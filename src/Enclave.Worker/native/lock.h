// Rights that a worker gives up: the first half at its start, the second when it is warm, the third in each cell before its first job.
#pragma once
#include <sys/types.h>

#include <cstdint>

#include "messages.h"

// Whether the worker still becomes another user, and needs capabilities for it until then.
enum class User { kStays, kLeaves };

// Called once, first: capabilities that no later step needs, no_new_privs, the parent that must live.
bool PrepareLock(pid_t parent, User user);

// Confines files, TCP and signals with Landlock, for this thread and all that it will start. True when it holds, or when it was not asked for.
bool ConfineFiles(const char* snapshot);

// Gives up what neither a nursery nor its cells need. The layers that hold then, as bits of ee_layer; failures are on the log.
uint32_t LockNursery(const LockPlan& plan);

// Gives up what jobs do not need. nursery: the parent, which it dies with; 0 in a process that made itself a cell. held: the answer of LockNursery.
uint32_t LockCell(const LockPlan& plan, pid_t nursery, uint32_t held);

// The last layer, in no memory that a checkpoint holds: EE_LAYER_SECCOMP, or 0.
uint32_t FilterCalls(const LockPlan& plan);

// The Landlock ABI in force; 0 for none.
int LandlockVersion();
