#include "parking.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "book.h"
#include "child.h"
#include "memory_changes.h"
#include "protocol.g.h"
#include "shown_memory.h"
#include "written_pages.h"

namespace {

constexpr int kReadWrite = PROT_READ | PROT_WRITE, kAnew = MAP_PRIVATE | MAP_ANONYMOUS;
constexpr size_t kWord = 8, kPages = 300, kCapacity = 4 << 20;
// Words in front of the parts: the nursery twice, the program break, and two numbers of parts.
constexpr size_t kHead = 5, kBreakAt = 2, kFreshAt = 3, kChangedAt = 4, kWordsOfPart = 3;
constexpr size_t kMostChanges = 256;

// A nursery at its checkpoint: each of its forks is a worker. Memory of all kinds, and a room in the book for one saved run.
class Nursery {
 public:
  Nursery() : memory_(kPages) {
    memory_.Add(0, 50, kReadWrite);
    memory_.Add(100, 20, PROT_NONE);
    memory_.Add(130, 1, PROT_READ);
    memory_.Add(150, 100, kReadWrite);
    std::mt19937_64 random(3);
    for (size_t i = 0; i < 20; i++) Scribble(random, page(i));
    for (size_t i = 150; i < 160; i++) Scribble(random, page(i));
    saved_ = static_cast<uint8_t*>(SharedMemory(kCapacity));
    image_ = static_cast<uint8_t*>(SharedMemory(kPages * kPage));
    length_ = static_cast<size_t*>(SharedMemory(kPage));
    memory_.Take();
    written_pages::EndLearning();
    room_ = static_cast<uint8_t*>(book::Take(kCapacity));
  }

  uint8_t* page(size_t index) const { return memory_.page(index); }
  uintptr_t address(size_t index) const { return memory_.address(index); }
  uint8_t* room() const { return room_; }
  // What lies in each worker of the same nursery at the same address.
  void* fresh() const { return reinterpret_cast<void*>(uintptr_t(0x200000000000)); }

  bool MayBeRead(size_t index) const { return (index < 50 || (index >= 150 && index < 250)) && (ProtectionOf(page(index)) & PROT_READ); }

  // Lets a worker do this, and save its run.
  void Save(const std::function<void()>& run) {
    MUST(child::Passes([&] {
      run();
      *length_ = parking::Save(room_, kCapacity);
      memcpy(saved_, room_, *length_);
      for (size_t i = 0; i < kPages; i++) {
        if (MayBeRead(i)) memcpy(image_ + i * kPage, page(i), kPage);
      }
    }));
  }

  // The run as it was saved; a test may change its words.
  uint64_t* words() const { return reinterpret_cast<uint64_t*>(saved_); }
  size_t count() const { return *length_ / kWord; }
  Slice saved() const { return {saved_, *length_}; }
  // A run that changed nothing, followed by these words.
  void SaveOnly(const std::vector<uint64_t>& pieces) {
    Save([] {});
    MUST(count() == kHead);
    std::copy(pieces.begin(), pieces.end(), words() + kHead);
    *length_ += pieces.size() * kWord;
  }
  bool IsLikeSaved() const {
    for (size_t i = 0; i < kPages; i++) {
      if (MayBeRead(i) && memcmp(image_ + i * kPage, page(i), kPage) != 0) return false;
    }
    return true;
  }

 private:
  ShownMemory memory_;
  uint8_t *saved_, *image_, *room_;
  size_t* length_;
};

// What a run may do with memory that a saved run has.
void RunAtRandom(const Nursery& nursery, std::mt19937_64& random) {
  for (size_t step = 1 + random() % 60; step > 0; step--) {
    size_t index = random() % 2 == 0 ? random() % 50 : 150 + random() % 100;
    switch (random() % 8) {
      case 0: MUST(mprotect(nursery.page(index), kPage, PROT_READ) == 0); break;
      case 1: MUST(mprotect(nursery.page(index), kPage, kReadWrite) == 0); break;
      case 2: MUST(madvise(nursery.page(index), kPage, MADV_DONTNEED) == 0); break;
      case 3: {
        size_t hidden = 100 + random() % 20;
        MUST(mprotect(nursery.page(hidden), kPage, kReadWrite) == 0);
        Scribble(random, nursery.page(hidden));
        break;
      }
      case 4: {
        auto* at = static_cast<uint8_t*>(nursery.fresh()) + random() % 20 * 2 * kPage;
        MUST(mmap(at, kPage, kReadWrite, kAnew | MAP_FIXED, -1, 0) == at);
        Scribble(random, at);
        if (random() % 2 == 0) MUST(mprotect(at, kPage, PROT_READ) == 0);
        break;
      }
      case 5: {
        uintptr_t heap = ProgramBreak();
        MUST(SetProgramBreak(heap + kPage));
        *reinterpret_cast<volatile uint64_t*>(heap) = random();
        break;
      }
      default:
        // A page that is protected but writable for the run, or was made so.
        if (ProtectionOf(nursery.page(index)) == kReadWrite) Scribble(random, nursery.page(index));
    }
  }
}

testing::AssertionResult Refuses(int code, const std::function<void(Nursery&)>& prepare) {
  return child::Exits(code, [&] {
    Nursery nursery;
    prepare(nursery);
    parking::Load(nursery.saved());
  });
}

}  // namespace

