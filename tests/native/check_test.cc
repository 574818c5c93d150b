#include "check.h"

#include <gtest/gtest.h>

TEST(Check, CrashesWithTheConditionAndThePlace) {
  int two = 2;
  DCHECK(two == 2);
  EXPECT_DEATH(DCHECK(two == 3), "does not hold: two == 3 at .*check_test.cc:");
}

TEST(Check, KnowsTheClocksSignal) {
  EXPECT_FALSE(check::InSignal::Is());
  {
    check::InSignal in_signal;
    EXPECT_TRUE(check::InSignal::Is());
  }
  EXPECT_FALSE(check::InSignal::Is());
}
