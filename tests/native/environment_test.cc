#include <gtest/gtest.h>

#include "frames.h"

namespace {

class Pipes : public testing::Environment {
  void SetUp() override { host::Open(); }
};

const testing::Environment* const pipes = testing::AddGlobalTestEnvironment(new Pipes);

}  // namespace
