// The calls of the C library, which the program of these tests takes from mappings.cc as the product does, and memory_changes.cc, which learns of them.
#include <errno.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <random>

#include "child.h"
#include "memory_changes.h"
#include "shown_memory.h"

namespace {

constexpr int kReadWrite = PROT_READ | PROT_WRITE, kAnew = MAP_PRIVATE | MAP_ANONYMOUS;
// Parts of V8's heap lie side by side at multiples of this.
constexpr size_t kPart = 256 << 10, kLargestPart = 64 << 20;

uint8_t* Map(size_t pages) { return static_cast<uint8_t*>(mmap(nullptr, pages * kPage, kReadWrite, kAnew, -1, 0)); }

// An address that V8 might ask for, where nothing lies.
void* Wish(uint64_t number) { return reinterpret_cast<void*>((uintptr_t(0x100000000000) + number * (uintptr_t(1) << 32)) + 12345 * kPage); }

uint8_t* AskAt(void* wish, size_t length) { return static_cast<uint8_t*>(mmap(wish, length, PROT_NONE, kAnew, -1, 0)); }

// Ten pages of a checkpoint with content, ten that nobody may use, and one that may be read.
class Kept {
 public:
  Kept() : memory_(40) {
    memory_.Add(0, 10, kReadWrite);
    for (size_t i = 0; i < 10; i++) *memory_.page(i) = uint8_t(i + 1);
    memory_.Add(20, 10, PROT_NONE);
    memory_.Add(35, 1, PROT_READ);
    memory_.Take();
  }

  uint8_t* page(size_t index) const { return memory_.page(index); }
  void ResetAndCheck() const {
    checkpoint::Reset();
    for (size_t i = 0; i < 10; i++) MUST(*memory_.page(i) == i + 1);
    for (size_t i = 20; i < 30; i++) MUST(ProtectionOf(memory_.page(i)) == PROT_NONE);
  }

 private:
  ShownMemory memory_;
};

}  // namespace

