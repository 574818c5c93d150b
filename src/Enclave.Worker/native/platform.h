#pragma once
#include <libplatform/libplatform.h>
#include <v8.h>

#include <cstdint>

// V8's default platform, for calls that require it.
extern v8::Platform* platform;

// The platform that V8 uses: the default one with another clock for scripts.
v8::Platform* MakePlatform();

// Sets the resolution of Date in milliseconds. Monotonic time, which V8 uses for its own measurements, keeps its full resolution.
void SetClockStep(int milliseconds);

// Whether the steps are so coarse that a script could count between them: then each run gets steps at moments of its own, by a secret number.
bool HasCoarseClock();
void SeedClock(uint64_t seed);

// The time that Date shows, and the same step of another time.
double ShownTime();
double ShownOf(double milliseconds);
// The first time of a step that is not before this one.
double StepAt(double milliseconds);
// Until the machine's clock shows this time or a later one; 0 if it does.
int64_t MicrosecondsUntil(double shown);

// While it exists, scripts on this thread read this time instead of the machine's clock; null for the machine's clock.
class OwnTime {
 public:
  explicit OwnTime(const double* milliseconds);
  ~OwnTime();
  OwnTime(const OwnTime&) = delete;
  OwnTime& operator=(const OwnTime&) = delete;
};
