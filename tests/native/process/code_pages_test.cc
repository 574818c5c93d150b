#include "code_pages.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "child.h"

namespace {

using Permission = v8::PageAllocator::Permission;

constexpr Permission kCode = Permission::kNoAccessWillJitLater;
constexpr size_t kMegabyte = 1 << 20, kFirst = 64 * kMegabyte;
// As much as one isolate gets, and what V8's rounding may add.
constexpr size_t kRoom = code_pages::kMostOfIsolate + 4 * kMegabyte;

// Gives addresses at which nothing lies: the parts of code are only counted here.
class Inner final : public v8::PageAllocator {
 public:
  size_t AllocatePageSize() override { return kPage; }
  size_t CommitPageSize() override { return kPage; }
  void SetRandomMmapSeed(int64_t) override {}
  void* GetRandomMmapAddr() override { return nullptr; }
  void* AllocatePages(void*, size_t length, size_t, Permission permission) override {
    if (fails) return nullptr;
    asked.push_back(length);
    permissions.push_back(permission);
    return reinterpret_cast<void*>(next += uintptr_t(1) << 32);
  }
  bool FreePages(void* address, size_t length) override {
    freed.emplace_back(address, length);
    return true;
  }
  bool ReleasePages(void*, size_t, size_t) override { return true; }
  bool SetPermissions(void*, size_t, Permission) override { return true; }
  bool RecommitPages(void*, size_t, Permission) override { return ++recommitted > 0; }
  bool DecommitPages(void*, size_t) override { return true; }

  bool fails = false;
  uintptr_t next = uintptr_t(1) << 40;
  int recommitted = 0;
  std::vector<size_t> asked;
  std::vector<Permission> permissions;
  std::vector<std::pair<void*, size_t>> freed;
};

struct Pages {
  Inner inner;
  v8::PageAllocator* outer = code_pages::Around(&inner);

  uintptr_t Take(size_t length, size_t alignment = kPage) { return reinterpret_cast<uintptr_t>(outer->AllocatePages(nullptr, length, alignment, kCode)); }
  bool Free(uintptr_t at, size_t length) { return outer->FreePages(reinterpret_cast<void*>(at), length); }
  void Commit(uintptr_t at, size_t length) { MUST(outer->RecommitPages(reinterpret_cast<void*>(at), length, Permission::kReadWriteExecute)); }
};

}  // namespace

TEST(CodePages, OfAllIsolatesLieInOneRange) {
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    MUST(code_pages::begin() == 0 && code_pages::end() == 0);
    code_pages::KeepRoom();
    uintptr_t first = pages.Take(kFirst);
    MUST(pages.inner.asked == std::vector<size_t>{kFirst + kRoom} && pages.inner.permissions.back() == kCode);
    MUST(code_pages::begin() == first && code_pages::end() == first + kFirst + kRoom);
    uintptr_t second = pages.Take(kMegabyte + kPage), third = pages.Take(kMegabyte, 4 * kMegabyte);
    MUST(second == first + kFirst && third % (4 * kMegabyte) == 0 && third >= second + kMegabyte + kPage && pages.inner.asked.size() == 1);
    // By the other call for the same.
    auto hint = v8::PageAllocator::AllocationHint().WithAddress(nullptr);
    MUST(reinterpret_cast<uintptr_t>(pages.outer->AllocatePages(kPage, kPage, kCode, hint)) == third + kMegabyte && pages.inner.asked.size() == 1);
  }));
}

TEST(CodePages, AreRefusedBeyondTheRange) {
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    code_pages::KeepRoom();
    pages.Take(kFirst);
    MUST(pages.Take(kRoom + kPage) == 0);
    MUST(pages.Take(~size_t(0) - kPage) == 0);
    MUST(pages.Take(kRoom) != 0 && pages.Take(kPage) == 0);
  }));
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    MUST(pages.Take(kFirst) != 0 && pages.Take(kPage) == 0);
  }));
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    pages.inner.fails = true;
    MUST(pages.Take(kFirst) == 0 && code_pages::begin() == 0);
  }));
}

TEST(CodePages, OfOtherMemoryAreTheInnerAllocators) {
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    code_pages::KeepRoom();
    uintptr_t first = pages.Take(kFirst);
    void* data = pages.outer->AllocatePages(nullptr, kMegabyte, kPage, Permission::kReadWrite);
    MUST(pages.inner.asked.back() == kMegabyte && (reinterpret_cast<uintptr_t>(data) < first || reinterpret_cast<uintptr_t>(data) >= code_pages::end()));
    MUST(pages.outer->FreePages(data, kMegabyte) && pages.inner.freed.back() == std::make_pair(data, kMegabyte));
    pages.Commit(reinterpret_cast<uintptr_t>(data), kMegabyte);
    size_t count;
    code_pages::taken(&count);
    MUST(count == 0 && pages.inner.recommitted == 1);
  }));
}

