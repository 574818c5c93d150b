// Runs own programs before the first job. V8 and the C library create much of their state on first use: created before
// the checkpoint, it is not created again by each job, and a locked process does not have to.
#pragma once
#include "isolate.h"

namespace warm_up {

// Makes the tables of the process in this isolate, and disposes of it. In the isolate that serves jobs, its allocations would take the memory of each job's
// objects.
void MakeTables(Isolate* isolate);

// Runs the warm-up programs in contexts that are then discarded.
void Run(Isolate* isolate);

// Runs two of the programs in the context of the jobs, with a reset after each, to learn the pages that most jobs write.
void Learn(Isolate* isolate);

// Runs one of the programs in a cell, so that the first job there does not pay for the pages that every job writes.
void Rehearse(Isolate* isolate);

}  // namespace warm_up
