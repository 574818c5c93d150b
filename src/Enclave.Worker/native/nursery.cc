#include "nursery.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "exit.h"
#include "frame_pipe.h"
#include "kernel.h"
#include "outbox.h"

namespace {

// With an order for a cell come its pipes for input, output and log; with one for a branch its control socket.
constexpr size_t kOfCell = 3, kOfBranch = 1, kMostDescriptors = kOfCell;

struct Order {
  uint32_t number;
};

// number: the order's. process: the new process's id in this pid namespace, or an error number below zero. Its pidfd comes with it.
struct Reply {
  uint32_t number;
  int32_t process;
};

static_assert(sizeof(Order) == kOrderBytes && sizeof(Reply) == kReplyBytes);

bool shows_cells;

constexpr long kSignalSet = 8;
constexpr uint64_t kChildEnds = 1ull << (SIGCHLD - 1);

void OnChildEnd(int) {}

void SetMask(uint64_t blocked) { kernel::Call(SYS_rt_sigprocmask, SIG_SETMASK, long(&blocked), 0, kSignalSet); }

// True if an order came, and not a signal.
bool Receive(Order* order, int* descriptors, size_t* count) {
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof *descriptors)];
  iovec part{order, sizeof *order};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  long n = kernel::Call(SYS_recvmsg, kControl, long(&message), MSG_CMSG_CLOEXEC);
  if (n == -EINTR) return false;
  if (n <= 0) kernel::Exit(EE_EXIT_ORPHAN);
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  // The kernel has written the order, which the analyzer cannot see in a system call that is made by an instruction.
  // NOLINTBEGIN(clang-analyzer-core.UndefinedBinaryOperatorResult)
  bool whole = n == sizeof *order && head != nullptr && head->cmsg_type == SCM_RIGHTS && !(message.msg_flags & MSG_CTRUNC);
  // NOLINTEND(clang-analyzer-core.UndefinedBinaryOperatorResult)
  *count = whole ? (head->cmsg_len - CMSG_LEN(0)) / sizeof *descriptors : 0;
  if (*count != kOfCell && *count != kOfBranch) BreaksProtocol("an order without its descriptors");
  memcpy(descriptors, CMSG_DATA(head), *count * sizeof *descriptors);
  return true;
}

void Answer(Reply reply, int pidfd) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof pidfd)];
  iovec part{&reply, sizeof reply};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (pidfd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof pidfd);
    memcpy(CMSG_DATA(head), &pidfd, sizeof pidfd);
  }
  long n;
  do n = kernel::Call(SYS_sendmsg, kControl, long(&message), MSG_NOSIGNAL);
  while (n == -EINTR);
  if (n != sizeof reply) kernel::Exit(EE_EXIT_ORPHAN);
}

// A fork inherits it. Cells give it up in LockCell, before they read a script; the nursery right after the fork.
void SetDumpable(bool dumpable) {
  if (kernel::Failed(kernel::Call(SYS_prctl, PR_SET_DUMPABLE, dumpable))) kernel::Exit(EE_EXIT_LOCK);
}

// Reports each cell that has ended, and releases it.
void ReportEnded() {
  for (;;) {
    siginfo_t end;
    rusage used;
    end.si_pid = 0;
    if (kernel::Failed(kernel::Call(SYS_waitid, P_ALL, 0, long(&end), WEXITED | WNOHANG, long(&used))) || end.si_pid == 0) return;
    outbox::SendEnded(end.si_pid, end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status, used.ru_maxrss);
  }
}

void Place(int from, int to) {
  if (kernel::Failed(kernel::Call(SYS_dup2, from, to))) kernel::Exit(EE_EXIT_START);
}

void CloseFrom(int first, unsigned last) {
  if (kernel::Failed(kernel::Call(SYS_close_range, first, long(last), 0))) kernel::Exit(EE_EXIT_START);
}

void BecomeCell(const int* descriptors) {
  // The received descriptors are above all fixed ones.
  Place(descriptors[0], kIn);
  Place(descriptors[1], kOut);
  Place(descriptors[2], 2);
  Place(descriptors[2], 1);
  CloseFrom(kOut + 1, ~0U);
  SetMask(0);
}

// A nursery in a control group of its own, which its cells are born in. It has the pipes of the first, and so all ends of cells come to the host there.
void BecomeBranch(const int* descriptors, pid_t parent) {
  Place(descriptors[0], kControl);
  CloseFrom(kOut + 1, kControl - 1);
  CloseFrom(kControl + 1, ~0U);
  // A new process does not end with its parent, which may have ended before this.
  if (kernel::Failed(kernel::Call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL)) || kernel::Call(SYS_getppid) != parent) kernel::Exit(EE_EXIT_ORPHAN);
}

}  // namespace

bool nursery::HasControl() {
  struct stat status;
  return fstat(kControl, &status) == 0 && S_ISSOCK(status.st_mode);
}

void nursery::Prepare(Cells cells) {
  shows_cells = cells == Cells::kShown;
  struct sigaction action {};
  action.sa_handler = OnChildEnd;
  // A host stops its cells to compare them: do not wake the nursery for that.
  action.sa_flags = SA_NOCLDSTOP;
  if (sigaction(SIGCHLD, &action, nullptr) != 0) ExitProcess(EE_EXIT_START, "no handler for the ends of cells");
}

pid_t nursery::Serve() {
  auto self = pid_t(kernel::Call(SYS_getpid));
  // Unblocked only while the loop sleeps: no end is missed between the check and the sleep.
  SetMask(kChildEnds);
  for (;;) {
    ReportEnded();
    pollfd control{kControl, POLLIN, 0};
    uint64_t none = 0;
    if (kernel::Call(SYS_ppoll, long(&control), 1, 0, long(&none), kSignalSet) <= 0) continue;
    Order order;
    int descriptors[kMostDescriptors];
    size_t count;
    if (!Receive(&order, descriptors, &count)) continue;
    int pidfd = -1;
    bool shows = shows_cells && count == kOfCell;
    if (shows) SetDumpable(true);
    long process = kernel::Call(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, long(&pidfd));
    if (process == 0) {
      if (count == kOfCell) {
        BecomeCell(descriptors);
        return self;
      }
      BecomeBranch(descriptors, self);
      self = pid_t(kernel::Call(SYS_getpid));
      continue;
    }
    if (shows) SetDumpable(false);
    for (size_t i = 0; i < count; i++) kernel::Call(SYS_close, descriptors[i]);
    Answer({order.number, int32_t(process)}, kernel::Failed(process) ? -1 : pidfd);
    if (pidfd >= 0) kernel::Call(SYS_close, pidfd);
  }
}
