// The last lock: the rights of the process once it is warm. Each step applies to all threads and cannot be undone.
#include "lock.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "check.h"
#include "exit.h"
#include "kernel.h"

namespace {

constexpr int kRefuseExecGain = 65;

// Memory beyond the limit of a run that V8 itself may need: the headroom of its heap's limit, semi-spaces, zones of the compilers.
constexpr rlim_t kRunAllowance = rlim_t(24) << 20;

// V8 reserves address space that it uses in part. Only the limit of address space counts memory that was written and may only be read afterwards, and
// page tables of mapped memory: 4 KB for each 2 MB that are touched.
constexpr rlim_t kReservedBytes = rlim_t(128) << 20;

// The kernel ends processes with this value before all with a lower one.
constexpr char kEndsFirst[] = "1000";

// A nursery holds the descriptors of one order at a time.
constexpr rlim_t kDescriptors = 16;

static_assert(sizeof(sock_filter) == kInstructionBytes && kMaxFilterBytes == BPF_MAXINSNS * sizeof(sock_filter));

pid_t parent_pid;

void Complain(const char* what) { fprintf(stderr, "enclave-engine: lock: %s: %s\n", what, strerror(errno)); }

bool DieWith(pid_t wanted) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  // The parent may have died before the line above. The first process of a pid namespace sees 0 as its parent.
  pid_t parent = getppid();
  if (parent != 0 && parent != wanted) _exit(EE_EXIT_ORPHAN);
  return true;
}

// Stopping a service signals all its processes, but the host decides when a worker ends.
void IgnoreRequestsToEnd() {
  for (int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2}) signal(number, SIG_IGN);
}

bool SetLimit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{value, value};
  return setrlimit(resource, &limit) == 0;
}

bool CanMapAPage() {
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return false;
  munmap(page, kPage);
  return true;
}

// The bytes that count against this limit now: for RLIMIT_DATA private writable memory, for RLIMIT_AS all mappings. A jail has no /proc to read them from.
// So limits are tried, and halve the range, until the two ends are a page apart:
//
//   limit   0 ......... low | used | high ......... 1 TB
//           no further page can be mapped | one can
rlim_t UsedOf(__rlimit_resource resource) {
  rlimit before;
  getrlimit(resource, &before);
  rlim_t low = 0, high = rlim_t(1) << 40;
  while (high - low > kPage) {
    rlim_t middle = low + (high - low) / 2;
    rlimit probe{middle, before.rlim_max};
    setrlimit(resource, &probe);
    (CanMapAPage() ? high : low) = middle;
  }
  setrlimit(resource, &before);
  return high;
}

// No more than the current limit: raising a limit needs a right.
bool LowerLimit(__rlimit_resource resource, rlim_t value) {
  rlimit before;
  return getrlimit(resource, &before) == 0 && SetLimit(resource, std::min(value, before.rlim_max));
}

// The values that the limits of memory were set to; 0 for none.
rlim_t data_used = 0, data_most = 0;

// Limits that cells inherit. The first bounds the memory mapped in addition to that of the nursery.
bool LimitNursery(const LockPlan& plan) {
  DCHECK(data_most == 0);
  rlim_t data = UsedOf(RLIMIT_DATA), mapped = UsedOf(RLIMIT_AS), more = rlim_t(plan.data_bytes);
  bool ok = SetLimit(RLIMIT_DATA, data + more) && LowerLimit(RLIMIT_AS, mapped + more + kReservedBytes) &&
            LowerLimit(RLIMIT_SIGPENDING, rlim_t(kPendingSignals)) && LowerLimit(RLIMIT_NOFILE, kDescriptors) && SetLimit(RLIMIT_FSIZE, 0) &&
            SetLimit(RLIMIT_MEMLOCK, 0) && SetLimit(RLIMIT_MSGQUEUE, 0);
  if (ok) data_used = data, data_most = data + more;
  else Complain("resource limits");
  return ok;
}

// Limits that would keep a nursery from its work.
bool LimitCell(const LockPlan& plan) {
  bool ok = SetLimit(RLIMIT_NPROC, 0) && SetLimit(RLIMIT_CPU, rlim_t(plan.cpu_seconds)) && SetLimit(RLIMIT_NOFILE, rlim_t(kOpenFiles));
  if (!ok) Complain("resource limits");
  return ok;
}

// glibc applies it to every thread of the process.
bool LeaveUser(uint32_t uid) {
  if (setgroups(0, nullptr) == 0 && setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0) return true;
  Complain("user");
  return false;
}