TEST(Mappings, AnswerAsTheCLibraryDoes) {
  EXPECT_TRUE(child::Passes([] {
    errno = 0;
    MUST(mmap(nullptr, 0, kReadWrite, kAnew, -1, 0) == MAP_FAILED && errno == EINVAL);
    MUST(mmap(nullptr, kPage, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED && errno == EBADF);
    uint8_t* at = Map(3);
    at[kPage] = 7;
    MUST(mprotect(at + 1, kPage, PROT_READ) == -1 && errno == EINVAL);
    MUST(mprotect(at + kPage, kPage, PROT_READ) == 0 && ProtectionOf(at + kPage) == PROT_READ && ProtectionOf(at) == kReadWrite);
    MUST(madvise(at, kPage, 12345) == -1 && errno == EINVAL);
    MUST(munmap(at + 1, kPage) == -1 && errno == EINVAL);
    MUST(munmap(at, 3 * kPage) == 0 && ProtectionOf(at) == kUnmapped);
    MUST(mprotect(at, kPage, PROT_READ) == -1 && errno == ENOMEM);
  }));
}

TEST(Mappings, OfTheHeapLieSideBySideWhereverTheyWereWished) {
  EXPECT_TRUE(child::Passes([] {
    uint8_t* first = AskAt(Wish(1), kPart);
    MUST(reinterpret_cast<uintptr_t>(first) % kPart == 0 && reinterpret_cast<uintptr_t>(first) - reinterpret_cast<uintptr_t>(Wish(1)) < kPart);
    MUST(AskAt(Wish(2), kPart) == first + kPart);
    // A part that is no multiple moves the next one to the next multiple.
    MUST(AskAt(Wish(3), kPart + kPage) == first + 2 * kPart);
    MUST(AskAt(Wish(4), kPart) == first + 4 * kPart);
  }));
}

TEST(Mappings, ThatWereGivenBackAtTheEndAreTakenAgain) {
  EXPECT_TRUE(child::Passes([] {
    uint8_t* first = AskAt(Wish(1), 2 * kPart);
    // V8 gives back what lies behind an aligned part.
    MUST(munmap(first + kPart, kPart) == 0);
    MUST(AskAt(Wish(2), kPart) == first + kPart);
    // Not at the end: the next one still lies behind all others.
    MUST(munmap(first, kPart) == 0);
    MUST(AskAt(Wish(3), kPart) == first + 2 * kPart);
  }));
}

TEST(Mappings, OfTheHeapFollowTheNextWishWhenSomethingLiesBeside) {
  EXPECT_TRUE(child::Passes([] {
    uint8_t* first = AskAt(Wish(1), kPart);
    MUST(mmap(first + kPart, kPart, PROT_NONE, kAnew | MAP_FIXED, -1, 0) == first + kPart);
    uint8_t* second = AskAt(Wish(2), kPart);
    MUST(second != first + kPart && second != MAP_FAILED);
    uint8_t* third = AskAt(Wish(3), kPart);
    MUST(reinterpret_cast<uintptr_t>(third) - reinterpret_cast<uintptr_t>(Wish(3)) < kPart);
    MUST(AskAt(Wish(4), kPart) == third + kPart);
  }));
}

TEST(Mappings, OfCodeAndOfFixedPlacesLieWhereTheyWereWished) {
  EXPECT_TRUE(child::Passes([] {
    AskAt(Wish(1), kPart);
    MUST(AskAt(Wish(2), kLargestPart + kPage) == Wish(2));
    MUST(mmap(Wish(3), kPart, PROT_NONE, kAnew | MAP_FIXED, -1, 0) == Wish(3));
    MUST(mmap(Wish(4), kPart, PROT_NONE, kAnew | MAP_FIXED_NOREPLACE, -1, 0) == Wish(4));
  }));
}

TEST(Mappings, AreInheritedByForksWhateverV8Advises) {
  EXPECT_TRUE(child::Passes([] {
    uint8_t* at = Map(1);
    *at = 5;
    MUST(madvise(at, kPage, MADV_DONTFORK) == 0);
    MUST(child::Passes([&] { MUST(*at == 5); }));
  }));
}

TEST(Mappings, AreTrackedFromTheCheckpointOn) {
  EXPECT_TRUE(child::Passes([] {
    MUST(!memory_changes::AreTracked());
    uint8_t* before = Map(1);
    Kept kept;
    MUST(memory_changes::AreTracked());
    uint8_t* after = Map(1);
    kept.ResetAndCheck();
    // The test's list does not have the first: it is none of the checkpoint's, and none of the run's.
    MUST(ProtectionOf(before) == kReadWrite && ProtectionOf(after) == kUnmapped);
  }));
}

TEST(Mappings, OfTheCheckpointStayUntilTheReset) {
  EXPECT_TRUE(child::Passes([] {
    Kept kept;
    MUST(munmap(kept.page(2), 3 * kPage) == 0);
    MUST(*kept.page(3) == 4);
    MUST(madvise(kept.page(4), kPage, MADV_DONTNEED) == 0 && *kept.page(4) == 0);
    MUST(mprotect(kept.page(5), kPage, PROT_NONE) == 0 && mprotect(kept.page(22), kPage, kReadWrite) == 0);
    *kept.page(22) = 1;
    MUST(mmap(kept.page(7), kPage, kReadWrite, kAnew | MAP_FIXED, -1, 0) == kept.page(7) && *kept.page(7) == 0);
    kept.ResetAndCheck();
    // What the run wrote where nobody may read is gone as well.
    MUST(mprotect(kept.page(22), kPage, PROT_READ) == 0 && *kept.page(22) == 0);
    kept.ResetAndCheck();
  }));
}

// Ranges that begin and end in any mapping, or in none.
TEST(Mappings, OfARunAreGoneAfterTheResetInWhateverPartsTheyWereUnmapped) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    EXPECT_TRUE(child::Passes([&] {
      constexpr size_t kRoom = 100;
      Kept kept;
      auto* room = static_cast<uint8_t*>(Wish(9));
      std::mt19937_64 random(seed);
      for (int job = 0; job < 5; job++) {
        bool mapped[kRoom] = {};
        for (int step = 0; step < 60; step++) {
          size_t from = random() % kRoom, count = 1 + random() % std::min<size_t>(12, kRoom - from), action = random() % 4;
          uint8_t* at = room + from * kPage;
          if (action < 2) MUST(mmap(at, count * kPage, action == 0 ? kReadWrite : PROT_READ, kAnew | MAP_FIXED, -1, 0) == at);
          else if (action == 2) MUST(munmap(at, count * kPage) == 0);
          else mprotect(at, count * kPage, PROT_READ);
          if (action < 3) std::fill_n(mapped + from, count, action < 2);
        }
        for (size_t i = 0; i < kRoom; i++) MUST((ProtectionOf(room + i * kPage) != kUnmapped) == mapped[i]);
        kept.ResetAndCheck();
        for (size_t i = 0; i < kRoom; i++) MUST(ProtectionOf(room + i * kPage) == kUnmapped);
      }
    })) << "seed "
        << seed;
  }
}

TEST(Mappings, ChangedMoreOftenThanIsCountedCannotBeRestored) {
  constexpr int kMostChanges = 1 << 13;
  EXPECT_TRUE(child::Passes([] {
    Kept kept;
    for (int i = 0; i < kMostChanges; i++) MUST(mprotect(kept.page(1), kPage, kReadWrite) == 0);
    MUST(checkpoint::CanReset());
    kept.ResetAndCheck();
    for (int i = 0; i <= kMostChanges; i++) MUST(mprotect(kept.page(1), kPage, kReadWrite) == 0);
    MUST(!checkpoint::CanReset());
  }));
}

TEST(Mappings, ThatGrowOnePageAtATimeCountAsOne) {
  constexpr int kMore = (1 << 13) + 100;
  EXPECT_TRUE(child::Passes([] {
    Kept kept;
    auto* room = static_cast<uint8_t*>(Wish(9));
    for (size_t i = 0; i < kMore; i++) MUST(mmap(room + i * kPage, kPage, PROT_READ, kAnew | MAP_FIXED, -1, 0) == room + i * kPage);
    MUST(checkpoint::CanReset());
    kept.ResetAndCheck();
    MUST(ProtectionOf(room) == kUnmapped && ProtectionOf(room + (kMore - 1) * kPage) == kUnmapped);
  }));
}
