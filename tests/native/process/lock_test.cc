#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "child.h"
#include "protocol.g.h"

namespace {

constexpr uint64_t kMegabyte = 1 << 20;
// What a run may map beyond its limit, since V8 itself needs it.
constexpr uint64_t kRunAllowance = 24 * kMegabyte;
constexpr uint64_t kDataBytes = 200 * kMegabyte;
constexpr uint32_t kUid = 60'123;

LockPlan Plan(int64_t layers) {
  LockPlan plan;
  plan.layers = layers;
  plan.uid = kUid;
  plan.data_bytes = kDataBytes;
  plan.cpu_seconds = 1000;
  return plan;
}

// The words behind this name in the status of the process, or nothing.
std::string Status(const char* name) {
  FILE* file = fopen("/proc/thread-self/status", "re");
  MUST(file != nullptr);
  char line[256];
  std::string found;
  while (fgets(line, sizeof line, file) != nullptr) {
    if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') found = line + strlen(name) + 1;
  }
  fclose(file);
  found.erase(0, found.find_first_not_of(" \t"));
  found.erase(found.find_last_not_of('\n') + 1);
  return found;
}

uint64_t Capabilities(const char* set) { return strtoull(Status(set).c_str(), nullptr, 16); }

rlim_t Limit(__rlimit_resource resource) {
  rlimit limit;
  MUST(getrlimit(resource, &limit) == 0);
  return limit.rlim_cur;
}

// The most megabytes that can be mapped in addition.
uint64_t MegabytesThatFit() {
  for (uint64_t size = 1; size < 4096; size++) {
    long at = kernel::Map(size * kMegabyte);
    if (kernel::Failed(at)) return size - 1;
    kernel::Unmap(uintptr_t(at), size * kMegabyte);
  }
  return 4096;
}

bool IsRoot() { return geteuid() == 0; }

// A filter that answers this call with this action, and allows all others.
std::vector<uint8_t> FilterOf(uint32_t call, uint32_t action) {
  const sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  auto* bytes = reinterpret_cast<const uint8_t*>(program);
  return {bytes, bytes + sizeof program};
}

// For the body of a child whose parent is this test.
void Prepare(User user = User::kStays) { MUST(PrepareLock(getppid(), user)); }

}  // namespace

TEST(Lock, AtTheStartLeavesNoRightsThatNoLaterStepNeeds) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    MUST(Capabilities("CapEff") == 0 && Capabilities("CapPrm") == 0 && Capabilities("CapInh") == 0 && Capabilities("CapAmb") == 0);
    MUST(Status("NoNewPrivs") == "1" && Limit(RLIMIT_CORE) == 0);
    int signal = 0;
    MUST(prctl(PR_GET_PDEATHSIG, &signal) == 0 && signal == SIGKILL);
  }));
}

TEST(Lock, AtTheStartKeepsTheRightsToChangeTheUserOnlyIfItWillChange) {
  if (!IsRoot()) GTEST_SKIP() << "needs root";
  EXPECT_TRUE(child::Passes([] {
    constexpr uint64_t kSetGid = 1 << 6, kSetUid = 1 << 7, kKill = 1 << 5;
    uint64_t before = Capabilities("CapEff");
    // As a container may have left it: one right also goes to programs that the process executes.
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2];
    MUST(syscall(SYS_capget, &header, data) == 0);
    data[0].inheritable |= kKill;
    MUST(syscall(SYS_capset, &header, data) == 0 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 5, 0, 0) == 0);
    MUST(Capabilities("CapInh") == kKill && Capabilities("CapAmb") == kKill);
    Prepare(User::kLeaves);
    MUST(Capabilities("CapEff") == (before & (kSetGid | kSetUid | kKill)) && Capabilities("CapInh") == 0 && Capabilities("CapAmb") == 0);
    MUST(Capabilities("CapBnd") == 0);
  }));
}

TEST(Lock, EndsAProcessWhoseParentIsGone) {
  EXPECT_TRUE(child::Exits(EE_EXIT_ORPHAN, [] { PrepareLock(getppid() + 1, User::kStays); }));
  EXPECT_TRUE(child::Exits(EE_EXIT_ORPHAN, [] {
    Prepare();
    LockCell(Plan(0), getppid() + 1, 0);
  }));
}

TEST(Lock, OfANurseryBoundsTheMemoryThatItMapsInAddition) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    MUST(LockNursery(Plan(EE_LAYER_LIMITS)) == EE_LAYER_LIMITS);
    uint64_t fit = MegabytesThatFit();
    MUST(fit == kDataBytes / kMegabyte || fit == kDataBytes / kMegabyte - 1);
    MUST(Limit(RLIMIT_FSIZE) == 0 && Limit(RLIMIT_MEMLOCK) == 0 && Limit(RLIMIT_MSGQUEUE) == 0);
    MUST(Limit(RLIMIT_SIGPENDING) <= rlim_t(kPendingSignals) && Limit(RLIMIT_NOFILE) <= 16);
  }));
}

