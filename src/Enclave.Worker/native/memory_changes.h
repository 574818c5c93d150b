// What a run changed in the mappings of the process since the checkpoint, so that a reset undoes it. The checkpoint does not know who reports the changes:
//
//   mappings.cc (the C library's calls), parking.cc   report to   memory_changes.cc   which stands below   checkpoint.cc
#pragma once
#include <cstdint>

namespace memory_changes {

// Whether changes have to be reported: a checkpoint is taken, and no reset is under way.
bool AreTracked();

// In place of a protection: the content changes alone.
constexpr int kContent = -1;
// Memory in this range is about to get this protection, or to lose its content. Before the kernel is called.
void OnChange(uintptr_t begin, uintptr_t end, int protection);
// A mapping was made, in new memory or over memory of the checkpoint.
void OnMapped(uintptr_t begin, uintptr_t end, int protection);
// Unmaps new memory. Memory of the checkpoint stays mapped for the next job.
void Unmap(uintptr_t begin, uintptr_t end);

// Unmaps new mappings, and restores the protection of changed memory of the checkpoint. Changed extents are writable afterwards.
void Undo();

}  // namespace memory_changes
