// Programs of our own before the first job. V8 and the C library make much of what they need when it is first used: made before the checkpoint, no job
// makes it again, and a locked process need not.
#pragma once
#include "isolate.h"

namespace warm_up {

// Runs them in contexts that are thrown away.
void Run(ee_isolate* isolate);

// Runs two of them in the context of the jobs, with a reset after each, so that the pages most jobs write are known.
void Learn(ee_isolate* isolate);

// The same once: in a cell, so that its first job does not pay for the pages that every job writes.
void Rehearse(ee_isolate* isolate);

}  // namespace warm_up
