#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct Isolate;

// Global names to remove from every later context. The list outlives all contexts.
void RemoveFromContexts(const std::vector<std::string>* globals);

// Creates the isolate and a fresh context. usual: the limit of most runs, for which V8 chooses its sizes. largest: the largest one that a run may be given
// (HeapGuard::Limit), with what libraries keep.
Isolate* MakeIsolate(uint64_t usual, uint64_t largest);

// Replaces the isolate's context by a new one. Call inside the isolate.
void NewContext(Isolate* owner);
