#include "memory_limits.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "child.h"
#include "protocol.g.h"
#include "shown_memory.h"
#include "v8_in_tests.h"

namespace {

constexpr size_t kMegabyte = 1 << 20, kHeadroom = 8 * kMegabyte, kLimit = 64 * kMegabyte, kYoung = 2 * kMegabyte;
constexpr int kMostRefusals = 32;

class MemoryLimits : public testing::Test {
 protected:
  MemoryLimits() {
    v8_in_tests = V8InTests();
    isolate_ = MakeV8InTests(&owner_);
    owner_.heap.SetYoung(kYoung);
    owner_.heap.Attach(&owner_);
    owner_.heap.Limit(kLimit);
  }
  ~MemoryLimits() override { free(static_cast<void*>(isolate_)); }

  size_t NearLimit(size_t current) { return v8_in_tests.near_limit(v8_in_tests.near_limit_data, current, kLimit); }
  void Collect() {
    v8_in_tests.before_gc(isolate_, v8::kGCTypeMarkSweepCompact, v8::kNoGCCallbackFlags);
    v8_in_tests.after_gc(isolate_, v8::kGCTypeMarkSweepCompact, v8::kNoGCCallbackFlags);
  }

  StopReason Stop() const { return owner_.stop; }

  Isolate owner_;
  v8::Isolate* isolate_;
  BufferBudget& buffers_ = owner_.buffers;
};

}  // namespace

TEST_F(MemoryLimits, BuffersFitUpToTheLastByteOfTheLimit) {
  void* all = buffers_.Allocate(kLimit);
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(buffers_.used(), kLimit);
  EXPECT_FALSE(buffers_.TakeRefused());

  EXPECT_EQ(buffers_.Allocate(1), nullptr);
  EXPECT_TRUE(buffers_.TakeRefused());
  EXPECT_FALSE(buffers_.TakeRefused()) << "told twice";
  EXPECT_EQ(buffers_.used(), kLimit);

  buffers_.Free(all, kLimit);
  EXPECT_EQ(buffers_.used(), 0u);
  EXPECT_EQ(buffers_.Allocate(kLimit + 1), nullptr);
  EXPECT_EQ(buffers_.used(), 0u);
}

TEST_F(MemoryLimits, BuffersHoldZerosInBothWaysOfAsking) {
  for (bool initialized : {true, false}) {
    auto* data = static_cast<uint8_t*>(initialized ? buffers_.Allocate(1000) : buffers_.AllocateUninitialized(1000));
    for (size_t i = 0; i < 1000; i++) ASSERT_EQ(data[i], 0);
    memset(data, 0xff, 1000);
    buffers_.Free(data, 1000);
  }
}

TEST_F(MemoryLimits, BuffersOfLibrariesDoNotCountForTheJob) {
  void* library = buffers_.Allocate(kMegabyte);
  buffers_.SetBase(buffers_.used());
  buffers_.SetLimit(kLimit);
  void* job = buffers_.Allocate(kLimit);
  EXPECT_NE(job, nullptr);
  EXPECT_EQ(buffers_.Allocate(1), nullptr);
  buffers_.Free(job, kLimit);
  buffers_.Free(library, kMegabyte);
}

TEST_F(MemoryLimits, BuffersAreCountedWhateverIsTakenAndGivenBack) {
  for (uint64_t seed = 1; seed <= 10; seed++) {
    std::mt19937_64 random(seed);
    std::vector<std::pair<void*, size_t>> live;
    size_t used = 0;
    for (int step = 0; step < 500; step++) {
      if (random() % 3 != 0 || live.empty()) {
        size_t length = random() % (8 * kMegabyte);
        v8_in_tests.no_memory = random() % 8 == 0;
        void* data = buffers_.Allocate(length);
        ASSERT_EQ(data != nullptr, used + length <= kLimit && !v8_in_tests.no_memory);
        ASSERT_EQ(buffers_.TakeRefused(), data == nullptr);
        if (data != nullptr) {
          live.emplace_back(data, length);
          used += length;
        }
      } else {
        std::swap(live[random() % live.size()], live.back());
        buffers_.Free(live.back().first, live.back().second);
        used -= live.back().second;
        live.pop_back();
      }
      ASSERT_EQ(buffers_.used(), used);
    }
    for (auto [data, length] : live) buffers_.Free(data, length);
  }
}

TEST_F(MemoryLimits, ThePeakIsWhatWasHeldBeyondTheBeginning) {
  v8_in_tests.heap = 10 * kMegabyte;
  owner_.heap.BeginJob();
  EXPECT_EQ(owner_.heap.peak(), 0u);
  v8_in_tests.heap = 13 * kMegabyte;
  Collect();
  v8_in_tests.heap = 5 * kMegabyte;
  Collect();
  EXPECT_EQ(owner_.heap.peak(), 3 * kMegabyte);
  owner_.heap.BeginJob();
  EXPECT_EQ(owner_.heap.peak(), 0u);
}

TEST_F(MemoryLimits, ThePeakHasBuffersThatAreFreedWithoutACollection) {
  owner_.heap.BeginJob();
  void* large = buffers_.Allocate(3 * kMegabyte);
  buffers_.Free(large, 3 * kMegabyte);
  EXPECT_EQ(owner_.heap.peak(), 3 * kMegabyte);

  owner_.heap.BeginJob();
  std::vector<void*> small;
  for (int i = 0; i < 64; i++) small.push_back(buffers_.Allocate(1 << 10));
  for (void* data : small) buffers_.Free(data, 1 << 10);
  EXPECT_EQ(owner_.heap.peak(), 64u << 10);
}

