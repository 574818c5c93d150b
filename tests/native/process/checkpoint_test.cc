#include "checkpoint.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "book.h"
#include "child.h"
#include "protocol.g.h"
#include "shown_memory.h"

namespace {

using checkpoint::Form;

constexpr int kReadWrite = PROT_READ | PROT_WRITE;

// Pages of a checkpoint with every kind of memory.
struct Layout {
  size_t first, count;
  int protection;
};
constexpr Layout kData{10, 50, kReadWrite};      // the first 20 have content
constexpr Layout kSparse{100, 300, kReadWrite};  // content at both ends of a gap of 90 pages
constexpr Layout kNone{420, 10, PROT_NONE};
constexpr Layout kFixed{440, 4, PROT_READ};
constexpr Layout kYoung{500, 40, kReadWrite};  // content, the rest of the young generation (20 pages), content
constexpr size_t kLastYoung = 509, kFirstFree = 510, kBehindYoung = 530, kPages = 600;

class Process {
 public:
  explicit Process(Form form, bool has_pagemap = true) : memory_(kPages) {
    for (const Layout& part : {kData, kSparse, kNone, kFixed, kYoung}) memory_.Add(part.first, part.count, part.protection);
    before_.resize(kPages * kPage);
    std::mt19937_64 random(7);
    // To read a page would give it content in the kernel's eyes.
    auto fill = [&](size_t first, size_t count) {
      for (size_t i = 0; i < count; i++) Scribble(random, page(first + i));
      memcpy(before_.data() + first * kPage, page(first), count * kPage);
    };
    fill(kData.first, 20);
    fill(kSparse.first, 10);
    fill(kSparse.first + 100, 6);
    fill(kYoung.first, 10);
    fill(kBehindYoung, 10);
    if (!has_pagemap) memory_.HidePagemap();
    memory_.Take(form, kLastYoung);
    break_ = ProgramBreak();
  }

  uint8_t* page(size_t index) const { return memory_.page(index); }
  void Write(size_t index, uint8_t byte) { static_cast<volatile uint8_t*>(page(index))[index] = byte; }

  void MustBeAsBefore() const {
    for (const Layout& part : {kData, kSparse, kFixed, kYoung}) {
      MUST(memcmp(page(part.first), before_.data() + part.first * kPage, part.count * kPage) == 0);
    }
    for (size_t i = 0; i < kNone.count; i++) MUST(ProtectionOf(page(kNone.first + i)) == PROT_NONE);
    for (size_t i = 0; i < kFixed.count; i++) MUST(ProtectionOf(page(kFixed.first + i)) == PROT_READ);
    MUST(ProgramBreak() == break_);
    MUST(checkpoint::CanReset() && checkpoint::IsUnchanged());
  }

 private:
  ShownMemory memory_;
  std::vector<uint8_t> before_;
  uintptr_t break_;
};

// A run that does at random what code of the process may do with memory. It remembers which of it may be used.
class RandomRun {
 public:
  RandomRun(const Process& process, uint64_t seed) : process_(process), random_(seed) {
    for (const Layout& part : {kData, kSparse, kNone, kYoung}) {
      for (size_t i = 0; i < part.count; i++) protection_[part.first + i] = part.protection;
    }
  }

  void Go(size_t steps) {
    for (size_t i = 0; i < steps; i++) Step();
  }

  void MustBeGone() const {
    for (size_t i = 0; i < mapped_; i++) MUST(ProtectionOf(made_[i]) == kUnmapped);
  }

 private:
  static constexpr size_t kMostMade = 64, kMade = 4;

