#include "nursery.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "exit.h"
#include "frame_pipe.h"
#include "kernel.h"
#include "outbox.h"

namespace {

// The pipes of a cell, as they come with an order.
struct Ends {
  int in, out, log;
};

struct Order {
  uint32_t number;
};

// number: the order's. process: the cell's id in this pid namespace, or an error number below zero. The cell's pidfd comes with it.
struct Reply {
  uint32_t number;
  int32_t process;
};

static_assert(sizeof(Order) == kOrderBytes && sizeof(Reply) == kReplyBytes);

constexpr long kSignalSet = 8;
constexpr uint64_t kChildEnds = 1ull << (SIGCHLD - 1);

void OnChildEnd(int) {}

void SetMask(uint64_t blocked) { kernel::Call(SYS_rt_sigprocmask, SIG_SETMASK, long(&blocked), 0, kSignalSet); }

// False when a signal came instead of an order.
bool Receive(Order* order, Ends* ends) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof *ends)];
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
  // The kernel has written it, which the analyzer cannot know of a call by instruction.
  // NOLINTBEGIN(clang-analyzer-core.UndefinedBinaryOperatorResult)
  bool whole =
      n == sizeof *order && head != nullptr && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof *ends) && !(message.msg_flags & MSG_CTRUNC);
  // NOLINTEND(clang-analyzer-core.UndefinedBinaryOperatorResult)
  if (!whole) BreaksProtocol("an order without its descriptors");
  memcpy(ends, CMSG_DATA(head), sizeof *ends);
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

void TakePlaces(const Ends& ends) {
  // The received descriptors are above all fixed ones.
  for (auto [from, to] : {std::pair{ends.in, kIn}, {ends.out, kOut}, {ends.log, 2}, {ends.log, 1}}) {
    if (kernel::Failed(kernel::Call(SYS_dup2, from, to))) kernel::Exit(EE_EXIT_START);
  }
  if (kernel::Failed(kernel::Call(SYS_close_range, kOut + 1, long(~0U), 0))) kernel::Exit(EE_EXIT_START);
}

}  // namespace

bool nursery::HasControl() {
  struct stat status;
  return fstat(kControl, &status) == 0 && S_ISSOCK(status.st_mode);
}

void nursery::Prepare() {
  struct sigaction action {};
  action.sa_handler = OnChildEnd;
  // A host stops its cells to compare them. That is nothing to wake up for.
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
    Ends ends;
    if (!Receive(&order, &ends)) continue;
    int pidfd = -1;
    long process = kernel::Call(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, long(&pidfd));
    if (process == 0) {
      TakePlaces(ends);
      SetMask(0);
      return self;
    }
    for (int end : {ends.in, ends.out, ends.log}) kernel::Call(SYS_close, end);
    Answer({order.number, int32_t(process)}, kernel::Failed(process) ? -1 : pidfd);
    if (pidfd >= 0) kernel::Call(SYS_close, pidfd);
  }
}
