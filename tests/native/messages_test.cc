#include "messages.h"

#include <gtest/gtest.h>

#include "bodies.h"
#include "ended.h"

namespace {

Slice Of(const std::string& body) { return {reinterpret_cast<const uint8_t*>(body.data()), body.size()}; }

std::string TextOf(Slice slice) { return {reinterpret_cast<const char*>(slice.data), slice.length}; }

// True if reading ends the process with the exit code of a broken protocol.
template <typename Read>
bool Refuses(Read read, const std::string& body) {
  try {
    // In memory of its own size, so that AddressSanitizer sees a byte read behind it.
    std::vector<uint8_t> exact(body.begin(), body.end());
    (void)read({exact.data(), exact.size()});
    return false;
  } catch (const Ended& ended) {
    EXPECT_EQ(ended.code, EE_EXIT_PROTOCOL);
    return true;
  }
}

bool RefusesValue(const std::string& payload) { return Refuses(ReadToolResult, ToolResultBody(payload)); }

}  // namespace

TEST(Messages, ReadsAHello) {
  Hello hello = ReadHello(Of(HelloBody({.nonce = "0123456789abcdef", .clock_step = 20, .layers = 13, .globals = {"WebAssembly", "é"}, .filter = "12345678"})));

  EXPECT_EQ(std::string(hello.nonce, hello.nonce + kNonceBytes), "0123456789abcdef");
  EXPECT_EQ(hello.max_frame_bytes, int64_t(kTestFrame));
  EXPECT_EQ(hello.clock_step, 20);
  EXPECT_EQ(hello.lock.layers, 13);
  EXPECT_EQ(hello.lock.filter.size(), 8u);
  EXPECT_EQ(hello.removed_globals, (std::vector<std::string>{"WebAssembly", "é"}));
  EXPECT_EQ(hello.libraries.count, 0);
  EXPECT_EQ(ReadHello(Of(HelloBody({.fields = 9}))).libraries.count, 1);
}

TEST(Messages, RefusesAHelloOutsideItsBounds) {
  const HelloFields wrong[] = {
      {.nonce = std::string(kNonceBytes - 1, 'n')},
      {.nonce = std::string(kNonceBytes + 1, 'n')},
      {.max_frame = int64_t(kMinFrameBytes) - 1},
      {.max_frame = int64_t(kMaxFrameBytes) + 1},
      {.heap = 0},
      {.heap = kMaxMemory + 1},
      {.largest = (64 << 20) - 1},
      {.largest = kMaxMemory + 1},
      {.clock_step = 0},
      {.clock_step = kMaxClockStep + 1},
      {.layers = EE_LAYER_ALL + 1},
      {.layers = -1},
      {.rehearses = -1},
      {.rehearses = 2},
      {.globals = std::vector<std::string>(kMaxRemovedGlobals + 1, "x")},
      {.globals = {std::string(kMaxGlobalName + 1, 'x')}},
      {.globals = {"\xff"}},
      {.filter = "1234567"},
      {.filter = std::string(kMaxFilterBytes + kInstructionBytes, 'x')},
  };
  for (const HelloFields& hello : wrong) EXPECT_TRUE(Refuses(ReadHello, HelloBody(hello))) << "case " << &hello - wrong;
  for (const HelloFields& hello :
       {HelloFields{.max_frame = int64_t(kMaxFrameBytes), .heap = kMaxMemory, .largest = kMaxMemory, .clock_step = kMaxClockStep, .layers = EE_LAYER_ALL},
        HelloFields{.globals = std::vector<std::string>(kMaxRemovedGlobals, std::string(kMaxGlobalName, 'x'))},
        HelloFields{.filter = std::string(kMaxFilterBytes, 'x')}}) {
    EXPECT_FALSE(Refuses(ReadHello, HelloBody(hello)));
  }
}

TEST(Messages, ReadsAnExecute) {
  std::string body = ExecuteBody({.source = "return 'é'", .key = std::string(kKeyBytes, 'k'), .globals = "\x81\xa1x\x01"});
  ExecuteMessage job = ReadExecute(Of(body));

  EXPECT_EQ(job.job_id, 7u);
  EXPECT_EQ(TextOf(job.source), "return 'é'");
  EXPECT_EQ(TextOf(job.globals), "\x81\xa1x\x01");
  EXPECT_EQ(job.key.length, kKeyBytes);
  EXPECT_EQ(job.limits.cpu, 500000);
  EXPECT_FALSE(job.repeatable);
  ExecuteMessage again = ReadExecute(Of(ExecuteBody({.fields = 7, .now = -kMaxDate})));
  EXPECT_TRUE(again.repeatable);
  EXPECT_EQ(again.seed, UINT64_MAX);
  EXPECT_EQ(again.now, -kMaxDate);
  EXPECT_EQ(again.secret[3], 4u);
}

