#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct ee_isolate;

// Names that no context has from here on. The list outlives all of them.
void RemoveFromContexts(const std::vector<std::string>* globals);

// An isolate that never ran anything, with this heap limit and a context. roof: what its limit may be lowered from later (HeapGuard::Limit), 0 for never.
ee_isolate* MakeIsolate(uint64_t memory_limit, uint64_t roof = 0);

// Another context in the place of the isolate's own. Call within the isolate.
void NewContext(ee_isolate* owner);
