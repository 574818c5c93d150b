#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/rseq.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "book.h"
#include "checkpoint.h"
#include "child.h"
#include "protocol.g.h"
#include "shown_memory.h"

using checkpoint::Form;

namespace {

constexpr int kReadWrite = PROT_READ | PROT_WRITE;

}  // namespace

// Each case ends with the reason in the log.
TEST(TakingACheckpoint, FailsForMemoryThatCannotBeRestored) {
  EXPECT_TRUE(child::Exits(
      0,
      [] {
        ShownMemory memory(10);
        memory.Add(1, 2, kReadWrite);
        memory.HideStack();
        memory.Open(Form::kTracked);
        MUST(!checkpoint::Take(0));
      },
      "checkpoint: the stack is not among the mappings"));
  for (const char* line : {"no list\n", "7f0000000000-7f0000001000 rw-s 00000000 00:00 0 \n", "7f0000000000-7f0000001000 rw-p"}) {
    EXPECT_TRUE(child::Exits(
        0,
        [&] {
          ShownMemory memory(10);
          memory.HideStack();
          memory.AddLine(line);
          memory.Open(Form::kTracked);
          MUST(!checkpoint::Take(0));
        },
        "checkpoint: the own mappings cannot be read"))
        << line;
  }
  // One page more than a gigabyte, all of which has content, since it is a file's.
  EXPECT_TRUE(child::Exits(
      0,
      [] {
        ShownMemory memory(10);
        memory.AddLine("100000000000-100040001000 rw-p 00000000 08:01 7 /file\n");
        memory.Open(Form::kTracked);
        MUST(!checkpoint::Take(0));
      },
      "checkpoint: too much memory"));
}

TEST(TakingACheckpoint, FailsForMoreGapsThanAreCounted) {
  constexpr size_t kMostGaps = 4096, kApart = 66;
  auto take = [](size_t gaps) {
    ShownMemory memory(gaps * kApart);
    memory.Add(0, gaps * kApart, kReadWrite);
    // A gap before each page with content.
    for (size_t i = 1; i <= gaps; i++) *memory.page(i * kApart - 1) = 1;
    memory.Open(Form::kTracked);
    return checkpoint::Take(0);
  };
  EXPECT_TRUE(child::Passes([&] { MUST(take(kMostGaps)); }));
  EXPECT_TRUE(child::Exits(
      0, [&] { MUST(!take(kMostGaps + 1)); }, "checkpoint: too many gaps"));
}

TEST(TakingACheckpoint, NeedsTheListOfMappings) {
  EXPECT_TRUE(child::Passes([] {
    rlimit none{3, 3};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    MUST(!checkpoint::OpenMaps());
  }));
}

TEST(TakingACheckpoint, MovesItsFilesOutOfTheWayAndClosesThem) {
  EXPECT_TRUE(child::Passes([] {
    ShownMemory memory(10);
    memory.Add(1, 2, kReadWrite);
    *memory.page(1) = 1;
    memory.Open(Form::kTracked);
    auto is_open = [](int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; };
    MUST(dup2(2, kControl) == kControl && dup2(2, 40) == 40);
    MUST(checkpoint::MoveMaps());
    MUST(is_open(5) && is_open(6) && is_open(kControl));
    for (int descriptor = kControl + 1; descriptor < 64; descriptor++) MUST(!is_open(descriptor));
    MUST(checkpoint::Take(0));
    MUST(!is_open(5) && !is_open(6));
  }));
}

namespace {

// In the data of the program, which a checkpoint of the whole process has.
volatile int global = 7;

// The kernel may write there at any moment.
void StopSharing() {
  constexpr int kUnregister = 1;
  constexpr unsigned kSignature = 0x53053053;
  if (__rseq_size > 0) syscall(SYS_rseq, static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset, 32, kUnregister, kSignature);
}

}  // namespace

// With the kernel's own list, so that everything of this process is restored: its data, its heap, and the data of its libraries.
TEST(TakingACheckpoint, OfAWholeProcessRestoresIt) {
  for (Form form : {Form::kTracked, Form::kCopied}) {
    EXPECT_TRUE(child::Passes([&] {
      StopSharing();
      auto* heap = new std::vector<int>(1000, 3);
      MUST(checkpoint::OpenMaps());
      book::Open(checkpoint::BookBytes() + (1 << 20));
      checkpoint::Prepare(form);
      MUST(checkpoint::Take(0));
      for (int job = 0; job < 3; job++) {
        MUST(global == 7 && heap->size() == 1000 && heap->at(999) == 3);
        global = job;
        for (int i = 0; i < 100'000; i++) heap->push_back(i);
        heap->at(999) = job;
        setenv("OF_A_RUN", std::to_string(job).c_str(), 1);
        checkpoint::Reset();
        MUST(checkpoint::IsUnchanged() && getenv("OF_A_RUN") == nullptr);
      }
    })) << (form == Form::kTracked ? "tracked" : "copied");
  }
}

TEST(TakingACheckpoint, LeavesMemoryWhoseChangeCannotBeUndone) {
  EXPECT_TRUE(child::Exits(EE_EXIT_FATAL, [] {
    ShownMemory memory(10);
    memory.Add(1, 2, kReadWrite);
    memory.Add(4, 1, PROT_READ);
    *memory.page(1) = 1;
    memory.Take();
    MUST(checkpoint::CanReset());
    // Whether the kernel refuses it or not.
    mprotect(memory.page(4), kPage, kReadWrite);
    MUST(!checkpoint::CanReset());
    checkpoint::Reset();
  }));
  EXPECT_TRUE(child::Passes([] {
    ShownMemory memory(10);
    memory.Add(1, 2, kReadWrite, true);
    memory.Take();
    MUST(madvise(memory.page(1), kPage, MADV_DONTNEED) == 0);
    MUST(!checkpoint::CanReset());
  }));
}