  void Step() {
    constexpr Layout kParts[] = {kData, kSparse, kNone, kYoung};
    const Layout& part = kParts[random_() % 4];
    size_t first = part.first + random_() % part.count, count = 1 + random_() % std::min<size_t>(8, part.first + part.count - first);
    uint8_t* at = process_.page(first);
    constexpr int kProtections[] = {PROT_NONE, PROT_READ, kReadWrite};
    switch (random_() % 12) {
      case 0: {
        int protection = kProtections[random_() % 3];
        MUST(mprotect(at, count * kPage, protection) == 0);
        for (size_t i = 0; i < count; i++) protection_[first + i] = protection;
        break;
      }
      case 1: MUST(madvise(at, count * kPage, MADV_DONTNEED) == 0); break;
      case 2:
        MUST(mmap(at, count * kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
        for (size_t i = 0; i < count; i++) protection_[first + i] = kReadWrite;
        break;
      case 3: MUST(munmap(at, count * kPage) == 0); break;
      case 4:
        if (mapped_ < kMostMade) {
          auto* made = static_cast<uint8_t*>(mmap(nullptr, kMade * kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
          MUST(made != MAP_FAILED);
          made[kPage] = 1;
          made_[mapped_++] = made;
        }
        break;
      case 5:
        if (mapped_ > 0) MUST(munmap(made_[random_() % mapped_] + random_() % kMade * kPage, kPage) == 0);
        break;
      case 6: {
        uintptr_t heap = ProgramBreak();
        MUST(SetProgramBreak(heap + kPage));
        *reinterpret_cast<volatile uint8_t*>(heap) = 1;
        break;
      }
      default:
        for (size_t i = 0; i < count; i++) {
          if (protection_[first + i] & PROT_WRITE) Scribble(random_, process_.page(first + i));
        }
    }
  }

  const Process& process_;
  std::mt19937_64 random_;
  int protection_[kPages] = {};
  uint8_t* made_[kMostMade];
  size_t mapped_ = 0;
};

}  // namespace

TEST(Checkpoint, IsRestoredAfterWhateverARunDidWithMemory) {
  for (Form form : {Form::kTracked, Form::kCopied}) {
    for (uint64_t seed = 1; seed <= 15; seed++) {
      EXPECT_TRUE(child::Passes([&] {
        Process process(form);
        for (uint64_t job = 0; job < 8; job++) {
          RandomRun run(process, seed * 100 + job);
          run.Go(5 + job * 20);
          checkpoint::Reset();
          process.MustBeAsBefore();
          run.MustBeGone();
        }
      })) << (form == Form::kTracked ? "tracked" : "copied")
          << ", seed " << seed;
    }
  }
}

TEST(Checkpoint, IsTheSameWhenTheKernelDoesNotTellWhichPagesHaveContent) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked, false);
    for (uint64_t job = 0; job < 5; job++) {
      RandomRun run(process, job);
      run.Go(100);
      checkpoint::Reset();
      process.MustBeAsBefore();
    }
  }));
}

TEST(Checkpoint, KnowsWhetherItsMemoryIsUnchanged) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    MUST(checkpoint::IsUnchanged());
    process.Write(kData.first + 3, 0);
    process.Write(kData.first + 3, 99);
    MUST(!checkpoint::IsUnchanged());
    checkpoint::Reset();
    MUST(checkpoint::IsUnchanged());
  }));
}

TEST(Checkpoint, GivesBackWhatWasEmptyAndKeepsWhatTheNextJobSurelyWrites) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    auto write = [&] {
      for (size_t page : {kFirstFree, kFirstFree + 1, kFirstFree + 5, kBehindYoung - 1, kSparse.first + 50}) process.Write(page, 1);
    };
    auto is_present = [&](size_t page) { return StateOf(process.page(page)).is_present; };
    write();
    checkpoint::Reset();
    MUST(!is_present(kFirstFree) && !is_present(kFirstFree + 5) && !is_present(kSparse.first + 50));
    write();
    checkpoint::NoteLastWritten(reinterpret_cast<uintptr_t>(process.page(kFirstFree + 1)) + 8);
    checkpoint::Reset();
    MUST(is_present(kFirstFree) && is_present(kFirstFree + 1) && !is_present(kFirstFree + 5) && !is_present(kSparse.first + 50));
    process.MustBeAsBefore();
    // The last object lies elsewhere: the young generation's page was filled.
    write();
    checkpoint::NoteLastWritten(reinterpret_cast<uintptr_t>(process.page(kSparse.first + 50)));
    checkpoint::Reset();
    MUST(is_present(kFirstFree + 5) && is_present(kBehindYoung - 1));
    process.MustBeAsBefore();
    // It was noted for one reset.
    write();
    checkpoint::Reset();
    MUST(!is_present(kFirstFree));
  }));
}

