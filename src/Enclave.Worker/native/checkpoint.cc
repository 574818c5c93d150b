#include "checkpoint.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "book.h"
#include "check.h"
#include "checkpoint_state.h"
#include "code_pages.h"
#include "entropy.h"
#include "kernel.h"
#include "maps.h"
#include "memory_changes.h"
#include "memory_reserve.h"
#include "protocol.g.h"
#include "written_pages.h"

using checkpoint::Extent;
using checkpoint::kMaxExtents;
using checkpoint::kMaxPages;
using checkpoint::state;
using checkpoint::State;

checkpoint::State* checkpoint::state;

namespace {

// A gap of fewer empty pages does not divide an extent, since each border costs a mapping.
constexpr uintptr_t kHole = 64 * kPage;
// The stack below the frames of the loop is zeroed down to here, and given back below.
constexpr uintptr_t kStackKept = 128 << 10;
// The bytes below a frame's address that may hold its values.
constexpr uintptr_t kRedZone = 256;
// The size of one page of V8's young generation. Zeroing more costs more than the faults that it saves.
constexpr uintptr_t kMaxZeroed = 256 << 10;

int maps_descriptor = -1, pagemap_descriptor = -1;

bool Complain(const char* what) {
  fprintf(stderr, "enclave-engine: checkpoint: %s\n", what);
  return false;
}

// Whether this memory has the first free page of the young generation, where every job writes.
bool IsYoung(uintptr_t begin, uintptr_t end) { return begin <= state->young && state->young < end; }

bool HasBytes(const uint8_t* page) {
  auto* words = reinterpret_cast<const uint64_t*>(page);
  return std::any_of(words, words + kPage / sizeof(uint64_t), [](uint64_t word) { return word != 0; });
}

// Whether a page of the checkpoint has content of its own. If the kernel does not tell, the page is read, which costs a fault each.
bool HasContent(uintptr_t address, uint64_t entry, bool known) {
  constexpr uint64_t kPresent = 1ull << 63, kSwapped = 1ull << 62;
  return known ? (entry & (kPresent | kSwapped)) != 0 : HasBytes(reinterpret_cast<const uint8_t*>(address));
}

bool AddExtent(uintptr_t begin, uintptr_t end, int protection) {
  size_t pages = (end - begin) / kPage;
  // The page of an address is found by halving the list.
  DCHECK(begin < end && begin % kPage == 0 && (state->extent_count == 0 || state->extents[state->extent_count - 1].end <= begin));
  if (state->extent_count == kMaxExtents || state->page_count + pages > kMaxPages) return Complain("too much memory");
  state->extents[state->extent_count++] = {begin, end, protection, state->page_count};
  state->page_count += uint32_t(pages);
  return true;
}

bool AddGap(uintptr_t begin, uintptr_t end) {
  if (begin == end) return true;
  if (state->gap_count == kMaxExtents) return Complain("too many gaps");
  state->gaps[state->gap_count++] = {begin, end};
  return true;
}

// Divides a writable mapping into extents and gaps.
bool Divide(const Mapping& mapping, uint64_t* entries, size_t entries_room) {
  uintptr_t gap = mapping.begin, from = 0, last = 0;
  auto close = [&] {
    if (from == 0) return true;
    bool ok = AddGap(gap, from) && AddExtent(from, last, mapping.protection);
    gap = last;
    from = 0;
    return ok;
  };
  for (uintptr_t at = mapping.begin; at < mapping.end;) {
    size_t count = std::min(entries_room, (mapping.end - at) / kPage);
    size_t size = count * sizeof *entries;
    bool known = pagemap_descriptor >= 0 && pread(pagemap_descriptor, entries, size, off_t(at / kPage * sizeof *entries)) == ssize_t(size);
    for (size_t i = 0; i < count; i++, at += kPage) {
      // Pages of a file have content that is in none of our tables.
      if (!mapping.has_file && !HasContent(at, entries[i], known)) continue;
      if (from != 0 && (at - last > kHole || IsYoung(last, at)) && !close()) return false;
      if (from == 0) from = at;
      last = at + kPage;
    }
  }
  return close() && AddGap(gap, mapping.end);
}

// From the first copy on, memory to restore must not change: no call into the C library except plain copies.
__attribute__((noinline)) bool CopyAll(uint8_t* pristine, size_t room) {
  for (uint32_t i = 0; i < state->extent_count; i++) {
    const Extent& extent = state->extents[i];
    uint32_t page = extent.first;
    for (uintptr_t at = extent.begin; at < extent.end; at += kPage, page++) {
      auto* content = reinterpret_cast<const uint8_t*>(at);
      if (!HasBytes(content)) continue;
      if (state->kept == room) return false;
      memcpy(pristine + size_t(state->kept) * kPage, content, kPage);
      state->copy[page] = ++state->kept;
    }
  }
  return true;
}

// The stack below the frames still in use.
__attribute__((noinline)) void ClearStack() {
  uintptr_t top = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - kRedZone;
  uintptr_t low = (top - kStackKept) & ~(kPage - 1);
  kernel::Advise(state->stack_begin, low - state->stack_begin, MADV_DONTNEED);
  void* at = reinterpret_cast<void*>(low);
  size_t words = (top - low) / 8;
  asm volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0) : "memory");
}

