#include "parking.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "check.h"
#include "checkpoint_state.h"
#include "code_pages.h"
#include "kernel.h"
#include "memory_changes.h"
#include "messages.h"
#include "protocol.g.h"
#include "written_pages.h"

using checkpoint::Part;
using checkpoint::state;

namespace {

// The form of a saved run, in words of eight bytes:
//
//   id, id, program break, number of new parts, number of changed parts
//   begin, end, protection      of each new part, and then of each changed one
//   address, number, words …    of each piece of memory with another content, to the end
constexpr size_t kWord = 8;
// The most pages that are searched beside those of the checkpoint: new memory, and memory that was empty. A larger run is not moved, because the search would
// cost too much.
constexpr size_t kMostPages = (size_t(16) << 20) / kPage;
// Protections are looked up by going through the list of changes.
constexpr uint32_t kMostChanges = 256;
// Equal words between two pieces, instead of the head of another piece.
constexpr uintptr_t kBetween = 2 * kWord;

// Whether a page of the checkpoint's memory may be read after the changes of a run, the last of which counts. before: whether it could be before them.
bool IsReadable(uintptr_t page, bool before = true) {
  for (uint32_t i = state->changed_count; i-- > 0;) {
    const Part& part = state->changed[i];
    if (part.protection != memory_changes::kContent && part.begin <= page && page < part.end) return part.protection & PROT_READ;
  }
  return before;
}

class Writer {
 public:
  Writer(uint8_t* room, size_t capacity) : begin_(room), at_(room), end_(room + capacity / kWord * kWord) {}

  size_t size() const { return full_ ? 0 : size_t(at_ - begin_); }

  bool Put(uint64_t word) {
    full_ = full_ || at_ == end_;
    if (full_) return false;
    memcpy(at_, &word, kWord);
    at_ += kWord;
    return true;
  }

  bool Put(const Part& part) { return Put(part.begin) && Put(part.end) && Put(uint64_t(int64_t(part.protection))); }

  // The words of a page that differ from its content before, or from zeros.
  bool Page(uintptr_t page, const uint8_t* before) {
    auto* words = reinterpret_cast<const uint64_t*>(page);
    auto* old = reinterpret_cast<const uint64_t*>(before);
    for (size_t i = 0; i < kPage / kWord; i++) {
      if (words[i] != (old != nullptr ? old[i] : 0) && !Word(page + i * kWord)) return false;
    }
    return true;
  }

 private:
  bool Word(uintptr_t address) {
    if (piece_ == nullptr || address < next_ || address - next_ > kBetween) {
      if (!Put(address)) return false;
      piece_ = at_;
      if (!Put(0)) return false;
      next_ = address;
    }
    for (; next_ <= address; next_ += kWord) {
      if (!Put(*reinterpret_cast<const uint64_t*>(next_))) return false;
      uint64_t count;
      memcpy(&count, piece_, kWord);
      count++;
      memcpy(piece_, &count, kWord);
    }
    return true;
  }

