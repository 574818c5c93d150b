#include "pages.h"

#include "checkpoint.h"

namespace {

uintptr_t Address(void* at) { return reinterpret_cast<uintptr_t>(at); }

class Tracked final : public v8::PageAllocator {
 public:
  explicit Tracked(v8::PageAllocator* inner) : inner_(inner) {}

  size_t AllocatePageSize() override { return inner_->AllocatePageSize(); }
  size_t CommitPageSize() override { return inner_->CommitPageSize(); }
  void SetRandomMmapSeed(int64_t seed) override { inner_->SetRandomMmapSeed(seed); }
  void* GetRandomMmapAddr() override { return inner_->GetRandomMmapAddr(); }

  void* AllocatePages(void* hint, size_t length, size_t alignment, Permission permissions) override {
    void* at = inner_->AllocatePages(hint, length, alignment, permissions);
    if (at != nullptr) checkpoint::OnMapped(Address(at), length);
    return at;
  }

  bool FreePages(void* at, size_t length) override {
    // Memory of the checkpoint stays: the next job has it again.
    if (IsKept(at)) return true;
    checkpoint::OnUnmapped(Address(at), length);
    return inner_->FreePages(at, length);
  }

  bool ReleasePages(void* at, size_t length, size_t kept) override {
    if (IsKept(at)) return true;
    checkpoint::OnShrunk(Address(at), kept);
    return inner_->ReleasePages(at, length, kept);
  }

  bool SetPermissions(void* at, size_t length, Permission permissions) override {
    Note(at, length);
    return inner_->SetPermissions(at, length, permissions);
  }

  bool RecommitPages(void* at, size_t length, Permission permissions) override {
    Note(at, length);
    return inner_->RecommitPages(at, length, permissions);
  }

  bool DiscardSystemPages(void* at, size_t length) override { return IsKept(at) || inner_->DiscardSystemPages(at, length); }

  bool DecommitPages(void* at, size_t length) override {
    Note(at, length);
    return inner_->DecommitPages(at, length);
  }

  bool SealPages(void* at, size_t length) override { return !checkpoint::IsTaken() && inner_->SealPages(at, length); }

 private:
  static bool IsKept(void* at) { return checkpoint::IsTaken() && !checkpoint::IsNew(Address(at)); }
  static void Note(void* at, size_t length) {
    if (IsKept(at)) checkpoint::OnChanged(Address(at), length);
  }

  v8::PageAllocator* inner_;
};

}  // namespace

v8::PageAllocator* TrackedPages(v8::PageAllocator* inner) {
  static Tracked& tracked = *new Tracked(inner);
  return &tracked;
}
