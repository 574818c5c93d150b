#pragma once
#include <time.h>

#include <cstdint>

inline int64_t Microseconds(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return int64_t(time.tv_sec) * 1000000 + time.tv_nsec / 1000;
}

// Monotonic microseconds.
inline int64_t Now() { return Microseconds(CLOCK_MONOTONIC); }