TEST(Parking, ARunGoesOnInAnotherWorkerAsItWasSaved) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    EXPECT_TRUE(child::Passes([&] {
      Nursery nursery;
      for (uint64_t run = 0; run < 5; run++) {
        nursery.Save([&] {
          std::mt19937_64 random(seed * 100 + run);
          RunAtRandom(nursery, random);
        });
        MUST(nursery.count() >= kHead);
        // This process is at its checkpoint, like any worker.
        parking::Load(nursery.saved());
        MUST(nursery.IsLikeSaved());
        // Saved again it is the same: new memory, protections and the end of the heap are those of the run.
        size_t length = parking::Save(nursery.room(), kCapacity);
        MUST(length == nursery.saved().length && memcmp(nursery.room(), nursery.saved().data, kHead * kWord) == 0);
        checkpoint::Reset();
        MUST(checkpoint::IsUnchanged() && checkpoint::CanReset());
      }
    })) << "seed "
        << seed;
  }
}

TEST(Parking, BringsNewMemoryWithItsContentAndItsProtection) {
  EXPECT_TRUE(child::Passes([] {
    Nursery nursery;
    auto* fresh = static_cast<uint8_t*>(nursery.fresh());
    uintptr_t heap = ProgramBreak();
    nursery.Save([&] {
      MUST(mmap(fresh, 2 * kPage, kReadWrite, kAnew | MAP_FIXED, -1, 0) == fresh);
      fresh[kPage + 5] = 5;
      MUST(mprotect(fresh + kPage, kPage, PROT_READ) == 0);
      MUST(mprotect(nursery.page(101), kPage, kReadWrite) == 0);
      *nursery.page(101) = 101;
      MUST(SetProgramBreak(heap + kPage));
      *reinterpret_cast<volatile uint8_t*>(heap) = 7;
      MUST(mprotect(nursery.page(4), kPage, PROT_NONE) == 0);
    });
    parking::Load(nursery.saved());
    MUST(fresh[kPage + 5] == 5 && ProtectionOf(fresh) == kReadWrite && ProtectionOf(fresh + kPage) == PROT_READ);
    MUST(*nursery.page(101) == 101 && ProtectionOf(nursery.page(101)) == kReadWrite && ProtectionOf(nursery.page(4)) == PROT_NONE);
    MUST(ProgramBreak() == heap + kPage && *reinterpret_cast<volatile uint8_t*>(heap) == 7);
    checkpoint::Reset();
    MUST(ProtectionOf(fresh) == kUnmapped && ProgramBreak() == heap && ProtectionOf(nursery.page(101)) == PROT_NONE);
  }));
}

TEST(Parking, SavingChangesNothingAndAsksForNoMoreThanThereIs) {
  EXPECT_TRUE(child::Passes([] {
    Nursery nursery;
    for (size_t page : {3, 9, 155, 240}) nursery.page(page)[page] = 200;
    size_t length = parking::Save(nursery.room(), kCapacity);
    // The word of each page with its head, behind the head of the run.
    MUST(length == (kHead + 4 * 3) * kWord);
    for (size_t capacity = 0; capacity < length; capacity++) {
      memset(nursery.room(), 0xee, length + kWord);
      MUST(parking::Save(nursery.room(), capacity) == 0);
      for (size_t i = capacity; i < length + kWord; i++) MUST(nursery.room()[i] == 0xee);
    }
    MUST(parking::Save(nursery.room(), length) == length);
    for (size_t page : {3, 9, 155, 240}) MUST(nursery.page(page)[page] == 200);
    for (size_t page : {2, 156}) MUST(ProtectionOf(nursery.page(page)) == PROT_READ);
  }));
}

TEST(Parking, SavesNothingThatTheResetHasTakenBack) {
  EXPECT_TRUE(child::Passes([] {
    Nursery nursery;
    std::mt19937_64 random(1);
    RunAtRandom(nursery, random);
    checkpoint::Reset();
    MUST(parking::Save(nursery.room(), kCapacity) == kHead * kWord);
  }));
}