// Memory that was empty at the checkpoint is given back, apart from the pages that the job surely wrote.
void EmptyGaps() {
  for (uint32_t i = 0; i < state->gap_count; i++) {
    uintptr_t from = state->gaps[i].begin, end = state->gaps[i].end, last = state->last_written;
    // A job whose last object lies elsewhere has filled this page of the young generation.
    if (last != 0 && IsYoung(from, end) && (last < from || last >= end)) last = end - 1;
    if (last != 0 && from <= last && last < end && last - from < kMaxZeroed) {
      uintptr_t behind = (last & ~(kPage - 1)) + kPage;
      memset(reinterpret_cast<void*>(from), 0, behind - from);
      from = behind;
    }
    if (from < end) kernel::Advise(from, end - from, MADV_DONTNEED);
  }
  state->last_written = 0;
}

// Afterwards the kernel refuses to change the protection of this memory, or to unmap or replace it (Linux 6.10); forked cells inherit that.
bool SealOne(uintptr_t begin, uintptr_t end) {
  constexpr long kSeal = 462;
  return !kernel::Failed(kernel::Call(kSeal, long(begin), long(end - begin), 0));
}

// The mappings that are never written. V8 keeps its code in the same memory whether it may be written or not.
bool Seal() {
  constexpr uintptr_t kUserEnd = uintptr_t(1) << 47;
  bool sealed = true;
  for (uint32_t i = 0; i < state->mapping_count; i++) {
    const Mapping& mapping = state->mappings[i];
    bool is_fixed = !(mapping.protection & PROT_WRITE) && mapping.protection != PROT_NONE;
    bool is_for_code = mapping.begin < code_pages::end() && mapping.end > code_pages::begin();
    if ((checkpoint::IsStack(mapping) || is_fixed) && !is_for_code && mapping.end <= kUserEnd) sealed = SealOne(mapping.begin, mapping.end) && sealed;
  }
  return sealed;
}

}  // namespace

bool checkpoint::OpenMaps() {
  // A jail has no /proc: the host provides its own until these two files are open.
  auto open_one = [](const char* name, const char* path) {
    int descriptor = openat(kLentProc, name, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) descriptor = open(path, O_RDONLY | O_CLOEXEC);
    // Choose a number above the fixed numbers (kIn, kOut and the like) to which descriptors are moved later.
    return descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, kLentProc + 1);
  };
  maps_descriptor = open_one("self/maps", "/proc/self/maps");
  pagemap_descriptor = open_one("self/pagemap", "/proc/self/pagemap");
  return maps_descriptor >= 0;
}

bool checkpoint::MoveMaps() {
  constexpr int kMaps = 5, kPagemap = 6;
  DCHECK(maps_descriptor >= 0);
  static_assert(kOut < kMaps && kPagemap < kControl && kControl < kLentProc, "each has a number of its own");
  maps_descriptor = dup2(maps_descriptor, kMaps);
  if (pagemap_descriptor < 0) close(kPagemap);
  else pagemap_descriptor = dup2(pagemap_descriptor, kPagemap);
  return maps_descriptor == kMaps && syscall(SYS_close_range, kControl + 1, ~0U, 0) == 0;
}

#ifdef ENCLAVE_CHECKED
bool checkpoint::IsUnchanged() {
  return std::all_of(state->extents, state->extents + state->extent_count, [](const Extent& extent) {
    for (uintptr_t at = extent.begin, page = extent.first; at < extent.end; at += kPage, page++) {
      auto* content = reinterpret_cast<const uint8_t*>(at);
      uint32_t kept = state->copy[page];
      if (kept != 0 ? memcmp(content, state->pristine + size_t(kept - 1) * kPage, kPage) != 0 : HasBytes(content)) return false;
    }
    return true;
  });
}
#endif

