// Restores the process to one moment, byte for byte, so that every job starts in the same state. Docs: docs/adr, "A worker is reset between jobs".
//
// After the checkpoint all writable memory is write-protected. The first write to a page raises a fault; the handler notes the page and allows the write.
// A reset copies the noted pages back. Pages that most jobs write stay writable and are always copied. Memory that V8 mapped since is unmapped.
// Memory of the book (book.h) is not restored.
#pragma once
#include <cstddef>
#include <cstdint>

#include "reset_form.h"

namespace checkpoint {

// Opens the /proc files with the process's own mappings. Once the frames have their
// descriptors, moves them to 5 and 6 and closes all others. Take closes both.
bool OpenMaps();
bool MoveMaps();

// Bytes of the book that the bookkeeping needs.
size_t BookBytes();
void Prepare(Form form);

// Takes the checkpoint, once. False, with the reason in the log, if the memory map is not as expected.
// last: the last object of the young generation. The pages behind it are a gap, however few they are: every job writes there.
bool Take(uintptr_t last);

// Whether the kernel refuses changes of all memory that no job changes: code and constants of files, the kernel's page, the copy, the place of the stack.
bool IsSealed();

// Whether a reset can restore the checkpoint. False after a change that cannot be undone; the process then has to be replaced.
bool CanReset();
void Reset();
// True if memory is as it was at the checkpoint. It looks at every page: for checked assertions.
bool IsUnchanged();
// Tells where the job has written last in memory that was empty at the checkpoint. The reset zeroes the pages up to there instead of giving them back:
// a page that is given back costs the next job a fault. Only speed depends on the address.
void NoteLastWritten(uintptr_t address);

// Gives memory back that a waiting run does not use: the stack below it, and empty pages among those that every job writes. The reset takes it again.
void GiveBackUnused();

}  // namespace checkpoint