// Logs the refused call and exits: only with a trapping filter, which only the learning mode installs.
void OnRefusedCall(int, siginfo_t* info, void* context) {
  auto* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  char line[160];
  int length = snprintf(line, sizeof line, "enclave-engine: system call %d (%llx, %llx, %llx, %llx) is not in the set\n", info->si_syscall,
                        (unsigned long long)registers[REG_RDI], (unsigned long long)registers[REG_RSI], (unsigned long long)registers[REG_RDX],
                        (unsigned long long)registers[REG_R10]);
  ssize_t ignored = write(2, line, length);
  (void)ignored;
  _exit(128 + SIGSYS);
}

// Inheritable capabilities would survive the change of user, and the bounding set would return them to an executed program.
bool DropSpareCapabilities(User user) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return false;
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  // Without CAP_SETPCAP the bounding set stays, but no_new_privs makes it useless.
  for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  // A nursery gives its cells other users, and the kernel requires the right to signal them if its death shall end them.
  uint32_t kept[2] = {user == User::kLeaves ? 1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_KILL : 0, 0};
  for (int half = 0; half < 2; half++) {
    data[half].inheritable = 0;
    data[half].effective &= kept[half];
    data[half].permitted &= kept[half];
  }
  return syscall(SYS_capset, &header, data) == 0;
}

// A cell for which no user was left gives up the rights of the nursery as well.
bool DropCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2]{};
  return syscall(SYS_capset, &header, none) == 0;
}

}  // namespace

void EndFirst(int proc) {
  int score = openat(proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0) score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0 || write(score, kEndsFirst, sizeof kEndsFirst - 1) < 0) Complain("priority when memory is short");
  if (score >= 0) close(score);
}

bool PrepareLock(pid_t parent, User user) {
  DCHECK(parent_pid == 0);
  parent_pid = parent;
  return DieWith(parent) && DropSpareCapabilities(user) && SetLimit(RLIMIT_CORE, 0) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

uint32_t LockNursery(const LockPlan& plan) {
  uint32_t held = 0;
  IgnoreRequestsToEnd();
  if ((plan.layers & EE_LAYER_LIMITS) && LimitNursery(plan)) held |= EE_LAYER_LIMITS;
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) ExitProcess(EE_EXIT_LOCK, "lock: the process stays readable");
  if (plan.layers & EE_LAYER_NO_EXEC) {
    if (prctl(kRefuseExecGain, 1, 0, 0, 0) == 0) held |= EE_LAYER_NO_EXEC;
    else Complain("executable memory");
  }
  if (plan.layers & EE_LAYER_LEARNING) {
    struct sigaction action {};
    action.sa_sigaction = OnRefusedCall;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSYS, &action, nullptr);
  }
  return held;
}

void BoundRun(uint64_t memory) {
  if (data_most == 0) return;
  rlim_t most = data_used + rlim_t(memory) + kRunAllowance;
  rlimit limit{std::min(most, data_most), data_most};
  if (setrlimit(RLIMIT_DATA, &limit) == 0) return;
  // The host, or its system, has lowered the hard limit meanwhile.
  if (getrlimit(RLIMIT_DATA, &limit) != 0) ExitProcess(EE_EXIT_LOCK, "lock: the memory of a run");
  limit.rlim_cur = std::min(most, limit.rlim_max);
  if (setrlimit(RLIMIT_DATA, &limit) != 0) ExitProcess(EE_EXIT_LOCK, "lock: the memory of a run");
}

uint32_t LockCell(const LockPlan& plan, pid_t nursery, uint32_t held) {
  if (!(plan.layers & EE_LAYER_LIMITS) || !LimitCell(plan)) held &= ~uint32_t(EE_LAYER_LIMITS);
  if ((plan.layers & EE_LAYER_USER) && LeaveUser(uint32_t(plan.uid))) held |= EE_LAYER_USER;
  // A new process does not end with its parent, and a change of user resets both settings.
  if (!DieWith(nursery == 0 ? parent_pid : nursery) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || !DropCapabilities()) {
    ExitProcess(EE_EXIT_LOCK, "lock: the process stays readable, outlives its parent or keeps a capability");
  }
  return held;
}

uint32_t FilterCalls(const LockPlan& plan) {
  if (!(plan.layers & EE_LAYER_SECCOMP)) return 0;
  // Checked where the message is read.
  DCHECK(plan.filter.size() % kInstructionBytes == 0);
  sock_fprog program{static_cast<unsigned short>(plan.filter.size() / sizeof(sock_filter)),
                     reinterpret_cast<sock_filter*>(const_cast<uint8_t*>(plan.filter.data()))};
  if (kernel::Call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, long(&program)) == 0) return EE_LAYER_SECCOMP;
  static const char line[] = "enclave-engine: lock: the system call filter was refused\n";
  kernel::Write(2, line, sizeof line - 1);
  return 0;
}
