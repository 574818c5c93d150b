// What the runner and the clock know of one run.
#pragma once
#include <cmath>
#include <cstdint>

#include "protocol.g.h"

// The counts and decisions of one run. Renew gives every member its initial value again.
struct RunState {
  uint64_t iterations = 0, loop = 0;
  // The place at which the clock found the script, in the form of docs/protocol.md; 0 for none.
  uint64_t place = 0;
  volatile StopReason stop = StopReason::kNone;
  volatile bool terminating = false;
  uint32_t next_call_id = 1;
  // True if the input held a reference: only then is the output searched for one.
  bool has_references = false;
  uint32_t max_value_depth = 0, max_value_properties = 0;
  uint64_t max_value_bytes = 0, max_console_bytes = 0;
  // The state of Math.random for this run only.
  uint64_t random = 0;
  // The time that Date shows in a repeatable run.
  bool repeatable = false;
  double now = 0;
  // The secret of its random bytes, and the blocks that were taken.
  uint64_t secret[4] = {}, blocks = 0;
  // The time that Date showed when the run began, and the one that it shows when the first timer is due: infinite without one, negative for one that is
  // due at once.
  double origin = 0, wake = INFINITY;
  // In a repeatable run the host counts the time of timers: the last call to it that has no answer, or 0, and the time that it was asked for.
  uint32_t time_call = 0;
  double time_due = 0;
  // An answer came since the last timers were called. Without one the next answer, and with it the order of both, would depend on the machine.
  bool ticked = false;
};
