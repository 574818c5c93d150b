// The operator's libraries: evaluated once, before the checkpoint, they are frozen globals in every job (docs/libraries.md).
#pragma once
#include "isolate.h"
#include "messages.h"

namespace libraries {

// Reads the source texts that follow the hello. Call before the book is open.
void Receive(const LibraryPlan& plan);

// Evaluates them in the isolate's own context. If one fails, the host receives the error and the process ends.
void Load(Isolate* isolate, const LibraryPlan& plan);

}  // namespace libraries
