// Landlock (https://docs.kernel.org/userspace-api/landlock.html): allows reading the worker's own files, and no other use of files, TCP and signals.
// The kernel header may be older than the running kernel, so the constants are defined here.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "lock.h"

namespace {

constexpr int kCreateRuleset = 444, kAddRule = 445, kRestrictSelf = 446;
constexpr int kAskVersion = 1, kPathBeneath = 1;
constexpr uint64_t kReadFile = 1 << 2;

struct RulesetAttributes {
  uint64_t files, net, scoped;
};

struct __attribute__((packed)) PathBeneath {
  uint64_t allowed;
  int32_t parent;
};

static_assert(sizeof(RulesetAttributes) == 24 && sizeof(PathBeneath) == 12, "the kernel's structures");

int in_force;

// Every right that this version of Landlock knows; a right that is not handled would stay allowed.
uint64_t FileRights(int version) {
  uint64_t rights = (1 << 13) - 1;
  if (version >= 2) rights |= 1 << 13;  // refer
  if (version >= 3) rights |= 1 << 14;  // truncate
  if (version >= 5) rights |= 1 << 15;  // device ioctl
  return rights;
}

bool Allow(int ruleset, const char* path, uint64_t rights) {
  PathBeneath rule{rights, open(path, O_PATH | O_CLOEXEC)};
  bool ok = rule.parent >= 0 && syscall(kAddRule, ruleset, kPathBeneath, &rule, 0) == 0;
  if (rule.parent >= 0) close(rule.parent);
  return ok;
}

// /proc does not show Landlock: the worker tries operations that must now fail, before it accepts a job.
bool Holds(int version) {
  int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 || errno != EACCES) return false;
  if (version >= 4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // A container may refuse the socket itself, and then there is nothing to connect with.
    bool refused = tcp < 0 || (connect(tcp, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno == EACCES);
    if (tcp >= 0) close(tcp);
    if (!refused) return false;
  }
  pid_t parent = getppid();
  return version < 6 || parent == 0 || (kill(parent, 0) != 0 && errno == EPERM);
}

}  // namespace

int LandlockVersion() { return in_force; }

bool ConfineFiles(const char* snapshot) {
  int version = int(syscall(kCreateRuleset, nullptr, 0, kAskVersion));
  if (version <= 0) {
    fprintf(stderr, "enclave-engine: Landlock: %s\n", strerror(errno));
    return false;
  }
  RulesetAttributes handled{FileRights(version), version >= 4 ? uint64_t(3) : 0, version >= 6 ? uint64_t(3) : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int ruleset = int(syscall(kCreateRuleset, &handled, size, 0));
  bool ok = ruleset >= 0 && Allow(ruleset, snapshot, kReadFile) && syscall(kRestrictSelf, ruleset, 0) == 0;
  if (!ok) fprintf(stderr, "enclave-engine: Landlock: %s\n", strerror(errno));
  if (ruleset >= 0) close(ruleset);
  if (ok && !Holds(version)) {
    fprintf(stderr, "enclave-engine: Landlock is in force and refuses nothing\n");
    ok = false;
  }
  if (ok) in_force = version;
  return ok;
}
