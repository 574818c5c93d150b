#pragma once

struct Isolate;

// Restores the memory that the last run has written, and keeps the compiled code that it noted. Until the next run, nothing may be written that a reset
// restores (kernel.h).
void Restore(Isolate* isolate);
