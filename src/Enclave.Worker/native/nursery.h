// The process that forks the cells. It stays at its checkpoint, receives no script and no value, and
// obeys two orders: "a cell, with these pipes" and "a branch, with this socket" (docs/protocol.md, "The nursery").
#pragma once
#include <sys/types.h>

#include "protocol.g.h"

namespace nursery {

// A process started without a control socket makes itself the only cell.
bool HasControl();

// kShown: the host may open the /proc files of a cell until LockCell. It needs that where /proc hides processes (hidepid) that are not dumpable.
enum class Cells { kClosed, kShown };

// Call before the checkpoint: the end of a cell shall wake the loop.
void Prepare(Cells cells);

// Obeys orders and never returns in the nursery and its branches. In each cell it returns its parent's id, with the descriptors in place.
pid_t Serve();

}  // namespace nursery
