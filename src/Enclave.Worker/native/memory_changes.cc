#include "memory_changes.h"

#include <sys/mman.h>

#include <algorithm>

#include "check.h"
#include "checkpoint_state.h"
#include "kernel.h"
#include "protocol.g.h"
#include "written_pages.h"

using checkpoint::EachKept;
using checkpoint::kMaxRanges;
using checkpoint::Part;
using checkpoint::Range;
using checkpoint::state;

namespace {

void Add(Part* parts, uint32_t* count, Part part) {
  // The kernel refuses other ranges, and a reset could not undo them.
  DCHECK(part.begin < part.end && part.begin % kPage == 0 && part.end % kPage == 0);
  if (*count == kMaxRanges) state->spent = true;
  else parts[(*count)++] = part;
}

// Takes a range out of the new memory, part by part.
template <typename Act>
void EachFresh(uintptr_t begin, uintptr_t end, Act act) {
  for (uint32_t i = 0, last = state->fresh_count; i < last;) {
    Part fresh = state->fresh[i];
    Range part{std::max(begin, fresh.begin), std::min(end, fresh.end)};
    if (part.begin >= part.end) {
      i++;
      continue;
    }
    state->fresh[i] = state->fresh[--last];
    state->fresh[last] = state->fresh[--state->fresh_count];
    if (fresh.begin < part.begin) Add(state->fresh, &state->fresh_count, {fresh.begin, part.begin, fresh.protection});
    if (part.end < fresh.end) Add(state->fresh, &state->fresh_count, {part.end, fresh.end, fresh.protection});
    act(part);
  }
}

}  // namespace

bool memory_changes::AreTracked() { return checkpoint::IsArmed(); }

void memory_changes::OnMapped(uintptr_t begin, uintptr_t end, int protection) {
  DCHECK(AreTracked());
  bool known = false;
  EachKept(begin, end, [&](Range, const Mapping&) { known = true; });
  if (known) return;
  EachFresh(begin, end, [](Range) {});
  Part* last = state->fresh_count > 0 ? &state->fresh[state->fresh_count - 1] : nullptr;
  if (last != nullptr && last->end == begin && last->protection == protection) last->end = end;
  else Add(state->fresh, &state->fresh_count, {begin, end, protection});
}

void memory_changes::Unmap(uintptr_t begin, uintptr_t end) {
  DCHECK(AreTracked());
  EachFresh(begin, end, [](Range part) { kernel::Unmap(part.begin, part.end - part.begin); });
}

void memory_changes::OnChange(uintptr_t begin, uintptr_t end, int protection) {
  DCHECK(AreTracked());
  bool tracked = false;
  EachKept(begin, end, [&](Range part, const Mapping& mapping) {
    Add(state->changed, &state->changed_count, {part.begin, part.end, protection});
    // Memory that was only read, or belongs to a file, has content that is not kept.
    if (mapping.protection != PROT_NONE && (mapping.has_file || !(mapping.protection & PROT_WRITE))) state->spent = true;
    tracked = tracked || (mapping.protection & PROT_WRITE);
  });
  if (tracked) written_pages::Unprotect();
  if (protection == kContent) return;
  EachFresh(begin, end, [&](Range part) { Add(state->fresh, &state->fresh_count, {part.begin, part.end, protection}); });
}

void memory_changes::Undo() {
  DCHECK(!AreTracked());
  for (uint32_t i = 0; i < state->fresh_count; i++) kernel::Unmap(state->fresh[i].begin, state->fresh[i].end - state->fresh[i].begin);
  for (uint32_t i = 0; i < state->changed_count; i++) {
    EachKept(state->changed[i].begin, state->changed[i].end, [](Range part, const Mapping& mapping) {
      if (mapping.protection == PROT_NONE) kernel::Advise(part.begin, part.end - part.begin, MADV_DONTNEED);
      if (kernel::Failed(kernel::Protect(part.begin, part.end - part.begin, mapping.protection))) kernel::Exit(EE_EXIT_FATAL);
    });
  }
  state->fresh_count = state->changed_count = 0;
}