TEST(CodePages, ThatAreGivenBackAtTheEndAreTakenAgain) {
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    code_pages::KeepRoom();
    uintptr_t first = pages.Take(kFirst), second = pages.Take(kMegabyte), third = pages.Take(kMegabyte);
    MUST(pages.Free(second, kMegabyte));
    MUST(pages.Take(kMegabyte) == third + kMegabyte);
    MUST(pages.Free(third + kMegabyte, kMegabyte) && pages.Free(third, kMegabyte));
    MUST(pages.Take(2 * kMegabyte) == third && pages.inner.freed.empty() && code_pages::begin() == first);
  }));
}

TEST(CodePages, AreGivenBackWithTheRoomOnceNoneIsTaken) {
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    code_pages::KeepRoom();
    uintptr_t first = pages.Take(kFirst);
    MUST(pages.Free(first, kFirst));
    MUST(pages.inner.freed == (std::vector{std::make_pair(reinterpret_cast<void*>(first), kFirst + kRoom)}));
    MUST(code_pages::begin() == 0 && code_pages::end() == 0);
    uintptr_t again = pages.Take(kFirst);
    MUST(again != first && code_pages::begin() == again && code_pages::end() == again + kFirst + kRoom);
  }));
}

TEST(CodePages, NeverOverlapAndNeverLeaveTheRange) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    EXPECT_TRUE(child::Passes([&] {
      Pages pages;
      code_pages::KeepRoom();
      pages.Take(kFirst);
      std::mt19937_64 random(seed);
      std::vector<std::pair<uintptr_t, size_t>> live;
      for (int step = 0; step < 300; step++) {
        if (random() % 3 != 0 || live.empty()) {
          size_t length = (1 + random() % 512) * kPage, alignment = kPage << random() % 8;
          uintptr_t at = pages.Take(length, alignment);
          if (at == 0) continue;
          MUST(at % alignment == 0 && at >= code_pages::begin() + kFirst && at + length <= code_pages::end());
          for (auto [other, other_length] : live) MUST(at + length <= other || other + other_length <= at);
          live.emplace_back(at, length);
        } else {
          size_t index = random() % live.size();
          MUST(pages.Free(live[index].first, live[index].second));
          live.erase(live.begin() + long(index));
        }
      }
      MUST(pages.inner.asked.size() == 1 && pages.inner.freed.empty());
    })) << "seed "
        << seed;
  }
}

TEST(CodePages, ThatHoldCodeAreKnown) {
  EXPECT_TRUE(child::Passes([] {
    Pages pages;
    code_pages::KeepRoom();
    uintptr_t first = pages.Take(kFirst);
    size_t count;
    MUST(code_pages::taken(&count) != nullptr && count == 0);
    constexpr size_t kPart = 256 << 10;
    for (size_t part : {0, 1, 3}) pages.Commit(first + part * kPart, kPart);
    const code_pages::Taken* taken = code_pages::taken(&count);
    MUST(count == 2 && taken[0].begin == first && taken[0].end == first + 2 * kPart);
    MUST(taken[1].begin == first + 3 * kPart && taken[1].end == first + 4 * kPart);
    // A part again, and one that lies before others.
    pages.Commit(first + kPart, kPart);
    MUST(code_pages::taken(&count) != nullptr && count == 2);
    pages.Commit(first + 2 * kPart, kPart);
    auto is_known = [&](size_t part) {
      for (size_t i = 0; i < count; i++) {
        if (taken[i].begin <= first + part * kPart && first + (part + 1) * kPart <= taken[i].end) return true;
      }
      return false;
    };
    code_pages::taken(&count);
    for (size_t part : {0, 1, 2, 3}) MUST(is_known(part));
    MUST(!is_known(4) && pages.inner.recommitted == 5);
  }));
}

TEST(CodePages, ThatHoldCodeAreUnknownAfterMorePartsThanAreCounted) {
  EXPECT_TRUE(child::Passes([] {
    constexpr size_t kMostParts = 64;
    Pages pages;
    code_pages::KeepRoom();
    uintptr_t first = pages.Take(kFirst);
    size_t count;
    for (size_t part = 0; part < kMostParts; part++) pages.Commit(first + 2 * part * kPage, kPage);
    MUST(code_pages::taken(&count) != nullptr && count == kMostParts);
    for (size_t more = 0; more < 3; more++) {
      pages.Commit(first + 2 * (kMostParts + more) * kPage, kPage);
      MUST(code_pages::taken(&count) == nullptr);
    }
  }));
}