// Memory that may only be read counts as well, with the address space that V8 reserves.
TEST(Lock, OfANurseryBoundsItsAddresses) {
  EXPECT_TRUE(child::Passes([] {
    constexpr size_t kStep = kMegabyte, kReserved = 128;
    Prepare();
    LockNursery(Plan(EE_LAYER_LIMITS));
    size_t mapped = 0;
    while (mapped < 4096 && mmap(nullptr, kStep, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED) mapped++;
    constexpr size_t kMost = kDataBytes / kMegabyte + kReserved;
    MUST(mapped == kMost || mapped == kMost - 1);
  }));
}

TEST(Lock, OfANurseryHoldsOnlyTheLayersOfThePlan) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    rlim_t data = Limit(RLIMIT_DATA);
    MUST(LockNursery(Plan(0)) == 0);
    MUST(Limit(RLIMIT_DATA) == data && prctl(PR_GET_DUMPABLE) == 0);
    for (int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2}) raise(number);
  }));
}

TEST(Lock, RefusesToMakeWrittenMemoryExecutable) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    // Linux before 6.3 cannot refuse it, and says so.
    if (LockNursery(Plan(EE_LAYER_NO_EXEC)) == 0) return;
    long at = kernel::Map(kPage);
    MUST(kernel::Protect(uintptr_t(at), kPage, PROT_READ | PROT_EXEC) == -EACCES);
  }));
}

TEST(Lock, BoundsEachRunByItsOwnLimitUpToThatOfTheWorker) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    LockNursery(Plan(EE_LAYER_LIMITS));
    auto fits = [](uint64_t limit) {
      BoundRun(limit * kMegabyte);
      return MegabytesThatFit();
    };
    constexpr uint64_t kAllowance = kRunAllowance / kMegabyte, kWorker = kDataBytes / kMegabyte;
    // Smaller, larger, and larger than the worker's: none leaves a trace.
    for (uint64_t limit : {10, 100, 20, 500, 64, 0}) {
      uint64_t expected = std::min(limit + kAllowance, kWorker), fit = fits(limit);
      MUST(fit == expected || fit == expected - 1);
    }
  }));
}

TEST(Lock, BoundsARunThoughTheHardLimitWasLoweredMeanwhile) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    LockNursery(Plan(EE_LAYER_LIMITS));
    rlimit lower;
    getrlimit(RLIMIT_DATA, &lower);
    lower.rlim_cur = lower.rlim_max = lower.rlim_max - 150 * kMegabyte;
    MUST(setrlimit(RLIMIT_DATA, &lower) == 0);
    BoundRun(10 * kMegabyte);
    uint64_t fit = MegabytesThatFit();
    MUST(fit >= 33 && fit <= 34);
    BoundRun(500 * kMegabyte);
    MUST(Limit(RLIMIT_DATA) == lower.rlim_max);
  }));
}

TEST(Lock, BoundsNoRunWithoutTheLayer) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    LockNursery(Plan(0));
    rlim_t before = Limit(RLIMIT_DATA);
    BoundRun(kMegabyte);
    MUST(Limit(RLIMIT_DATA) == before);
  }));
}

TEST(Lock, OfACellLeavesNoFilesProcessesOrCapabilities) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    LockPlan plan = Plan(EE_LAYER_LIMITS);
    uint32_t held = LockNursery(plan);
    pid_t nursery = getpid();
    MUST(child::Passes([&] {
      MUST(LockCell(plan, nursery, held) == EE_LAYER_LIMITS);
      MUST(open("/", O_RDONLY) < 0 && errno == EMFILE);
      MUST(Limit(RLIMIT_NPROC) == 0 && Limit(RLIMIT_CPU) == 1000 && Limit(RLIMIT_NOFILE) == rlim_t(kOpenFiles));
      MUST(prctl(PR_GET_DUMPABLE) == 0);
      int signal = 0;
      MUST(prctl(PR_GET_PDEATHSIG, &signal) == 0 && signal == SIGKILL);
    }));
  }));
}

TEST(Lock, OfACellClaimsNoLimitsThatItsNurseryLacks) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    MUST(LockCell(Plan(0), 0, EE_LAYER_LIMITS) == 0);
    MUST(LockCell(Plan(EE_LAYER_LIMITS), 0, 0) == 0);
  }));
}

TEST(Lock, OfACellTakesItsUserAndThenHasNoRights) {
  if (!IsRoot()) GTEST_SKIP() << "needs root";
  EXPECT_TRUE(child::Passes([] {
    Prepare(User::kLeaves);
    MUST(LockCell(Plan(EE_LAYER_USER), 0, 0) == EE_LAYER_USER);
    uid_t real, effective, saved;
    MUST(getresuid(&real, &effective, &saved) == 0 && real == kUid && effective == kUid && saved == kUid);
    MUST(getresgid(&real, &effective, &saved) == 0 && real == kUid && effective == kUid && saved == kUid);
    MUST(getgroups(0, nullptr) == 0 && Capabilities("CapEff") == 0 && Capabilities("CapPrm") == 0);
    MUST(setuid(0) != 0 && prctl(PR_GET_DUMPABLE) == 0);
  }));
}

