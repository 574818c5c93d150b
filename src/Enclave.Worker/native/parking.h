// A waiting run leaves its process: the memory that it has changed since the checkpoint goes to the host. Any worker of the same nursery can continue the run,
// since all have the same memory at their checkpoint (docs/adr/0035-a-waiting-run-leaves-its-worker.md).
#pragma once
#include <cstddef>
#include <cstdint>

#include "slice.h"

namespace parking {

// Writes what differs from the checkpoint, except the stack and the book. Only while no code of V8 is on the stack. 0 if the room is too small, or if the
// differences cannot be known. The run's memory is not changed. room: in the book.
size_t Save(uint8_t* room, size_t capacity);

// Makes the memory of this process, which is at its checkpoint, what Save wrote. Ends the process if it comes from another nursery, or names memory that is not
// a run's.
void Load(Slice saved);

}  // namespace parking
