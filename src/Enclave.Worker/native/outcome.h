#pragma once
#include <cstdint>

#include "protocol.g.h"
#include "slice.h"

// The result of a step into a script.
struct Outcome {
  RunStatus status = RunStatus::kPending;
  StopReason reason = StopReason::kNone;
  Slice body;               // with kValue the value, with kError [kind, name, message, stack or nil]
  uint64_t iterations = 0;  // counted so far, once the run has ended by itself or at their limit
  uint64_t where = 0;       // where it stopped, by its reason (docs/protocol.md)
};
