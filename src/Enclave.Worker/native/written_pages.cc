#include "written_pages.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "check.h"
#include "checkpoint_state.h"
#include "kernel.h"
#include "memory_reserve.h"
#include "protocol.g.h"

using checkpoint::Extent;
using checkpoint::kMaxHot;
using checkpoint::state;

namespace {

// A job that writes to more protected pages than this gets all of them copied: a fault costs 5 µs, copying a page 0.08. The warm-up may write more: it is to
// learn each of them.
constexpr uint32_t kMaxFaults = 64;
constexpr uint8_t kHot = 1, kDirty = 2, kSeen = 4;

const Extent* Find(uintptr_t address) {
  const Extent *low = state->extents, *high = low + state->extent_count;
  while (low < high) {
    const Extent* middle = low + (high - low) / 2;
    if (address >= middle->end) low = middle + 1;
    else if (address < middle->begin) high = middle;
    else return middle;
  }
  return nullptr;
}

uintptr_t AddressOf(uint32_t page) {
  DCHECK(page < state->page_count);
  const Extent *low = state->extents, *high = low + state->extent_count;
  while (high - low > 1) {
    const Extent* middle = low + (high - low) / 2;
    (page < middle->first ? high : low) = middle;
  }
  return low->begin + (page - low->first) * kPage;
}

[[noreturn]] void Crash(uintptr_t address, uintptr_t code) {
  char line[96];
  int length = snprintf(line, sizeof line, "enclave-engine: access to %lx by code at %lx\n", address, code);
  kernel::Write(2, line, size_t(length));
  // Acts as if there was no handler: SIGSEGV is blocked while it is handled, so this access ends the process.
  for (;;) asm volatile("movl $0, 0");
}

// Removes the protection. The kernel does not count protected memory as data (RLIMIT_DATA), so a script can use up the memory that making a page
// writable needs. The reserve counts in its place and is then released. Once it is used up, the process is out of memory.
void MakeWritable(uintptr_t begin, size_t length, int protection) {
  long result = kernel::Protect(begin, length, protection);
  if (result == -ENOMEM && !state->reserve_is_given) {
    memory_reserve::Release();
    result = kernel::Protect(begin, length, protection);
  }
  if (kernel::Failed(result)) kernel::Exit(EE_EXIT_NATIVE_MEMORY);
}

// From here on everything is writable, and all of it is copied back.
void UnprotectAll() {
  for (uint32_t i = 0; i < state->extent_count; i++) {
    const Extent& extent = state->extents[i];
    MakeWritable(extent.begin, extent.end - extent.begin, extent.protection);
  }
  state->overrun = true;
}

void OnWrite(int, siginfo_t* info, void* context) {
  constexpr long kWriteFault = 2;
  uintptr_t address = reinterpret_cast<uintptr_t>(info->si_addr) & ~(kPage - 1);
  auto* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  bool write = registers[REG_ERR] & kWriteFault;
  auto crash = [&] { Crash(reinterpret_cast<uintptr_t>(info->si_addr), uintptr_t(registers[REG_RIP])); };
  const Extent* extent = write && state->armed && !state->overrun ? Find(address) : nullptr;
  if (extent == nullptr) crash();
  uint32_t page = extent->first + uint32_t((address - extent->begin) / kPage);
  DCHECK(page < state->page_count);
  if (state->flags[page] & (kHot | kDirty)) crash();
  if (state->dirty_count >= (state->learned ? kMaxFaults : kMaxHot)) return UnprotectAll();
  DCHECK(state->dirty_count < checkpoint::kMaxPages);
  state->flags[page] |= kDirty;
  state->dirty[state->dirty_count++] = page;
  MakeWritable(address, kPage, extent->protection);
}

// The next write raises a fault again.
void Guard(uintptr_t begin, size_t length, int protection) {
  if (kernel::Failed(kernel::Protect(begin, length, protection & ~PROT_WRITE))) kernel::Exit(EE_EXIT_FATAL);
}

// Protects all pages that are not hot, with one call for each range of them.
void GuardCold(const Extent& extent) {
  uint32_t count = uint32_t((extent.end - extent.begin) / kPage);
  auto hot = [&](uint32_t i) { return (state->flags[extent.first + i] & kHot) != 0; };
  for (uint32_t i = 0; i < count;) {
    uint32_t end = i;
    while (end < count && !hot(end)) end++;
    if (end > i) Guard(extent.begin + i * kPage, (end - i) * kPage, extent.protection);
    i = end + 1;
  }
}

// A page that a second run of the warm-up writes stays writable. Jobs add no pages, so a page that one tenant wrote costs the next tenant as much as before.
void Learn(uint32_t page) {
  if (state->learned) {
    state->flags[page] &= uint8_t(~kDirty);
    return;
  }
  if (state->flags[page] & kHot) return;
  if ((state->flags[page] & kSeen) && state->hot_count < kMaxHot) {
    state->flags[page] = kHot;
    state->hot[state->hot_count++] = {page, AddressOf(page)};
  } else {
    state->flags[page] = kSeen;
  }
}

// The content of a page at the checkpoint; null for zeros.
const uint8_t* Before(uint32_t page) {
  uint32_t kept = state->copy[page];
  DCHECK(kept <= state->kept);
  return kept != 0 ? state->pristine + size_t(kept - 1) * kPage : nullptr;
}

bool IsPristine(uint32_t page, uintptr_t address) {
  static constexpr uint8_t kZeros[kPage] = {};
  const uint8_t* before = Before(page);
  return memcmp(reinterpret_cast<void*>(address), before != nullptr ? before : kZeros, kPage) == 0;
}

void CopyBack(uint32_t page, uintptr_t address) {
  auto* at = reinterpret_cast<uint8_t*>(address);
  DCHECK(address % kPage == 0);
  if (const uint8_t* before = Before(page)) memcpy(at, before, kPage);
  else memset(at, 0, kPage);
}

void RestoreAll() {
  for (uint32_t i = 0; i < state->extent_count; i++) {
    const Extent& extent = state->extents[i];
    uint32_t page = extent.first;
    for (uintptr_t at = extent.begin; at < extent.end;) {
      if (const uint8_t* content = Before(page)) {
        if (memcmp(reinterpret_cast<void*>(at), content, kPage) != 0) {
          memcpy(reinterpret_cast<void*>(at), content, kPage);
          Learn(page);
        }
        page++;
        at += kPage;
        continue;
      }
      // Pages of zeros are given back: copying zeros would use memory for each of them.
      uintptr_t end = at;
      while (end < extent.end && !state->copy[page]) end += kPage, page++;
      kernel::Advise(at, end - at, MADV_DONTNEED);
      at = end;
    }
  }
}

void RestoreDirty() {
  std::sort(state->dirty, state->dirty + state->dirty_count);
  for (uint32_t i = 0; i < state->hot_count; i++) {
    auto [page, address] = state->hot[i];
    if (!state->spares || !IsPristine(page, address)) CopyBack(page, address);
  }
  for (uint32_t i = 0; i < state->dirty_count;) {
    uint32_t first = state->dirty[i];
    uintptr_t address = AddressOf(first);
    const Extent* extent = Find(address);
    uint32_t next = first;
    for (; i < state->dirty_count && state->dirty[i] == next && address + (next - first) * kPage < extent->end; next++, i++) {
      CopyBack(next, address + (next - first) * kPage);
      Learn(next);
      if (state->flags[next] & kHot) break;
    }
    if (next > first) Guard(address, (next - first) * kPage, extent->protection);
    else i++;
  }
}

}  // namespace

