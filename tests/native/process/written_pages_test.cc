#include "written_pages.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "child.h"
#include "protocol.g.h"
#include "shown_memory.h"

namespace {

constexpr int kReadWrite = PROT_READ | PROT_WRITE;
// As many first writes of a job as are noted one by one.
constexpr size_t kMostNoted = 64;

// A checkpoint of pages that hold something each, except that each fourth was touched and holds zeros.
class Tracked {
 public:
  explicit Tracked(size_t pages, checkpoint::Form form = checkpoint::Form::kTracked) : memory_(pages + 2), pages_(pages) {
    memory_.Add(1, pages, kReadWrite);
    std::mt19937_64 random(pages);
    for (size_t i = 0; i < pages; i++) {
      *page(i) = 0;
      if (i % 4 != 3) Scribble(random, page(i));
    }
    before_.assign(page(0), page(0) + pages * kPage);
    noted_.reserve(pages);
    written_.reserve(pages);
    memory_.Take(form);
  }

  uint8_t* page(size_t index) const { return memory_.page(index + 1); }
  size_t pages() const { return pages_; }
  bool IsAsBefore() const { return memcmp(page(0), before_.data(), before_.size()) == 0; }

  void Write(size_t index) {
    volatile uint8_t* at = page(index) + index % kPage;
    *at = uint8_t(*at + 1);
  }

  // The pages that are noted now, in order. Their content before must be that of the checkpoint.
  const std::vector<size_t>& Noted() {
    noted_.clear();
    auto visit = [](void* to, uintptr_t address, const uint8_t* content) {
      auto* self = static_cast<Tracked*>(to);
      size_t index = (address - reinterpret_cast<uintptr_t>(self->page(0))) / kPage;
      const uint8_t* before = self->before_.data() + index * kPage;
      MUST(index < self->pages_ && address % kPage == 0);
      MUST(content != nullptr ? memcmp(content, before, kPage) == 0 : std::all_of(before, before + kPage, [](uint8_t byte) { return byte == 0; }));
      self->noted_.push_back(index);
      return true;
    };
    MUST(written_pages::EachWritten(visit, this));
    std::sort(noted_.begin(), noted_.end());
    return noted_;
  }

  // Writes a number of pages that are taken at random, and returns them in order.
  const std::vector<size_t>& WriteSome(std::mt19937_64& random, size_t count) {
    written_.clear();
    for (size_t i = 0; i < count; i++) {
      size_t index = random() % pages_;
      Scribble(random, page(index));
      if (std::find(written_.begin(), written_.end(), index) == written_.end()) written_.push_back(index);
    }
    std::sort(written_.begin(), written_.end());
    return written_;
  }

 private:
  ShownMemory memory_;
  size_t pages_;
  std::vector<uint8_t> before_;
  std::vector<size_t> noted_, written_;
};

void LimitData(size_t bytes) {
  rlimit limit{bytes, bytes};
  MUST(setrlimit(RLIMIT_DATA, &limit) == 0);
}

}  // namespace

TEST(WrittenPages, AreExactlyThePagesThatWereWritten) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    EXPECT_TRUE(child::Passes([&] {
      Tracked tracked(100 + seed * 7);
      std::mt19937_64 random(seed);
      written_pages::EndLearning();
      for (int job = 0; job < 20; job++) {
        MUST(tracked.Noted().empty());
        const auto& written = tracked.WriteSome(random, random() % kMostNoted);
        MUST(tracked.Noted() == written);
        checkpoint::Reset();
        MUST(tracked.IsAsBefore());
      }
    })) << "seed "
        << seed;
  }
}

TEST(WrittenPages, AreAllPagesAfterMoreWritesThanAreNotedUntilTheReset) {
  for (uint64_t seed = 1; seed <= 5; seed++) {
    EXPECT_TRUE(child::Passes([&] {
      Tracked tracked(300);
      std::mt19937_64 random(seed);
      written_pages::EndLearning();
      for (size_t i = 0; i < kMostNoted; i++) tracked.Write(i * 2);
      MUST(tracked.Noted().size() == kMostNoted);
      tracked.Write(1);
      MUST(tracked.Noted().size() == tracked.pages());
      tracked.WriteSome(random, 200);
      checkpoint::Reset();
      MUST(tracked.IsAsBefore() && tracked.Noted().empty());
      tracked.Write(7);
      MUST(tracked.Noted() == std::vector<size_t>{7});
    })) << "seed "
        << seed;
  }
}

