// The operator's programs: evaluated once, before the checkpoint, they stand ready as frozen globals in every job (docs/libraries.md).
#pragma once
#include "isolate.h"
#include "messages.h"

namespace libraries {

// Takes the texts that follow the hello. Before the book is open.
void Receive(const LibraryPlan& plan);

// Evaluates them in the isolate's own context. The host is told of the first that cannot be, and the process ends.
void Load(ee_isolate* isolate, const LibraryPlan& plan);

}  // namespace libraries