TEST(Lock, ClaimsNoUserThatItCannotTake) {
  EXPECT_TRUE(child::Exits(
      0,
      [] {
        // Without the rights to change it.
        Prepare(User::kStays);
        MUST((LockCell(Plan(EE_LAYER_USER), 0, 0) & EE_LAYER_USER) == 0);
      },
      "enclave-engine: lock: user: "));
}

TEST(Lock, FiltersCalls) {
  EXPECT_TRUE(child::Passes([] {
    Prepare();
    LockPlan plan = Plan(EE_LAYER_SECCOMP);
    plan.filter = FilterOf(SYS_getpgrp, SECCOMP_RET_ERRNO | EACCES);
    MUST(kernel::Call(SYS_getpgrp) > 0);
    MUST(FilterCalls(plan) == EE_LAYER_SECCOMP);
    MUST(kernel::Call(SYS_getpgrp) == -EACCES && kernel::Call(SYS_getpid) > 0);
  }));
  EXPECT_TRUE(child::Dies(SIGSYS, [] {
    Prepare();
    LockPlan plan = Plan(EE_LAYER_SECCOMP);
    plan.filter = FilterOf(SYS_getpgrp, SECCOMP_RET_KILL_PROCESS);
    FilterCalls(plan);
    kernel::Call(SYS_getpgrp);
  }));
}

TEST(Lock, ClaimsNoFilterThatTheKernelRefused) {
  for (std::vector<uint8_t> filter : {std::vector<uint8_t>(), std::vector<uint8_t>(2 * kInstructionBytes, 0xff)}) {
    EXPECT_TRUE(child::Exits(
        0,
        [&] {
          Prepare();
          LockPlan plan = Plan(EE_LAYER_SECCOMP);
          plan.filter = filter;
          MUST(FilterCalls(plan) == 0);
        },
        "lock: the system call filter was refused"));
  }
  EXPECT_TRUE(child::Passes([] {
    LockPlan plan = Plan(EE_LAYER_ALL & ~EE_LAYER_SECCOMP);
    plan.filter = FilterOf(SYS_getpgrp, SECCOMP_RET_KILL_PROCESS);
    MUST(FilterCalls(plan) == 0 && kernel::Call(SYS_getpgrp) > 0);
  }));
}

TEST(Lock, NamesTheRefusedCallWhileItLearns) {
  EXPECT_TRUE(child::Exits(
      128 + SIGSYS,
      [] {
        Prepare();
        LockPlan plan = Plan(EE_LAYER_SECCOMP | EE_LAYER_LEARNING);
        plan.filter = FilterOf(SYS_getpgrp, SECCOMP_RET_TRAP);
        LockNursery(plan);
        FilterCalls(plan);
        kernel::Call(SYS_getpgrp, 0x12);
      },
      "enclave-engine: system call 111 (12, "));
}

TEST(Lock, OffersTheProcessFirstWhenMemoryIsShort) {
  EXPECT_TRUE(child::Passes([] {
    auto score = [] {
      char text[16] = {};
      int file = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
      MUST(read(file, text, sizeof text - 1) > 0);
      close(file);
      return atoi(text);
    };
    EndFirst(-1);
    MUST(score() == 1000);
    // Back, by the descriptor that a jail has.
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (write(file, "0", 1) != 1) return;
    close(file);
    int proc = open("/proc", O_PATH | O_CLOEXEC);
    EndFirst(proc);
    MUST(score() == 1000);
  }));
  EXPECT_TRUE(child::Exits(
      0,
      [] {
        rlimit none{3, 3};
        MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
        EndFirst(-1);
      },
      "lock: priority when memory is short"));
}

TEST(Landlock, LeavesOneFileToReadAndNoOther) {
  char path[] = "/tmp/landlock-XXXXXX";
  int file = mkstemp(path);
  ASSERT_GE(file, 0);
  close(file);
  EXPECT_TRUE(child::Passes([&] {
    MUST(LandlockVersion() == 0);
    Prepare();
    if (!ConfineFiles(path)) {
      // Kernels without it.
      MUST(LandlockVersion() == 0);
      return;
    }
    MUST(LandlockVersion() > 0);
    MUST(open(path, O_RDONLY) >= 0);
    MUST(open(path, O_WRONLY) < 0 && errno == EACCES);
    MUST(open("/proc/self/maps", O_RDONLY) < 0 && errno == EACCES);
    MUST(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
    MUST(mkdir("/tmp/of-a-worker", 0700) < 0 && errno == EACCES && unlink(path) < 0 && errno == EACCES);
  }));
  unlink(path);
}

TEST(Landlock, IsNotInForceForAFileThatIsMissing) {
  EXPECT_TRUE(child::Exits(
      0,
      [] {
        Prepare();
        MUST(!ConfineFiles("/tmp/missing/snapshot"));
        MUST(LandlockVersion() == 0 && open("/", O_RDONLY) >= 0);
      },
      "enclave-engine: Landlock: "));
}