bool written_pages::Install() {
  DCHECK(!state->armed);
  struct sigaction action {};
  action.sa_sigaction = OnWrite;
  action.sa_flags = SA_SIGINFO;
  sigaddset(&action.sa_mask, SIGALRM);
  return sigaction(SIGSEGV, &action, nullptr) == 0;
}

void written_pages::OwnHot() {
  DCHECK(state->armed);
  for (uint32_t i = 0; i < state->hot_count; i++) {
    auto* byte = reinterpret_cast<volatile uint8_t*>(state->hot[i].address);
    *byte = *byte;
  }
}

void written_pages::Spare() {
  DCHECK(!state->learned);
  state->spares = true;
}

void written_pages::GiveBackEmpty() {
  auto is_empty = [](const checkpoint::HotPage& hot) { return state->copy[hot.page] == 0 && IsPristine(hot.page, hot.address); };
  for (uint32_t i = 0; i < state->hot_count;) {
    uintptr_t begin = state->hot[i].address, end = begin;
    for (; i < state->hot_count && state->hot[i].address == end && is_empty(state->hot[i]); i++) end += kPage;
    if (end > begin) kernel::Advise(begin, end - begin, MADV_DONTNEED);
    else i++;
  }
}

void written_pages::EndLearning() { state->learned = true; }

void written_pages::Protect() {
  if (state->form == checkpoint::Form::kCopied) return;
  for (uint32_t i = 0; i < state->extent_count; i++) GuardCold(state->extents[i]);
}

void written_pages::Unprotect() {
  if (state->form == checkpoint::Form::kTracked && !state->overrun) UnprotectAll();
}

bool written_pages::EachWritten(Visit visit, void* to) {
  DCHECK(state->armed);
  if (state->form == checkpoint::Form::kCopied || state->overrun) {
    for (uint32_t i = 0; i < state->extent_count; i++) {
      const Extent& extent = state->extents[i];
      uint32_t page = extent.first;
      for (uintptr_t at = extent.begin; at < extent.end; at += kPage, page++) {
        if (!visit(to, at, Before(page))) return false;
      }
    }
    return true;
  }
  for (uint32_t i = 0; i < state->hot_count; i++) {
    if (!visit(to, state->hot[i].address, Before(state->hot[i].page))) return false;
  }
  for (uint32_t i = 0; i < state->dirty_count; i++) {
    if (!visit(to, AddressOf(state->dirty[i]), Before(state->dirty[i]))) return false;
  }
  return true;
}

void written_pages::Restore() {
  DCHECK(!state->armed);
  if (state->form == checkpoint::Form::kCopied) {
    RestoreAll();
  } else if (state->overrun) {
    for (uint32_t i = 0; i < state->dirty_count; i++) state->flags[state->dirty[i]] &= uint8_t(~kDirty);
    RestoreAll();
    Protect();
  } else {
    RestoreDirty();
  }
  state->dirty_count = 0;
  state->overrun = state->spares = false;
}
