#pragma once
#include <v8-platform.h>

// V8's page allocator, with everything that changes after the checkpoint told to it.
v8::PageAllocator* TrackedPages(v8::PageAllocator* inner);
