// Checked assertions: on in the builds "checked", "sanitized" and "fuzz" (CMakePresets.json), nothing in the product's. They are for conditions that no script
// and no host can break. Data from outside is checked in every build, and ends the process with an exit code of its own.
#pragma once

namespace check {

// Reports the assertion and crashes. It writes to no memory, and may be called between a reset and the next job, and by signal handlers.
[[noreturn]] void Fail(const char* condition, const char* file, int line);

#ifdef ENCLAVE_CHECKED
// Exists while the clock's signal is handled.
class InSignal {
 public:
  InSignal() { depth = depth + 1; }
  ~InSignal() { depth = depth - 1; }
  InSignal(const InSignal&) = delete;
  InSignal& operator=(const InSignal&) = delete;
  static bool Is() { return depth > 0; }

 private:
  static volatile int depth;
};
#else
class InSignal {
 public:
  InSignal() {}  // not trivial: an unused variable of this type is no mistake
  static bool Is() { return false; }
};
#endif

}  // namespace check

#ifdef ENCLAVE_CHECKED
#define DCHECK(condition) ((condition) ? static_cast<void>(0) : check::Fail(#condition, __FILE__, __LINE__))
#else
#define DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#endif