size_t checkpoint::BookBytes() { return sizeof(State) + kMapsBytes + (1 << 20); }

void checkpoint::Prepare(Form form) {
  DCHECK(state == nullptr);
  state = book::Take<State>();
  state->form = form;
}

bool checkpoint::Take(uintptr_t last) {
  DCHECK(!state->armed && state->mapping_count == 0 && maps_descriptor >= 0);
  state->young = (last & ~(kPage - 1)) + kPage;
  auto* text = static_cast<char*>(book::Take(kMapsBytes));
  constexpr size_t kEntries = 8192;
  auto* entries = static_cast<uint64_t*>(book::Take(kEntries * sizeof(uint64_t)));
  if (!ReadMappings(maps_descriptor, text, state->mappings, &state->mapping_count)) return Complain("the own mappings cannot be read");
  uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  for (uint32_t i = 0; i < state->mapping_count; i++) {
    const Mapping& mapping = state->mappings[i];
    if (!(mapping.protection & PROT_WRITE) || checkpoint::IsBook(mapping)) continue;
    if (mapping.begin <= here && here < mapping.end) {
      state->stack_begin = mapping.begin;
      continue;
    }
    if (!Divide(mapping, entries, kEntries)) return false;
  }
  if (state->stack_begin == 0) return Complain("the stack is not among the mappings");
  close(maps_descriptor);
  if (pagemap_descriptor >= 0) close(pagemap_descriptor);
  size_t room = state->page_count;
  long copy = kernel::Map(room * kPage);
  if (kernel::Failed(copy) || !memory_reserve::Map()) return Complain("no room for the copy");
  auto* pristine = reinterpret_cast<uint8_t*>(copy);
  if (!written_pages::Install()) return Complain("no handler for write faults");
  state->program_break = uintptr_t(sbrk(0));
  entropy::Machine(reinterpret_cast<uint8_t*>(state->id), sizeof state->id);
  state->pristine = pristine;
  if (!CopyAll(pristine, room)) return Complain("memory changed while it was copied");
  DCHECK(IsUnchanged());
  kernel::Protect(uintptr_t(copy), room * kPage, PROT_READ);
  state->sealed = Seal() && SealOne(uintptr_t(copy), uintptr_t(copy) + room * kPage);
  state->armed = true;
  written_pages::Protect();
  return true;
}

bool checkpoint::IsSealed() { return state->sealed; }

bool checkpoint::CanReset() { return !state->spent; }

void checkpoint::Reset() {
  DCHECK(state->armed);
  // CanReset was true before this call. If the process cannot be reset now, it must not begin a job.
  if (state->spent) kernel::Exit(EE_EXIT_FATAL);
  state->armed = false;
  if (uintptr_t(kernel::Call(SYS_brk, 0)) != state->program_break) kernel::Call(SYS_brk, long(state->program_break));
  memory_changes::Undo();
  ClearStack();
  written_pages::Restore();
  EmptyGaps();
  if (!memory_reserve::TakeBack()) kernel::Exit(EE_EXIT_FATAL);
  DCHECK(state->fresh_count == 0 && state->changed_count == 0 && state->dirty_count == 0 && !state->overrun);
  state->armed = true;
}

// Not inlined: its frame must be the lowest in use, or it would give back values of its caller.
__attribute__((noinline)) void checkpoint::GiveBackUnused() {
  if (!IsArmed()) return;
  uintptr_t used = (reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - kRedZone) & ~(kPage - 1);
  DCHECK(state->stack_begin <= used);
  kernel::Advise(state->stack_begin, used - state->stack_begin, MADV_DONTNEED);
  // A page whose protection V8 changed may not be readable.
  if (state->changed_count > 0) return;
  written_pages::GiveBackEmpty();
  for (uint32_t i = 0; i < state->gap_count; i++) {
    auto [begin, end] = state->gaps[i];
    if (!IsYoung(begin, end) || end - begin > kMaxZeroed) continue;
    uintptr_t from = end;
    while (from > begin && !HasBytes(reinterpret_cast<const uint8_t*>(from - kPage))) from -= kPage;
    if (from < end) kernel::Advise(from, end - from, MADV_DONTNEED);
  }
}

void checkpoint::NoteLastWritten(uintptr_t address) { state->last_written = address; }
