#include "code_pages.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "check.h"

namespace {

// V8 rounds the sizes that it is given, and aligns what it gets.
constexpr size_t kRounding = 4 << 20;

size_t room;
uintptr_t first, next, last;

// V8 takes its code memory in parts of 256 KB, one behind the other as long as none is given back.
constexpr size_t kMostTaken = 64;
code_pages::Taken takings[kMostTaken];
size_t taken_count;

void Note(uintptr_t begin, uintptr_t end) {
  for (size_t i = 0; i < std::min(taken_count, kMostTaken); i++) {
    code_pages::Taken& one = takings[i];
    if (begin > one.end || end < one.begin) continue;
    one = {std::min(begin, one.begin), std::max(end, one.end)};
    return;
  }
  if (taken_count < kMostTaken) takings[taken_count] = {begin, end};
  if (taken_count <= kMostTaken) taken_count++;
}

class CodePages final : public v8::PageAllocator {
 public:
  explicit CodePages(v8::PageAllocator* inner) : inner_(inner) {}

  size_t AllocatePageSize() override { return inner_->AllocatePageSize(); }
  size_t CommitPageSize() override { return inner_->CommitPageSize(); }
  void SetRandomMmapSeed(int64_t seed) override { inner_->SetRandomMmapSeed(seed); }
  void* GetRandomMmapAddr() override { return inner_->GetRandomMmapAddr(); }

  void* AllocatePages(void* address, size_t length, size_t alignment, Permission permissions) override {
    // V8 asks with this permission for the code of an isolate, and with no other for memory that it executes.
    if (permissions != kNoAccessWillJitLater) return inner_->AllocatePages(address, length, alignment, permissions);
    return first == 0 ? TakeFirst(address, length, alignment) : TakeNext(length, alignment);
  }
  void* AllocatePages(size_t length, size_t alignment, Permission permissions, AllocationHint hint) override {
    if (permissions == kNoAccessWillJitLater) return AllocatePages(hint.Address(), length, alignment, permissions);
    return inner_->AllocatePages(length, alignment, permissions, hint);
  }

  bool FreePages(void* address, size_t length) override {
    auto at = reinterpret_cast<uintptr_t>(address);
    if (at < first || at >= last) return inner_->FreePages(address, length);
    DCHECK(length <= last - at);
    // V8 may give back a place that does not suit it, and ask for another one. The place was not written.
    if (at + length == next) next = at;
    if (next != first) return true;
    first = next = 0;
    return inner_->FreePages(address, std::exchange(last, 0) - at);
  }

  bool ResizeAllocationAt(void* address, size_t old_length, size_t new_length, Permission permissions) override {
    return inner_->ResizeAllocationAt(address, old_length, new_length, permissions);
  }
  bool ReleasePages(void* address, size_t length, size_t new_length) override { return inner_->ReleasePages(address, length, new_length); }
  bool SetPermissions(void* address, size_t length, Permission permissions) override { return inner_->SetPermissions(address, length, permissions); }
  bool RecommitPages(void* address, size_t length, Permission permissions) override {
    auto at = reinterpret_cast<uintptr_t>(address);
    if (at >= first && at < last) Note(at, at + length);
    return inner_->RecommitPages(address, length, permissions);
  }
  bool DiscardSystemPages(void* address, size_t size) override { return inner_->DiscardSystemPages(address, size); }
  bool DecommitPages(void* address, size_t size) override { return inner_->DecommitPages(address, size); }
  bool SealPages(void* address, size_t length) override { return inner_->SealPages(address, length); }
  bool ReserveForSharedMemoryMapping(void* address, size_t size) override { return inner_->ReserveForSharedMemoryMapping(address, size); }
  std::unique_ptr<SharedMemory> AllocateSharedPages(size_t length, const void* original) override { return inner_->AllocateSharedPages(length, original); }
  bool CanAllocateSharedPages() override { return inner_->CanAllocateSharedPages(); }

 private:
  void* TakeFirst(void* address, size_t length, size_t alignment) {
    void* pages = inner_->AllocatePages(address, length + room, alignment, kNoAccessWillJitLater);
    if (pages == nullptr) return nullptr;
    first = reinterpret_cast<uintptr_t>(pages);
    next = first + length;
    last = next + room;
    return pages;
  }

  void* TakeNext(size_t length, size_t alignment) {
    DCHECK(first <= next && next <= last && alignment != 0);
    uintptr_t at = (next + alignment - 1) / alignment * alignment;
    if (at > last || length > last - at) return nullptr;
    next = at + length;
    return reinterpret_cast<void*>(at);
  }

  v8::PageAllocator* inner_;
};

}  // namespace

v8::PageAllocator* code_pages::Around(v8::PageAllocator* inner) { return new CodePages(inner); }

void code_pages::KeepRoom() {
  DCHECK(first == 0);
  room = kMostOfIsolate + kRounding;
}

uintptr_t code_pages::begin() { return first; }

uintptr_t code_pages::end() { return last; }

const code_pages::Taken* code_pages::taken(size_t* count) {
  *count = taken_count;
  return taken_count <= kMostTaken ? takings : nullptr;
}
