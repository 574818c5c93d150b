// Tracks the pages of the checkpoint that were written since, and restores their content.
#pragma once
#include <cstdint>

namespace written_pages {

// The handler of write faults. Before Protect.
bool Install();

// Starts noting the first write to each page.
void Protect();

// From here on no page becomes one that stays writable.
void EndLearning();

// The next reset writes no page that is unchanged: a new cell shares the pages of the nursery, and the kernel copies a page for its first write, which
// costs more than to compare it. Only for the reset before the first job. A later one would leave pages shared that no job wrote, and so reveal to the next job
// which pages were written.
void Spare();

// Gives a cell its own copy of each page that stays writable. The kernel shares them with the nursery until they are written.
void OwnHot();

// Gives back pages that stay writable and hold zeros, and held them at the checkpoint.
void GiveBackEmpty();

// Makes everything writable until the next reset, which then copies all of it.
void Unprotect();

// Calls visit for each page that may have been written, with its content at the checkpoint, null for zeros, until it returns false. Returns what it returned.
using Visit = bool (*)(void* to, uintptr_t page, const uint8_t* before);
bool EachWritten(Visit visit, void* to);

// Copies the written pages back and starts noting again.
void Restore();

}  // namespace written_pages
