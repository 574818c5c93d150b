// Which pages of the checkpoint were written since, and how they get their content back.
#pragma once

namespace written_pages {

// The handler of write faults. Before Protect.
bool Install();

// From here on the first write to a page is noted.
void Protect();

// Everything is writable until the next reset, which copies all of it.
void Unprotect();

// Copies back what was written, and notes anew.
void Restore();

}  // namespace written_pages