  uint8_t *begin_, *at_, *end_, *piece_ = nullptr;
  uintptr_t next_ = 0;
  bool full_ = false;
};

bool SavePages(Writer& out, uintptr_t begin, uintptr_t end) {
  for (uintptr_t page = begin; page < end; page += kPage) {
    if (IsReadable(page) && !out.Page(page, nullptr)) return false;
  }
  return true;
}

// Calls act for each range of memory outside of the checkpoint's pages in which a run may have written.
template <typename Act>
bool EachEmpty(uintptr_t program_break, Act act) {
  size_t taken_count;
  const code_pages::Taken* taken = code_pages::taken(&taken_count);
  for (uint32_t i = 0; i < state->gap_count; i++) {
    auto [begin, end] = state->gaps[i];
    if (begin < code_pages::begin() || begin >= code_pages::end()) {
      if (!act(begin, end)) return false;
      continue;
    }
    // V8's whole range for code is writable, and most of it has never held any.
    if (taken == nullptr || (end > code_pages::end() && !act(code_pages::end(), end))) return false;
    for (size_t k = 0; k < taken_count; k++) {
      uintptr_t from = std::max(begin, taken[k].begin), to = std::min(end, taken[k].end);
      if (from < to && !act(from, to)) return false;
    }
  }
  for (uint32_t i = 0; i < state->changed_count; i++) {
    // Memory that was not accessible at the checkpoint.
    const Part& part = state->changed[i];
    if (part.protection == memory_changes::kContent || !(part.protection & PROT_READ)) continue;
    bool goes_on = true;
    checkpoint::EachKept(part.begin, part.end, [&](checkpoint::Range range, const Mapping& mapping) {
      if (mapping.protection == PROT_NONE && goes_on) goes_on = act(range.begin, range.end);
    });
    if (!goes_on) return false;
  }
  for (uint32_t i = 0; i < state->fresh_count; i++) {
    if ((state->fresh[i].protection & PROT_READ) && !act(state->fresh[i].begin, state->fresh[i].end)) return false;
  }
  uintptr_t from = (state->program_break + kPage - 1) & ~(kPage - 1);
  return program_break <= from || act(from, (program_break + kPage - 1) & ~(kPage - 1));
}

// Reads the words of a saved run. Its counts and addresses are not trusted.
class Reader {
 public:
  explicit Reader(Slice saved) : at_(saved.data), end_(saved.data + saved.length) {
    if (saved.length % kWord != 0) Wrong();
  }

  bool AtEnd() const { return at_ == end_; }
  uint64_t Word() {
    uint64_t word;
    memcpy(&word, Words(1), kWord);
    return word;
  }
  const uint8_t* Words(uint64_t count) {
    if (count > size_t(end_ - at_) / kWord) Wrong();
    return std::exchange(at_, at_ + count * kWord);
  }
  [[noreturn]] static void Wrong() { BreaksProtocol("a parked run of another nursery, or with memory that is none of a run"); }

 private:
  const uint8_t *at_, *end_;
};

// True for memory that a run may write, and all of which a reset restores.
bool IsOfRun(uintptr_t begin, uintptr_t end, uintptr_t program_break) {
  while (begin < end) {
    uintptr_t next = state->program_break <= begin && begin < program_break ? program_break : begin;
    for (uint32_t i = 0; i < state->fresh_count && next == begin; i++) {
      const Part& fresh = state->fresh[i];
      if (fresh.protection != PROT_NONE && fresh.begin <= begin && begin < fresh.end) next = fresh.end;
    }
    for (uint32_t i = 0; i < state->mapping_count && next == begin; i++) {
      const Mapping& mapping = state->mappings[i];
      if (mapping.begin > begin || begin >= mapping.end || checkpoint::IsStack(mapping) || checkpoint::IsBook(mapping)) continue;
      uintptr_t page = begin & ~(kPage - 1);
      if (mapping.protection & PROT_WRITE) next = mapping.end;
      // The memory was inaccessible at the checkpoint: only the pages count that the run made readable.
      else if (mapping.protection == PROT_NONE && IsReadable(page, false)) next = page + kPage;
    }
    if (next == begin) return false;
    begin = next;
  }
  return true;
}

void MapFresh(const Part& part) {
  constexpr int kAnew = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  int protection = part.protection == PROT_NONE ? PROT_NONE : PROT_READ | PROT_WRITE;
  long at = kernel::Call(SYS_mmap, long(part.begin), long(part.end - part.begin), protection, kAnew, -1, 0);
  // Kernels without the last flag take another address where this one is taken.
  if (kernel::Failed(at)) kernel::Exit(at == -ENOMEM ? EE_EXIT_NATIVE_MEMORY : EE_EXIT_FATAL);
  if (uintptr_t(at) != part.begin) kernel::Exit(EE_EXIT_FATAL);
}

void Protect(const Part& part) {
  if (part.protection == PROT_NONE) kernel::Advise(part.begin, part.end - part.begin, MADV_DONTNEED);
  if (kernel::Failed(kernel::Protect(part.begin, part.end - part.begin, part.protection))) kernel::Exit(EE_EXIT_FATAL);
}

}  // namespace

