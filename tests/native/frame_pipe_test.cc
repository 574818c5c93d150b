#include "frame_pipe.h"

#include <gtest/gtest.h>

#include <vector>

#include "bodies.h"
#include "clock.h"
#include "ended.h"

namespace {

using frame_pipe::Wait;

std::vector<FrameType> seen_ahead;

class FramePipe : public testing::Test {
 protected:
  void SetUp() override {
    host::Clear();
    seen_ahead.clear();
  }
  void TearDown() override { host::Clear(); }

  static Wait Next(Frame* frame, int64_t patience = 20000) { return frame_pipe::Read(Now() + patience, frame); }
  static std::string Body(const Frame& frame) { return {reinterpret_cast<const char*>(frame.body.data), frame.body.length}; }
  static void ReadAhead() {
    frame_pipe::ReadAhead([](const Frame& frame) { seen_ahead.push_back(frame.type); });
  }
  static void ExpectBroken(const std::string& bytes) {
    host::Clear();
    host::Send(bytes);
    Frame frame;
    EXPECT_THROW(Next(&frame), Ended);
    host::Clear();
    host::Send(bytes);
    EXPECT_THROW(ReadAhead(), Ended);
  }
};

}  // namespace

TEST_F(FramePipe, ReadsFramesInTheirOrder) {
  host::Send(host::Frame(FrameType::kExecute, "one") + host::Frame(FrameType::kCancel, "") + host::Frame(FrameType::kToolResult, std::string(5000, 'x')));
  Frame frame;
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(frame.type, FrameType::kExecute);
  EXPECT_EQ(Body(frame), "one");
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(frame.type, FrameType::kCancel);
  EXPECT_EQ(frame.body.length, 0u);
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(Body(frame), std::string(5000, 'x'));
  EXPECT_EQ(Next(&frame, 1000), Wait::kTimedOut);
}

TEST_F(FramePipe, WaitsForTheRestOfAFrameByteByByte) {
  std::string bytes = host::Frame(FrameType::kExecute, "source");
  Frame frame;
  for (size_t i = 0; i + 1 < bytes.size(); i++) {
    host::Send(bytes.substr(i, 1));
    ReadAhead();
    ASSERT_EQ(Next(&frame, 100), Wait::kTimedOut) << i;
  }
  host::Send(bytes.substr(bytes.size() - 1));
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(Body(frame), "source");
}

TEST_F(FramePipe, RefusesAWrongHeader) {
  std::string good = host::Frame(FrameType::kExecute, "");
  for (size_t i = 0; i < 3; i++) {
    std::string bytes = good;
    bytes[i] ^= 1;
    ExpectBroken(bytes);
  }
  ExpectBroken(host::Frame(FrameType(0), ""));
  ExpectBroken(host::Frame(FrameType::kEnded, ""));
  ExpectBroken(host::Frame(FrameType::kParked, ""));
  ExpectBroken(host::Frame(FrameType(20), ""));
  ExpectBroken(host::Frame(FrameType(255), ""));
}

TEST_F(FramePipe, RefusesABodyAboveTheLimitBeforeItArrives) {
  auto header = [](size_t length) { return host::Frame(FrameType::kExecute, std::string(length, 'x')).substr(0, kHeaderBytes); };
  ExpectBroken(header(kTestFrame + 1));
  host::Clear();
  std::string most = host::Frame(FrameType::kExecute, std::string(kTestFrame, 'x'));
  host::Send(most + most);
  Frame frame;
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(frame.body.length, kTestFrame);
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(frame.body.length, kTestFrame);
}

TEST_F(FramePipe, ReadsAheadAndKeepsWhatTheRunWillRead) {
  host::Send(host::Frame(FrameType::kToolResult, "1") + host::Frame(FrameType::kCancel, "2"));
  ReadAhead();
  ReadAhead();
  EXPECT_EQ(seen_ahead, (std::vector{FrameType::kToolResult, FrameType::kCancel}));
  host::Send(host::Frame(FrameType::kToolResult, "3"));
  Frame frame;
  for (const char* body : {"1", "2", "3"}) {
    ASSERT_EQ(Next(&frame), Wait::kFrame);
    EXPECT_EQ(Body(frame), body);
  }
}

// A second time, later, it would give the run more time than the host allowed.
TEST_F(FramePipe, GivesADeadlineThatWasReadAheadToNobodyElse) {
  host::Send(host::Frame(FrameType::kDeadline, "1") + host::Frame(FrameType::kToolResult, "2"));
  ReadAhead();
  EXPECT_EQ(seen_ahead, (std::vector{FrameType::kDeadline, FrameType::kToolResult}));
  Frame frame;
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(frame.type, FrameType::kToolResult);
  host::Send(host::Frame(FrameType::kDeadline, "3"));
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(frame.type, FrameType::kDeadline);
}

TEST_F(FramePipe, EndsAHostThatSendsTooManyFramesWhileAScriptRuns) {
  std::string frames;
  for (int i = 0; i < 10500; i++) frames += host::Frame(FrameType::kToolResult, "");
  host::Send(frames);
  ReadAhead();
  EXPECT_EQ(seen_ahead.size(), 10500u);
  host::Send(host::Frame(FrameType::kToolResult, ""));
  EXPECT_THROW(ReadAhead(), Ended);
}

TEST_F(FramePipe, InsertsAnswersBeforeWhatTheHostSends) {
  std::string answer = host::Frame(FrameType::kToolResult, "warm");
  frame_pipe::Inject(answer.data(), answer.size());
  Frame frame;
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  EXPECT_EQ(Body(frame), "warm");
}

TEST_F(FramePipe, EndsTheProcessWhenAnAnswerDoesNotFit) {
  std::string large(1 << 20, 'x');
  EXPECT_THROW(for (int i = 0; i < 3; i++) frame_pipe::Inject(large.data(), large.size()), Ended);
}

TEST_F(FramePipe, KeepsNothingOfEarlierFrames) {
  host::Send(host::Frame(FrameType::kExecute, std::string(50000, 's')));
  Frame frame;
  ASSERT_EQ(Next(&frame), Wait::kFrame);
  const uint8_t* body = frame.body.data;
  frame_pipe::Clear();
  for (size_t i = 0; i < 50000; i++) ASSERT_EQ(body[i], 0) << i;
}

TEST_F(FramePipe, WritesAllOfIt) {
  std::string text(200000, 'x');
  frame_pipe::Write(text.data(), text.size());
  EXPECT_EQ(host::Received(), text);
}
