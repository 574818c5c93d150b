// Gives up rights of a worker: some at its start, more when it is warm, the rest in each cell before its first job.
#pragma once
#include <sys/types.h>

#include <cstdint>

#include "messages.h"

// Whether the worker will still change its user, and needs capabilities until then.
enum class User { kStays, kLeaves };

// Called once, first: drops the capabilities that no later step needs, sets no_new_privs, and ties the process to its parent.
bool PrepareLock(pid_t parent, User user);

// When the machine is out of memory, the kernel ends this process and its cells before the host. proc: a descriptor of /proc, if there is one.
void EndFirst(int proc);

// Confines files, TCP and signals with Landlock, for this thread and all its later threads. True when it is in force, or was not requested.
bool ConfineFiles(const char* snapshot);

// Gives up the rights that neither a nursery nor its cells need. Returns the layers in force as bits of LockLayers; failures are in the log.
uint32_t LockNursery(const LockPlan& plan);

// Bounds the memory that this process maps to what it had when it was locked, a run's limit, and what V8 itself needs. The kernel enforces the bound, because
// nothing else sees a single allocation before it is used. Another run may have a higher bound, up to that of the worker.
void BoundRun(uint64_t memory);

// Gives up the rights that jobs do not need. nursery: the parent whose death ends this process; 0 if it made itself a cell. held: the result of LockNursery.
uint32_t LockCell(const LockPlan& plan, pid_t nursery, uint32_t held);

// Adds the last layer, without writing to memory of a checkpoint: EE_LAYER_SECCOMP, or 0.
uint32_t FilterCalls(const LockPlan& plan);

// The kernel's Landlock ABI version; 0 for none.
int LandlockVersion();