TEST(Parking, DoesNotSaveWhatItCannotKnowOrWhatIsTooMuch) {
  // Without a checkpoint of the process.
  EXPECT_TRUE(child::Passes([] {
    ShownMemory memory(10);
    memory.Open(checkpoint::Form::kTracked);
    auto* room = static_cast<uint8_t*>(book::Take(kPage));
    MUST(parking::Save(room, kPage) == 0);
  }));
  auto saves = [](const std::function<void(Nursery&)>& run) {
    Nursery nursery;
    run(nursery);
    return parking::Save(nursery.room(), kCapacity) > 0;
  };
  // After a change that no reset restores.
  EXPECT_TRUE(child::Passes([&] { MUST(!saves([](Nursery& nursery) { mprotect(nursery.page(130), kPage, PROT_NONE); })); }));
  // While the memory kept back is in use.
  EXPECT_TRUE(child::Passes([&] {
    MUST(!saves([](Nursery& nursery) {
      rlimit limit{DataBytes(), RLIM_INFINITY};
      MUST(setrlimit(RLIMIT_DATA, &limit) == 0);
      *nursery.page(1) = 1;
    }));
  }));
  for (size_t changes : {kMostChanges, kMostChanges + 1}) {
    EXPECT_TRUE(child::Passes([&] {
      MUST(saves([&](Nursery& nursery) {
             for (size_t i = 0; i < changes; i++) MUST(mprotect(nursery.page(1), kPage, kReadWrite) == 0);
           }) == (changes == kMostChanges));
    }));
  }
  // More than 16 MB of new memory, however empty. The gaps of the nursery count as well.
  for (size_t megabytes : {15, 17}) {
    EXPECT_TRUE(child::Passes([&] {
      MUST(saves([&](Nursery& nursery) { MUST(mmap(nursery.fresh(), megabytes << 20, kReadWrite, kAnew | MAP_FIXED, -1, 0) == nursery.fresh()); }) ==
           (megabytes == 15));
    }));
  }
  // The heap ends before the checkpoint's.
  EXPECT_TRUE(child::Passes([&] { MUST(!saves([](Nursery&) { MUST(SetProgramBreak(ProgramBreak() - kPage)); })); }));
}

TEST(Parking, RefusesARunOfAnotherNursery) {
  for (size_t word : {0, 1}) {
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, [&](Nursery& nursery) {
      nursery.SaveOnly({});
      nursery.words()[word] ^= 1;
    }));
  }
}

TEST(Parking, RefusesWordsThatAreMissing) {
  EXPECT_TRUE(child::Passes([] {
    Nursery nursery;
    nursery.Save([&] {
      MUST(mmap(nursery.fresh(), kPage, kReadWrite, kAnew | MAP_FIXED, -1, 0) == nursery.fresh());
      MUST(mprotect(nursery.page(4), kPage, PROT_READ) == 0);
      *nursery.page(9) = 1;
    });
    for (size_t length = 0; length < nursery.saved().length; length++) {
      // Without the last piece as a whole it is a run.
      if (length == nursery.saved().length - 3 * kWord) continue;
      MUST(child::Exits(EE_EXIT_PROTOCOL, [&] { parking::Load({nursery.saved().data, length}); }));
    }
  }));
}

TEST(Parking, RefusesNumbersThatNoRunHas) {
  auto with = [](size_t word, uint64_t value) {
    return [=](Nursery& nursery) {
      nursery.SaveOnly({});
      nursery.words()[word] = value;
    };
  };
  for (uint64_t count : {uint64_t(1), uint64_t(1) << 13, uint64_t(1) << 40, ~uint64_t(0)}) {
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(kFreshAt, count))) << count;
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(kChangedAt, count))) << count;
  }
  EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(kBreakAt, 0)));
  EXPECT_TRUE(Refuses(EE_EXIT_NATIVE_MEMORY, [](Nursery& nursery) {
    nursery.SaveOnly({});
    nursery.words()[kBreakAt] += uint64_t(1) << 46;
  }));
}

