#pragma once
#include <cstdint>

// SplitMix64: the states of a sequence are this far apart, and each gives one number.
constexpr uint64_t kRandomStep = 0x9e3779b97f4a7c15;

// 0 to 1, without 1.
inline double RandomOf(uint64_t state) {
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
  return double((state ^ (state >> 31)) >> 11) * 0x1p-53;
}
