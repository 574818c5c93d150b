#pragma once
#include <libplatform/libplatform.h>
#include <v8.h>

// V8's default platform, for the calls that want exactly that one.
extern v8::Platform* platform;

// The platform that V8 sees: the default one, but for the clock that scripts read.
v8::Platform* MakePlatform();

// From now on Date moves in steps of so many milliseconds. Monotonic time, which V8 measures itself with, stays fine.
void SetClockStep(int milliseconds);

// While it lives, scripts on this thread read this time in place of the machine's; null is the machine's.
class OwnTime {
 public:
  explicit OwnTime(const double* milliseconds);
  ~OwnTime();
  OwnTime(const OwnTime&) = delete;
  OwnTime& operator=(const OwnTime&) = delete;
};