TEST(Parking, RefusesPartsThatAreNone) {
  auto with = [](size_t count_at, std::vector<uint64_t> part) {
    return [=](Nursery& nursery) {
      nursery.SaveOnly(part);
      nursery.words()[count_at] = 1;
    };
  };
  constexpr uint64_t kAt = 0x200000000000;
  for (size_t count_at : {kFreshAt, kChangedAt}) {
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(count_at, {kAt, kAt, kReadWrite})));
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(count_at, {kAt + kPage, kAt, kReadWrite})));
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(count_at, {kAt + 8, kAt + kPage, kReadWrite})));
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(count_at, {kAt, kAt + 8, kReadWrite})));
  }
  // A change of what the checkpoint does not have is none.
  EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, with(kChangedAt, {kAt, kAt + kPage, kReadWrite})));
  EXPECT_TRUE(Refuses(EE_EXIT_FATAL, with(kFreshAt, {uint64_t(1) << 47, (uint64_t(1) << 47) + kPage, kReadWrite})) ||
              Refuses(EE_EXIT_NATIVE_MEMORY, with(kFreshAt, {uint64_t(1) << 47, (uint64_t(1) << 47) + kPage, kReadWrite})));
  EXPECT_TRUE(Refuses(EE_EXIT_FATAL, with(kFreshAt, {kAt, kAt + kPage, 0xff00})));
}

TEST(Parking, RefusesNewMemoryWhereSomethingLies) {
  for (size_t page : {0, 130, 100}) {
    EXPECT_TRUE(Refuses(EE_EXIT_FATAL, [&](Nursery& nursery) {
      nursery.SaveOnly({nursery.address(page), nursery.address(page + 1), kReadWrite});
      nursery.words()[kFreshAt] = 1;
    }));
  }
}

TEST(Parking, RefusesChangesOfWhatNoResetRestores) {
  EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, [](Nursery& nursery) {
    nursery.SaveOnly({nursery.address(130), nursery.address(131), kReadWrite});
    nursery.words()[kChangedAt] = 1;
  }));
}

TEST(Parking, WritesOnlyWhereARunMayHaveWritten) {
  using Address = std::function<uint64_t(Nursery&)>;
  const std::pair<const char*, Address> places[] = {
      {"the book", [](Nursery&) { return book::begin(); }},
      {"the stack", [](Nursery&) { return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) & ~uint64_t(7); }},
      {"what is only read", [](Nursery& nursery) { return nursery.address(130); }},
      {"what nobody may read", [](Nursery& nursery) { return nursery.address(100); }},
      {"between mappings", [](Nursery& nursery) { return nursery.address(60); }},
      {"behind a mapping", [](Nursery& nursery) { return nursery.address(50) - kWord; }},
      {"no multiple of a word", [](Nursery& nursery) { return nursery.address(1) + 4; }},
      {"behind the heap", [](Nursery&) { return uint64_t(ProgramBreak()); }},
      {"at null", [](Nursery&) { return uint64_t(0); }},
      {"at the end of all addresses", [](Nursery&) { return ~uint64_t(15); }},
  };
  for (const auto& [name, address] : places) {
    EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, [&](Nursery& nursery) { nursery.SaveOnly({address(nursery), 2, 1, 2}); })) << name;
  }
  EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, [](Nursery& nursery) { nursery.SaveOnly({nursery.address(1), ~uint64_t(0) / 8 + 2, 1}); }));
  EXPECT_TRUE(Refuses(EE_EXIT_PROTOCOL, [](Nursery& nursery) { nursery.SaveOnly({nursery.address(1), 3, 1, 2}); }));
}

// Changed words at random: the run is refused with one of the codes, or touches only what the next reset restores.
TEST(Parking, OfAnyWordsEndsInOrderOrLeavesNothingBehind) {
  EXPECT_TRUE(child::Passes([] {
    Nursery nursery;
    nursery.Save([&] {
      std::mt19937_64 random(5);
      RunAtRandom(nursery, random);
    });
    size_t count = nursery.count();
    std::vector<uint64_t> words(nursery.words(), nursery.words() + count);
    std::mt19937_64 random(11);
    int loaded = 0;
    for (int round = 0; round < 300; round++) {
      memcpy(nursery.words(), words.data(), count * kWord);
      for (size_t changes = 1 + random() % 3; changes > 0; changes--) {
        uint64_t& word = nursery.words()[2 + random() % (count - 2)];
        const uint64_t values[] = {random(), word ^ (uint64_t(1) << random() % 64), word + kPage, nursery.words()[random() % count], random() % 8};
        word = values[random() % 5];
      }
      auto load = [&] {
        parking::Load(nursery.saved());
        checkpoint::Reset();
        MUST(checkpoint::IsUnchanged() && checkpoint::CanReset());
      };
      testing::AssertionResult passes = child::Passes(load);
      loaded += passes;
      bool in_order = passes || child::Exits(EE_EXIT_PROTOCOL, load) || child::Exits(EE_EXIT_FATAL, load) || child::Exits(EE_EXIT_NATIVE_MEMORY, load);
      if (!in_order) fprintf(stderr, "round %d: %s\n", round, passes.message());
      MUST(in_order);
    }
    MUST(loaded > 10 && loaded < 290);
  }));
}