TEST(Messages, RefusesAnExecuteOutsideItsBounds) {
  const ExecuteFields wrong[] = {
      {.fields = 5},
      {.limits = 10},
      {.limits = 12},
      {.source = "\xed\xa0\x80"},
      {.name = std::string(kMaxSourceName + 1, 'x')},
      {.key = "short"},
      {.key = std::string(kKeyBytes + 1, 'k')},
      {.globals = ""},
      {.globals = "\x81"},
      {.globals = "\xc1"},
      {.memory = 0},
      {.memory = kMaxMemory + 1},
      {.iterations = kMaxIterations + 1},
      {.fields = 7, .now = kMaxDate + 1},
  };
  for (const ExecuteFields& job : wrong) EXPECT_TRUE(Refuses(ReadExecute, ExecuteBody(job))) << "case " << &job - wrong;
}

TEST(Messages, RefusesEveryPartOfABodyAndEveryByteMore) {
  for (const std::string& body : {HelloBody({.fields = 9}), ExecuteBody({.fields = 7}), ToolResultBody("\x93\x01\xa1x\xc0", 5), UnparkBody(7, 5, "state")}) {
    auto read = [&](Slice part) {
      if (body == HelloBody({.fields = 9})) (void)ReadHello(part);
      else if (body == ExecuteBody({.fields = 7})) (void)ReadExecute(part);
      else if (body == UnparkBody(7, 5, "state")) (void)ReadUnpark(part);
      else (void)ReadToolResult(part);
      return 0;
    };
    EXPECT_FALSE(Refuses(read, body));
    for (size_t length = 0; length < body.size(); length++) EXPECT_TRUE(Refuses(read, body.substr(0, length))) << length << " bytes";
    EXPECT_TRUE(Refuses(read, body + "\xc0"));
  }
}

