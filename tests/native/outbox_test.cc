#include "outbox.h"

#include <gtest/gtest.h>

#include "bodies.h"
#include "ended.h"

namespace {

Slice Of(const std::string& text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

class Outbox : public testing::Test {
 protected:
  void SetUp() override {
    host::Clear();
    outbox::Begin(7);
  }
};

std::string ConsoleBody(std::initializer_list<std::pair<int, std::string>> lines) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(2);
    out.Unsigned(7);
    out.ArrayHeader(lines.size());
    for (const auto& [level, text] : lines) {
      out.ArrayHeader(2);
      out.Integer(level);
      out.String(text.data(), text.size());
    }
  });
}

std::string CallBody(uint32_t id, const std::string& name, const std::string& args) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(4);
    out.Unsigned(7);
    out.Unsigned(id);
    out.String(name.data(), name.size());
    out.out().Append(args.data(), args.size());
  });
}

}  // namespace

TEST_F(Outbox, WritesNothingBeforeTheScriptYields) {
  outbox::AddConsole(1, Of("one"));
  outbox::AddToolCall(1, Of("tool"), Of("\x80"));
  EXPECT_EQ(host::Received(), "");
  outbox::Flush();
  EXPECT_NE(host::Received(), "");
  outbox::Flush();
  EXPECT_EQ(host::Received(), "");
}

TEST_F(Outbox, KeepsLinesAndCallsInTheirOrder) {
  outbox::AddConsole(0, Of("one"));
  outbox::AddConsole(3, Of("two"));
  outbox::AddToolCall(1, Of("tool"), Of("\x80"));
  outbox::AddConsole(0, Of("three"));
  outbox::Flush();

  EXPECT_EQ(host::Received(), host::Frame(FrameType::kConsole, ConsoleBody({{0, "one"}, {3, "two"}})) +
                                  host::Frame(FrameType::kToolCall, CallBody(1, "tool", "\x80")) +
                                  host::Frame(FrameType::kConsole, ConsoleBody({{0, "three"}})));
}

TEST_F(Outbox, WritesALineOfNothingThatHasNoAddress) {
  outbox::AddConsole(0, {});
  outbox::Flush();
  EXPECT_EQ(host::Received(), host::Frame(FrameType::kConsole, ConsoleBody({{0, ""}})));
}

TEST_F(Outbox, WritesBySixteenKilobytes) {
  std::string line(1000, 'x');
  for (int i = 0; i < 16; i++) outbox::AddConsole(0, Of(line));
  EXPECT_EQ(host::Received(), "");
  outbox::AddConsole(0, Of(line));
  EXPECT_GT(host::Received().size(), 16u << 10);
}

TEST_F(Outbox, EndsAJobWithItsValueAndItsUse) {
  Outcome outcome;
  outcome.status = RunStatus::kValue;
  std::string value = "\x93\x01\x02\x03";
  outcome.body = Of(value);
  outbox::Finish(outcome, {1000, 2, UINT64_MAX, 4096, true});

  EXPECT_EQ(host::Received(), host::Frame(FrameType::kResult, Packed([&](Packer& out) {
                                            out.ArrayHeader(4);
                                            out.Unsigned(7);
                                            out.Unsigned(uint64_t(RunStatus::kValue));
                                            out.out().Append(value.data(), value.size());
                                            out.ArrayHeader(5);
                                            for (uint64_t number : {uint64_t(1000), uint64_t(2), uint64_t(INT64_MAX), uint64_t(1), uint64_t(4096)})
                                              out.Unsigned(number);
                                          })));
}

TEST_F(Outbox, EndsAStoppedJobWithTheReasonAndThePlace) {
  Outcome outcome;
  outcome.status = RunStatus::kStopped;
  outcome.reason = StopReason::kIterations;
  outcome.where = UINT64_MAX;
  outbox::Finish(outcome, {});

  std::string payload = Packed([](Packer& out) {
    out.ArrayHeader(2);
    out.Unsigned(uint64_t(StopReason::kIterations));
    out.Unsigned(INT32_MAX);
  });
  EXPECT_NE(host::Received().find(payload), std::string::npos);
}

TEST_F(Outbox, SaysNothingDuringTheWarmUp) {
  outbox::Set(outbox::Voice::kSilent);
  outbox::AddConsole(0, Of("warm"));
  outbox::Finish({}, {});
  outbox::Set(outbox::Voice::kHeard);
  outbox::Flush();
  EXPECT_EQ(host::Received(), "");
}

TEST_F(Outbox, EndsTheProcessRatherThanWriteAFrameAboveItsRoom) {
  std::string args(4 * kTestFrame, 'x');
  EXPECT_THROW(outbox::AddToolCall(1, Of("tool"), Of(args)), Ended);
}
