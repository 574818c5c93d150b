// The process that cells are forked from. It stands at its checkpoint, sees no script and no value, and obeys one order: "a cell, with these descriptors"
// (docs/protocol.md, "The nursery").
#pragma once
#include <sys/types.h>

namespace nursery {

// The control socket. A process that was started without one makes itself the only cell.
constexpr int kControl = 7;

bool HasControl();

// Before the checkpoint: the ends of cells are to wake the loop.
void Prepare();

// Obeys orders for ever. Returns in each cell, with its descriptors in their places: the nursery's id.
pid_t Serve();

}  // namespace nursery
