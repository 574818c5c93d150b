// The process that forks the cells. It stays at its checkpoint, receives no script and no value, and
// obeys one order: "a cell, with these descriptors" (docs/protocol.md, "The nursery").
#pragma once
#include <sys/types.h>

#include "protocol.g.h"

namespace nursery {

// A process started without a control socket makes itself the only cell.
bool HasControl();

// Call before the checkpoint: the end of a cell shall wake the loop.
void Prepare();

// Obeys orders and never returns in the nursery. In each cell it returns the id of the nursery, with the descriptors in place.
pid_t Serve();

}  // namespace nursery
