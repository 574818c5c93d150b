// Memory kept back for the end of a run: it counts as data of the process (RLIMIT_DATA), and is released when nothing else is left.
#pragma once

namespace memory_reserve {

// Maps it, for the checkpoint's pages: as much as they need to become writable, and what V8 needs to end a run. False if there is no room.
bool Map();

// Releases it, so that a run can end although no other memory is left.
void Release();

// Keeps it back again. False while there is too little memory for it.
bool TakeBack();

}  // namespace memory_reserve