TEST(WrittenPages, AreNoLongerVisitedOnceTheVisitorHasEnough) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(10);
    for (size_t page : {1, 4, 8}) tracked.Write(page);
    size_t visits = 0;
    auto second = [](void* to, uintptr_t, const uint8_t*) { return ++*static_cast<size_t*>(to) < 2; };
    MUST(!written_pages::EachWritten(second, &visits));
    MUST(visits == 2);
  }));
}

TEST(WrittenPages, StayWritableOnceTwoRunsOfTheWarmUpWroteThem) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(40);
    for (size_t page : {3, 4, 17}) tracked.Write(page);
    checkpoint::Reset();
    MUST(tracked.Noted().empty() && tracked.IsAsBefore());
    for (size_t page : {3, 17, 20}) tracked.Write(page);
    checkpoint::Reset();
    MUST((tracked.Noted() == std::vector<size_t>{3, 17}) && tracked.IsAsBefore());
    MUST(ProtectionOf(tracked.page(3)) == kReadWrite && ProtectionOf(tracked.page(17)) == kReadWrite);
    for (size_t page : {2, 4, 16, 18, 20}) MUST(ProtectionOf(tracked.page(page)) == PROT_READ);
    written_pages::EndLearning();
    for (size_t page : {3, 17}) tracked.Write(page);
    checkpoint::Reset();
    MUST(tracked.IsAsBefore());
  }));
}

TEST(WrittenPages, OfJobsTeachNothing) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(40);
    tracked.Write(9);
    checkpoint::Reset();
    written_pages::EndLearning();
    for (int job = 0; job < 5; job++) {
      for (size_t page : {9, 10, 11}) tracked.Write(page);
      checkpoint::Reset();
      MUST(tracked.Noted().empty());
      for (size_t page : {9, 10, 11}) MUST(ProtectionOf(tracked.page(page)) == PROT_READ);
    }
  }));
}

TEST(WrittenPages, OfAWarmUpThatWritesMoreThanCanStayWritableAreRestoredAsWell) {
  EXPECT_TRUE(child::Passes([] {
    constexpr size_t kMostHot = 512;
    Tracked tracked(kMostHot + 100);
    for (int run = 0; run < 3; run++) {
      for (size_t page = 0; page < tracked.pages(); page++) tracked.Write(page);
      checkpoint::Reset();
      MUST(tracked.IsAsBefore());
    }
    // Of a page of zeros the reset cannot tell whether it was written, when all are writable.
    size_t hot = tracked.Noted().size();
    MUST(hot > 0 && hot <= kMostHot);
  }));
}

TEST(WrittenPages, AreAllPagesWhenEachIsCopied) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(50, checkpoint::Form::kCopied);
    std::mt19937_64 random(1);
    for (int job = 0; job < 10; job++) {
      MUST(tracked.Noted().size() == tracked.pages());
      tracked.WriteSome(random, 60);
      written_pages::Unprotect();
      checkpoint::Reset();
      MUST(tracked.IsAsBefore() && ProtectionOf(tracked.page(0)) == kReadWrite);
    }
  }));
}

TEST(WrittenPages, AreNotNotedWhileEverythingIsWritable) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(100);
    written_pages::EndLearning();
    tracked.Write(5);
    written_pages::Unprotect();
    written_pages::Unprotect();
    for (size_t page = 0; page < tracked.pages(); page++) tracked.Write(page);
    MUST(tracked.Noted().size() == tracked.pages() && ProtectionOf(tracked.page(99)) == kReadWrite);
    checkpoint::Reset();
    MUST(tracked.IsAsBefore() && tracked.Noted().empty() && ProtectionOf(tracked.page(99)) == PROT_READ);
  }));
}

