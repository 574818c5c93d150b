#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct Isolate;

// Global names to remove from every later context. The list outlives all contexts.
void RemoveFromContexts(const std::vector<std::string>* globals);

// Creates an isolate with this heap limit and a fresh context. roof: the largest limit it may later be given (HeapGuard::Limit), 0 if it never changes.
Isolate* MakeIsolate(uint64_t memory_limit, uint64_t roof = 0);

// Replaces the isolate's context by a new one. Call inside the isolate.
void NewContext(Isolate* owner);