TEST_F(MemoryLimits, TheHeapHasTheLimitWithoutTheYoungGeneration) {
  EXPECT_EQ(v8_in_tests.limit, kLimit - kYoung);
  EXPECT_NE(v8_in_tests.near_limit, nullptr);
  EXPECT_EQ(owner_.memory_limit, kLimit);
  owner_.heap.SetBase(5 * kMegabyte);
  owner_.heap.Limit(kLimit / 2);
  EXPECT_EQ(v8_in_tests.limit, kLimit / 2 - kYoung + 5 * kMegabyte);
  EXPECT_EQ(buffers_.Allocate(kLimit / 2 + 1), nullptr);
  owner_.heap.Limit(kYoung);
  EXPECT_EQ(v8_in_tests.limit, 5 * kMegabyte + 1);
}

TEST_F(MemoryLimits, AFullHeapStopsTheRunWithHeadroomAndThenEndsTheProcess) {
  EXPECT_EQ(NearLimit(kLimit), kLimit + kHeadroom);
  EXPECT_EQ(Stop(), StopReason::kMemory);
  EXPECT_EQ(v8_in_tests.terminations, 1);
  EXPECT_TRUE(child::Exits(
      EE_EXIT_HEAP_LIMIT, [&] { NearLimit(kLimit + kHeadroom); }, "heap limit"));
}

TEST_F(MemoryLimits, ARefusedBufferIsNoFullHeapUntilItWasRefusedTooOften) {
  owner_.heap.BeginJob();
  for (int i = 0; i < kMostRefusals; i++) {
    EXPECT_EQ(buffers_.Allocate(kLimit + 1), nullptr);
    EXPECT_EQ(NearLimit(kLimit), kLimit);
  }
  EXPECT_EQ(Stop(), StopReason::kNone);
  EXPECT_EQ(buffers_.Allocate(kLimit + 1), nullptr);
  EXPECT_EQ(NearLimit(kLimit), kLimit);
  EXPECT_EQ(Stop(), StopReason::kMemory);
}

TEST_F(MemoryLimits, RefusalsAreCountedForOneJob) {
  for (int job = 0; job < 3; job++) {
    owner_.heap.BeginJob();
    for (int i = 0; i < kMostRefusals; i++) {
      buffers_.Allocate(kLimit + 1);
      NearLimit(kLimit);
    }
  }
  EXPECT_EQ(Stop(), StopReason::kNone);
}

TEST_F(MemoryLimits, HeapAndBuffersShareOneLimit) {
  owner_.heap.SetBase(3 * kMegabyte);
  v8_in_tests.heap = kLimit + 3 * kMegabyte + kHeadroom;
  Collect();
  EXPECT_EQ(Stop(), StopReason::kNone) << "without buffers the heap has its own guard";
  void* data = buffers_.Allocate(kMegabyte);
  v8_in_tests.heap -= kMegabyte;
  Collect();
  EXPECT_EQ(Stop(), StopReason::kNone);
  v8_in_tests.heap++;
  Collect();
  EXPECT_EQ(Stop(), StopReason::kMemory);
  buffers_.Free(data, kMegabyte);
}

TEST_F(MemoryLimits, TheYoungGenerationEndsWhereTheNextObjectLies) {
  v8_in_tests.next_number = 0x123456789;
  EXPECT_EQ(owner_.heap.YoungEnd(), 0x123456789u);
}

TEST_F(MemoryLimits, EachEndOfMemoryHasItsOwnCode) {
  InstallFatalHandlers(isolate_);
  EXPECT_TRUE(child::Exits(
      EE_EXIT_HEAP, [] { v8_in_tests.out_of_memory("a place", {}); }, "a place"));
  EXPECT_TRUE(child::Exits(
      EE_EXIT_FATAL, [] { v8_in_tests.fatal("a place", "a message"); }, "a message"));
  EXPECT_TRUE(child::Exits(
      EE_EXIT_FATAL, [] { v8_in_tests.fatal("a place", nullptr); }, "a place"));
  EXPECT_TRUE(child::Exits(
      EE_EXIT_NATIVE_MEMORY,
      [] {
        InstallFatalHandlers();
        volatile size_t size = size_t(1) << 60;
        ::operator delete(::operator new(size));
      },
      "operator new"));
}

// The memory kept back for the end of a run is the checkpoint's.
TEST_F(MemoryLimits, ABufferThatFindsNoMemoryReleasesWhatIsKeptBack) {
  EXPECT_TRUE(child::Passes([&] {
    ShownMemory memory(10);
    memory.Add(1, 2, PROT_READ | PROT_WRITE);
    *memory.page(1) = 1;
    memory.Take();
    size_t before = DataBytes();
    v8_in_tests.no_memory = true;
    MUST(buffers_.Allocate(kPage) == nullptr && buffers_.TakeRefused() && buffers_.used() == 0);
    MUST(DataBytes() < before);
    // Kept back again by the next buffer that fits.
    v8_in_tests.no_memory = false;
    MUST(buffers_.Allocate(kPage) != nullptr && DataBytes() >= before);
    // None fits while there is too little memory to keep it back.
    v8_in_tests.no_memory = true;
    MUST(buffers_.Allocate(kPage) == nullptr);
    v8_in_tests.no_memory = false;
    rlimit limit{DataBytes(), RLIM_INFINITY};
    MUST(setrlimit(RLIMIT_DATA, &limit) == 0);
    MUST(buffers_.Allocate(kPage) == nullptr && buffers_.TakeRefused() && buffers_.used() == kPage);
  }));
}