TEST(Messages, ReadsIntegersInEveryFormThatHoldsThem) {
  for (const char* number : {"\x05", "\xcc\x05", "\xd0\x05"}) EXPECT_EQ(ReadCancel(Of(std::string("\x91") + number)), 5u);
  for (const std::string& number : {std::string("\xcd\0\x05", 3), std::string("\xd1\0\x05", 3), std::string("\xce\0\0\0\x05", 5),
                                    std::string("\xd2\0\0\0\x05", 5), std::string("\xcf\0\0\0\0\0\0\0\x05", 9), std::string("\xd3\0\0\0\0\0\0\0\x05", 9)}) {
    EXPECT_EQ(ReadCancel(Of("\x91" + number)), 5u);
    EXPECT_EQ(ReadDeadline(Of("\x92" + number + number)).remaining, 5);
  }
  EXPECT_TRUE(Refuses(ReadCancel, "\x91\xff"));
  EXPECT_TRUE(Refuses(ReadCancel, "\x91\xcb"));
  EXPECT_TRUE(Refuses(ReadDeadline, std::string("\x92\x01\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 11)));
}

TEST(Messages, HoldsADeadlineToItsBounds) {
  EXPECT_EQ(ReadDeadline(Of(DeadlineBody(7, kMaxRemaining))).remaining, kMaxRemaining);
  EXPECT_TRUE(Refuses(ReadDeadline, DeadlineBody(7, kMaxRemaining + 1)));
  EXPECT_TRUE(Refuses(ReadDeadline, DeadlineBody(7, 0)));
  EXPECT_TRUE(Refuses(ReadDeadline, DeadlineBody(7, -1)));
}

TEST(Messages, HoldsAParkedRunToItsBounds) {
  Slice saved = ReadUnpark(Of(UnparkBody(7, kMaxRemaining, std::string(kMaxParked, 's')))).saved;
  EXPECT_EQ(saved.length, kMaxParked);
  EXPECT_EQ(ReadPark(Of(CancelBody(7))), 7u);
  EXPECT_TRUE(Refuses(ReadUnpark, UnparkBody(7, kMaxRemaining, std::string(kMaxParked + 1, 's'))));
  EXPECT_TRUE(Refuses(ReadUnpark, UnparkBody(7, kMaxRemaining + 1, "")));
  EXPECT_TRUE(Refuses(ReadUnpark, UnparkBody(7, 0, "")));
}

TEST(Messages, ReadsALibraryWithAName) {
  auto body = [](const std::string& name, const std::string& text) {
    return Packed([&](Packer& out) {
      out.ArrayHeader(2);
      out.String(name.data(), name.size());
      out.String(text.data(), text.size());
    });
  };
  EXPECT_EQ(TextOf(ReadLibrary(Of(body("dayjs", "var dayjs = 1"))).source), "var dayjs = 1");
  EXPECT_TRUE(Refuses(ReadLibrary, body("", "1")));
  EXPECT_TRUE(Refuses(ReadLibrary, body(std::string(kMaxLibraryName + 1, 'x'), "1")));
}

// A value of another side is skipped without recursion: its nesting is bounded, and so are its counts.
TEST(Messages, BoundsTheNestingOfValues) {
  EXPECT_FALSE(RefusesValue(std::string(kMaxDepth - 1, '\x91') + "\xc0"));
  EXPECT_FALSE(RefusesValue(std::string(kMaxDepth, '\x91') + "\xc0"));
  EXPECT_TRUE(RefusesValue(std::string(kMaxDepth + 1, '\x91') + "\xc0"));
  EXPECT_TRUE(RefusesValue(std::string(100000, '\x91') + "\xc0"));
  EXPECT_TRUE(RefusesValue(std::string(kMaxDepth, '\x91') + "\x90"));
}

TEST(Messages, RefusesCountsThatNoBytesFollow) {
  EXPECT_TRUE(RefusesValue("\xdd\xff\xff\xff\xff"));
  EXPECT_TRUE(RefusesValue("\xdf\xff\xff\xff\xff"));
  EXPECT_TRUE(RefusesValue("\xdb\xff\xff\xff\xff"));
  EXPECT_TRUE(RefusesValue("\xc9\xff\xff\xff\xff\x01"));
  EXPECT_TRUE(RefusesValue("\xc6\xff\xff\xff\xff"));
  // The length itself is cut: its tag is no number, whose size it would be taken for.
  for (const char* part : {"\xc7", "\xc8\x01", "\xc9\x01\x01", "\xd9", "\xda\x01", "\xdb\x01"}) EXPECT_TRUE(RefusesValue(part));
  // Two arrays that both claim the same bytes.
  EXPECT_TRUE(RefusesValue("\x92\x92\xc0\xc0\x92\xc0"));
}

TEST(Messages, TakesEveryScalar) {
  for (const std::string& value :
       {std::string("\xc0"), std::string("\xc2"), std::string("\xc3"), std::string("\xca\0\0\0\0", 5), std::string("\xcb\0\0\0\0\0\0\0\0", 9),
        std::string("\xc4\0", 2), std::string("\xc5\0\x01x", 4), std::string("\xd4\x01x"), std::string("\xc7\0\x01", 3), std::string("\xa0")}) {
    EXPECT_FALSE(RefusesValue(value));
    EXPECT_TRUE(RefusesValue(value + "\xc0"));
  }
  EXPECT_TRUE(RefusesValue("\xc1"));
}

// Table 3-7 of Unicode 15: the first and last well-formed sequence of each row, and what lies beside them.
TEST(Messages, TakesWellFormedTextAlone) {
  auto text = [](const std::string& bytes) { return "\xd9" + std::string(1, char(bytes.size())) + bytes; };
  for (const char* good : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xec\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
                           "\xf3\xbf\xbf\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_FALSE(RefusesValue(text(good)));
    EXPECT_FALSE(RefusesValue(text(std::string(7, 'x') + good + "12345678")));
  }
  for (const char* wrong : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe1\x80", "\xed\xa0\x80", "\xed\xbf\xbf",
                            "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xf0\x90\x80", "\xf0\x90\x80\x41"}) {
    EXPECT_TRUE(RefusesValue(text(wrong)));
    EXPECT_TRUE(RefusesValue(text(std::string(8, 'x') + wrong)));
  }
}

TEST(Messages, TakesAnEmptyShutdownAlone) {
  ReadShutdown(Of("\x90"));
  EXPECT_TRUE(Refuses([](Slice body) { return ReadShutdown(body), 0; }, "\x91\xc0"));
  EXPECT_TRUE(Refuses([](Slice body) { return ReadShutdown(body), 0; }, ""));
}