// A process that was forked shares pages until one of both writes to them.
TEST(WrittenPages, OfANewCellStaySharedAfterASparingReset) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(12);
    for (int run = 0; run < 2; run++) {
      for (size_t page : {4, 5, 6}) tracked.Write(page);
      checkpoint::Reset();
    }
    MUST(child::Passes([&] {
      tracked.Write(5);
      written_pages::Spare();
      checkpoint::Reset();
      MUST(tracked.IsAsBefore());
      MUST(!StateOf(tracked.page(4)).is_exclusive && StateOf(tracked.page(5)).is_exclusive && !StateOf(tracked.page(6)).is_exclusive);
      // Only the first reset spares: the next one would tell a job what was written.
      checkpoint::Reset();
      for (size_t page : {4, 5, 6}) MUST(StateOf(tracked.page(page)).is_exclusive);
    }));
    MUST(child::Passes([&] {
      written_pages::OwnHot();
      for (size_t page : {4, 5, 6}) MUST(StateOf(tracked.page(page)).is_exclusive);
      MUST(!StateOf(tracked.page(8)).is_exclusive && tracked.IsAsBefore());
    }));
  }));
}

TEST(WrittenPages, ThatAreEmptyAgainAreGivenBack) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(24);
    for (int run = 0; run < 2; run++) {
      // Each fourth holds zeros at the checkpoint.
      for (size_t page : {2, 3, 7, 11, 12}) tracked.Write(page);
      checkpoint::Reset();
    }
    tracked.Write(7);
    MUST(StateOf(tracked.page(3)).is_present);
    written_pages::GiveBackEmpty();
    MUST(!StateOf(tracked.page(3)).is_present && !StateOf(tracked.page(11)).is_present);
    for (size_t page : {2, 7, 12}) MUST(StateOf(tracked.page(page)).is_present);
    MUST(tracked.page(7)[7] == 1);
    checkpoint::Reset();
    MUST(tracked.IsAsBefore());
  }));
}

TEST(WrittenPages, BeyondTheMemoryLimitTakeTheReserveAndThenEndTheProcess) {
  EXPECT_TRUE(child::Passes([] {
    Tracked tracked(100);
    size_t before = DataBytes();
    LimitData(before);
    for (size_t page = 0; page < kMostNoted; page++) tracked.Write(page);
    // The reserve is larger than all pages of the checkpoint.
    MUST(DataBytes() + 100 * kPage < before);
    checkpoint::Reset();
    MUST(tracked.IsAsBefore() && DataBytes() >= before);
  }));
  EXPECT_TRUE(child::Exits(EE_EXIT_NATIVE_MEMORY, [] {
    Tracked tracked(100);
    LimitData(0);
    tracked.Write(0);
  }));
}

TEST(WrittenPages, WritesElsewhereEndTheProcess) {
  EXPECT_TRUE(child::Dies(
      SIGSEGV,
      [] {
        Tracked tracked(10);
        *static_cast<volatile uint8_t*>(tracked.page(10)) = 1;
      },
      "enclave-engine: access to "));
  EXPECT_TRUE(child::Dies(
      SIGSEGV,
      [] {
        Tracked tracked(10);
        MUST(*static_cast<volatile uint8_t*>(tracked.page(10)) == 0);
      },
      "enclave-engine: access to "));
}

TEST(WrittenPages, AFaultThatCannotBeAFirstWriteEndsTheProcess) {
  EXPECT_TRUE(child::Dies(
      SIGSEGV,
      [] {
        Tracked tracked(10);
        tracked.Write(3);
        MUST(!kernel::Failed(kernel::Protect(reinterpret_cast<uintptr_t>(tracked.page(3)), kPage, PROT_READ)));
        tracked.Write(3);
      },
      "enclave-engine: access to "));
  EXPECT_TRUE(child::Dies(
      SIGSEGV,
      [] {
        Tracked tracked(10);
        MUST(!kernel::Failed(kernel::Protect(reinterpret_cast<uintptr_t>(tracked.page(3)), kPage, PROT_NONE)));
        MUST(*static_cast<volatile uint8_t*>(tracked.page(3)) == 0);
      },
      "enclave-engine: access to "));
}
