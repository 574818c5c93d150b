// State shared by the parts of the checkpoint: its memory, and what changed there since. It lies in the book.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "book.h"
#include "kernel.h"
#include "maps.h"
#include "reset_form.h"

namespace checkpoint {

constexpr size_t kMaxPages = size_t(1) << 18, kMaxExtents = 4096, kMaxRanges = 1 << 13;
// Pages that two runs of the warm-up wrote stay writable, up to this many.
constexpr uint32_t kMaxHot = 512;

// Writable memory with content: protected, noted, copied.
struct Extent {
  uintptr_t begin, end;
  int protection;
  uint32_t first;  // index of its first page
};

struct Range {
  uintptr_t begin, end;
};

// Memory whose protection a run has changed; memory_changes::kContent: only the content was changed.
struct Part {
  uintptr_t begin, end;
  int protection;
};

struct HotPage {
  uint32_t page;
  uintptr_t address;
};

struct State {
  Form form;
  bool armed, spent, overrun, sealed, learned, spares;
  Mapping mappings[kMaxMappings];
  Extent extents[kMaxExtents];
  Range gaps[kMaxExtents];   // writable memory that held nothing: what is written there is given back
  Part fresh[kMaxRanges];    // mapped since the checkpoint
  Part changed[kMaxRanges];  // of the checkpoint, with another protection or content since, in order
  uint32_t mapping_count, extent_count, gap_count, fresh_count, changed_count, page_count, kept, hot_count, dirty_count;
  uint32_t copy[kMaxPages];  // where a page's content is kept, counting from 1; 0 for a page of zeros
  uint8_t flags[kMaxPages];
  HotPage hot[kMaxHot];
  uint32_t dirty[kMaxPages];
  uintptr_t stack_begin, program_break, reserve, last_written;
  uintptr_t young;  // the page behind the last object of the young generation
  bool reserve_is_given;
  const uint8_t* pristine;
  uint64_t id[2];  // random: cells of one nursery have the same
};

static_assert(kMaxPages * kPage == size_t(1) << 30, "the most memory that a warm worker may have written");
static_assert(kMaxHot <= kMaxPages && kMaxPages <= UINT32_MAX);

extern State* state;

// Whether the checkpoint is taken and no reset is under way.
inline bool IsArmed() { return state != nullptr && state->armed; }

// The book outlives a reset, and what lies below the frames in use of the stack does not count.
inline bool IsBook(const Mapping& mapping) { return mapping.begin < book::end() && mapping.end > book::begin(); }
inline bool IsStack(const Mapping& mapping) { return mapping.begin <= state->stack_begin && state->stack_begin < mapping.end; }

// The parts of a range that belong to the checkpoint.
template <typename Act>
void EachKept(uintptr_t begin, uintptr_t end, Act act) {
  for (uint32_t m = 0; m < state->mapping_count; m++) {
    const Mapping& mapping = state->mappings[m];
    Range part{std::max(begin, mapping.begin), std::min(end, mapping.end)};
    if (part.begin < part.end) act(part, mapping);
  }
}

}  // namespace checkpoint
