// Takes the process back to one moment, byte for byte: the state in which every job finds it. Docs: docs/adr, "A worker is reset between jobs".
//
// After the checkpoint all writable memory is write-protected. The first write to a page comes to a handler, which notes the page and lets the write pass.
// A reset copies the noted pages back. Pages that most jobs write stay writable and are always copied. Memory that V8 maps meanwhile is unmapped.
// What lies in the book (book.h) is not part of it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace checkpoint {

enum class Form {
  kTracked,  // written pages are known by write protection
  kCopied,   // every page is copied each time: slower, and the oracle of the tests
};

// Opens what tells of the own mappings; then, once the frames have their places, moves it to descriptors 5 and 6 and closes all others. Take closes both.
bool OpenMaps();
bool MoveMaps();

// Room that the bookkeeping takes in the book.
size_t BookBytes();
void Prepare(Form form);

// The moment to come back to. From here on nothing may be written before Start that is to survive: false, with the reason on the log, if memory is not as expected.
bool Take();

// Whether a reset leads back to the checkpoint. Not after changes that cannot be taken back; the process then has to be replaced.
bool CanReset();
void Reset();

// Memory that was kept back is there for whoever asks, so that a run can end where there is no other. Take: false while there is not enough to keep it back.
void GiveReserve();
bool TakeReserve();

// Told by the calls that change mappings (mappings.cc), in front of the kernel.
bool IsTaken();
// Memory of the checkpoint between these changes its protection or content at once. What is new there is none of its business.
void OnChange(uintptr_t begin, uintptr_t end);
// A mapping that was made lies in memory that is new, or in the place of what was there.
void OnMapped(uintptr_t begin, uintptr_t end);
// Unmaps what is new; memory of the checkpoint stays, for the next job.
void Unmap(uintptr_t begin, uintptr_t end);

}  // namespace checkpoint