TEST(Checkpoint, OfAWaitingRunGivesBackOnlyWhatHoldsNothing) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    process.Write(kFirstFree, 1);
    process.Write(kFirstFree + 2, 1);
    for (size_t page : {kFirstFree + 1, kFirstFree + 3, kBehindYoung - 1}) process.Write(page, 0);
    process.Write(kSparse.first + 50, 1);
    checkpoint::GiveBackUnused();
    auto is_present = [&](size_t page) { return StateOf(process.page(page)).is_present; };
    MUST(!is_present(kBehindYoung - 1) && !is_present(kFirstFree + 3) && is_present(kFirstFree + 1));
    MUST(process.page(kFirstFree)[kFirstFree] == 1 && process.page(kFirstFree + 2)[kFirstFree + 2] == 1);
    MUST(process.page(kSparse.first + 50)[kSparse.first + 50] == 1);
    checkpoint::Reset();
    process.MustBeAsBefore();
  }));
}

namespace {

constexpr uint64_t kSecret = 0x5ec4e75ec4e75ec4;
// More than is zeroed: the rest is given back.
constexpr size_t kSecrets = (300 << 10) / sizeof kSecret;

__attribute__((noinline)) uintptr_t LeaveSecretsOnTheStack() {
  volatile uint64_t secrets[kSecrets];
  for (size_t i = 0; i < kSecrets; i++) secrets[i] = kSecret;
  return reinterpret_cast<uintptr_t>(secrets);
}

__attribute__((noinline)) size_t CountSecrets(uintptr_t begin) {
  // Frames of the reset lay above.
  uintptr_t end = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - 2048;
  size_t count = 0;
  for (; begin < end; begin += sizeof kSecret) count += *reinterpret_cast<const volatile uint64_t*>(begin) == kSecret;
  return count;
}

}  // namespace

TEST(Checkpoint, LeavesNothingOfARunOnTheStack) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    uintptr_t secrets = LeaveSecretsOnTheStack();
    MUST(CountSecrets(secrets) > kSecrets / 2);
    checkpoint::Reset();
    MUST(CountSecrets(secrets) == 0);
  }));
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    uintptr_t secrets = LeaveSecretsOnTheStack();
    checkpoint::GiveBackUnused();
    MUST(!StateOf(reinterpret_cast<void*>(secrets)).is_present);
  }));
}

TEST(Checkpoint, LeavesTheBookAlone) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    auto* piece = static_cast<uint8_t*>(book::Take(kPage));
    piece[5] = 5;
    checkpoint::Reset();
    MUST(piece[5] == 5);
  }));
}

TEST(Checkpoint, IsSealedAgainstTheProcessItself) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    // Linux before 6.10 seals nothing.
    if (!checkpoint::IsSealed()) return;
    auto fixed = reinterpret_cast<uintptr_t>(process.page(kFixed.first));
    MUST(kernel::Protect(fixed, kPage, kReadWrite) == -EPERM);
    MUST(kernel::Unmap(fixed, kPage) == -EPERM);
    auto stack = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) & ~(kPage - 1);
    MUST(kernel::Protect(stack, kPage, PROT_READ | PROT_EXEC) == -EPERM);
    MUST(!kernel::Failed(kernel::Protect(reinterpret_cast<uintptr_t>(process.page(kData.first)), kPage, kReadWrite)));
  }));
}

TEST(Checkpoint, KeepsMemoryBackForTheEndOfARun) {
  EXPECT_TRUE(child::Passes([] {
    Process process(Form::kTracked);
    size_t before = DataBytes();
    rlimit limit{before, RLIM_INFINITY};
    MUST(setrlimit(RLIMIT_DATA, &limit) == 0);
    MUST(mmap(nullptr, kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    process.Write(kData.first, 1);
    MUST(mmap(nullptr, kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    checkpoint::Reset();
    MUST(mmap(nullptr, kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    process.MustBeAsBefore();
  }));
}
