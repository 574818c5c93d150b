#include "child.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "clock.h"

namespace {

// A busy machine needs some of it, and a process that hangs all of it.
constexpr int64_t kDeadline = 60'000'000;
// No code of the engine: a test distinguishes its own failure from each of them.
constexpr int kFailed = 1;

struct End {
  bool late = false;
  int status = 0;
  std::string log;
};

End Run(const child::Body& body) {
  int log[2];
  if (pipe(log) != 0) return {};
  fflush(nullptr);
  pid_t process = fork();
  if (process == 0) {
    dup2(log[1], 2);
    close(log[0]);
    close(log[1]);
    body();
    kernel::Exit(0);
  }
  close(log[1]);
  End end;
  for (int64_t until = Now() + kDeadline;;) {
    pollfd readable{log[0], POLLIN, 0};
    int64_t left = until - Now();
    if (left <= 0 || poll(&readable, 1, int(left / 1000) + 1) == 0) {
      end.late = true;
      kill(process, SIGKILL);
      break;
    }
    char bytes[4096];
    ssize_t n = read(log[0], bytes, sizeof bytes);
    if (n <= 0) break;
    end.log.append(bytes, size_t(n));
  }
  close(log[0]);
  waitpid(process, &end.status, 0);
  return end;
}

testing::AssertionResult Result(const End& end, bool as_expected) {
  if (!end.late && as_expected) return testing::AssertionSuccess();
  testing::AssertionResult failure = testing::AssertionFailure();
  if (end.late) failure << "did not end within " << kDeadline / 1'000'000 << " s";
  else if (WIFSIGNALED(end.status)) failure << "ended by signal " << WTERMSIG(end.status) << " (" << strsignal(WTERMSIG(end.status)) << ")";
  else failure << "ended with code " << WEXITSTATUS(end.status);
  return failure << "; its log:\n" << end.log;
}

}  // namespace

testing::AssertionResult child::Passes(const Body& body) { return Exits(0, body); }

testing::AssertionResult child::Exits(int code, const Body& body, const std::string& log) {
  End end = Run(body);
  return Result(end, WIFEXITED(end.status) && WEXITSTATUS(end.status) == code && end.log.find(log) != std::string::npos);
}

testing::AssertionResult child::Dies(int signal, const Body& body, const std::string& log) {
  End end = Run(body);
  return Result(end, WIFSIGNALED(end.status) && WTERMSIG(end.status) == signal && end.log.find(log) != std::string::npos);
}

void child::Fail(const char* condition, const char* file, int line) {
  char digits[12];
  char* at = digits + sizeof digits;
  for (*--at = '\0'; line > 0; line /= 10) *--at = char('0' + line % 10);
  for (const char* part : {"does not hold: ", condition, " at ", file, ":", static_cast<const char*>(at), "\n"}) kernel::Write(2, part, strlen(part));
  kernel::Exit(kFailed);
}