size_t parking::Save(uint8_t* room, size_t capacity) {
  auto at = reinterpret_cast<uintptr_t>(room);
  // Elsewhere the copy would itself be memory of the run.
  DCHECK(book::begin() <= at && at + capacity <= book::end());
  auto program_break = uintptr_t(kernel::Call(SYS_brk, 0));
  if (!checkpoint::IsArmed() || state->spent || state->reserve_is_given || state->changed_count > kMostChanges) return 0;
  size_t pages = 0;
  auto count = [&](uintptr_t begin, uintptr_t end) { return (pages += (end - begin) / kPage) <= kMostPages; };
  if (program_break < state->program_break || !EachEmpty(program_break, count)) return 0;
  Writer out(room, capacity);
  for (uint64_t word : {state->id[0], state->id[1], uint64_t(program_break), uint64_t(state->fresh_count), uint64_t(state->changed_count)}) out.Put(word);
  for (uint32_t i = 0; i < state->fresh_count; i++) out.Put(state->fresh[i]);
  for (uint32_t i = 0; i < state->changed_count; i++) out.Put(state->changed[i]);
  auto save = [](void* to, uintptr_t page, const uint8_t* before) { return !IsReadable(page) || static_cast<Writer*>(to)->Page(page, before); };
  if (!written_pages::EachWritten(save, &out)) return 0;
  if (!EachEmpty(program_break, [&](uintptr_t begin, uintptr_t end) { return SavePages(out, begin, end); })) return 0;
  return out.size();
}

void parking::Load(Slice saved) {
  DCHECK(checkpoint::IsArmed() && state->fresh_count == 0 && state->changed_count == 0);
  Reader in(saved);
  if (in.Word() != state->id[0] || in.Word() != state->id[1]) Reader::Wrong();
  uintptr_t program_break = in.Word();
  uint64_t fresh = in.Word(), changed = in.Word();
  if (program_break < state->program_break || fresh > checkpoint::kMaxRanges || changed > kMostChanges) Reader::Wrong();
  if (program_break != state->program_break && uintptr_t(kernel::Call(SYS_brk, long(program_break))) != program_break) kernel::Exit(EE_EXIT_NATIVE_MEMORY);
  auto read = [&] {
    Part part{in.Word(), in.Word(), int(int64_t(in.Word()))};
    if (part.begin >= part.end || part.begin % kPage != 0 || part.end % kPage != 0) Reader::Wrong();
    return part;
  };
  for (uint64_t i = 0; i < fresh; i++) {
    state->fresh[i] = read();
    MapFresh(state->fresh[i]);
    state->fresh_count++;
  }
  for (uint64_t i = 0; i < changed; i++) {
    Part part = read();
    memory_changes::OnChange(part.begin, part.end, part.protection);
    if (part.protection == memory_changes::kContent || !(part.protection & PROT_READ)) continue;
    checkpoint::EachKept(part.begin, part.end, [](checkpoint::Range range, const Mapping& mapping) {
      if (mapping.protection == PROT_NONE) Protect({range.begin, range.end, PROT_READ | PROT_WRITE});
    });
  }
  if (state->changed_count != changed || state->spent) Reader::Wrong();
  while (!in.AtEnd()) {
    uintptr_t address = in.Word();
    uint64_t count = in.Word();
    const uint8_t* words = in.Words(count);
    if (address % kWord != 0 || address + count * kWord < address || !IsOfRun(address, address + count * kWord, program_break)) Reader::Wrong();
    memcpy(reinterpret_cast<void*>(address), words, count * kWord);
  }
  for (uint32_t i = 0; i < state->fresh_count; i++) {
    int protection = state->fresh[i].protection;
    if (protection != PROT_NONE && protection != (PROT_READ | PROT_WRITE)) Protect(state->fresh[i]);
  }
  for (uint32_t i = 0; i < state->changed_count; i++) {
    if (state->changed[i].protection != memory_changes::kContent) Protect(state->changed[i]);
  }
}
