#include "random.h"

#include <gtest/gtest.h>

// The first outputs of SplitMix64 for the seed 1234567, as its authors' program prints them (https://prng.di.unimi.it/splitmix64.c).
TEST(Random, IsSplitMix64) {
  const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u, 16408922859458223821u};
  uint64_t state = 1234567;
  for (uint64_t number : expected) EXPECT_EQ(RandomOf(state += kRandomStep), double(number >> 11) * 0x1p-53);
}

TEST(Random, IsAtLeastZeroAndBelowOne) {
  uint64_t state = 0;
  for (int i = 0; i < 100000; i++) {
    double number = RandomOf(state += kRandomStep);
    EXPECT_TRUE(number >= 0 && number < 1) << number;
  }
}
