#include "messages.h"

#include "exit.h"

namespace {

constexpr int64_t kMaxInt = INT32_MAX;

// https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf, table 3-7.
bool IsUtf8(const uint8_t* at, size_t length) {
  for (const uint8_t* end = at + length; at < end;) {
    if (end - at >= 8) {
      uint64_t word;
      memcpy(&word, at, 8);
      if ((word & 0x8080808080808080) == 0) {
        at += 8;
        continue;
      }
    }
    uint8_t first = *at++;
    if (first < 0x80) continue;
    int more = first >= 0xc2 && first <= 0xdf ? 1 : (first & 0xf0) == 0xe0 ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
    if (more == 0 || end - at < more) return false;
    uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80, high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (*at < low || *at > high) return false;
    for (int i = 1; i < more; i++) {
      if ((at[i] & 0xc0) != 0x80) return false;
    }
    at += more;
  }
  return true;
}

class BodyReader {
 public:
  explicit BodyReader(Slice body) : in_(body.data, body.length), start_(body.data), length_(body.length) {}

  size_t Array() {
    uint8_t tag = in_.Byte();
    size_t n = (tag & 0xf0) == 0x90 ? tag & 0x0f : tag == 0xdc ? in_.Big(2) : tag == 0xdd ? in_.Big(4) : Wrong();
    return Checked(in_.Count(n, 1));
  }
  void Array(size_t wanted) {
    if (Array() != wanted) Wrong();
  }
  // Every format that holds the number.
  int64_t Integer(int64_t least, int64_t most) {
    uint8_t tag = in_.Byte();
    int64_t value = 0;
    if (tag < 0x80) value = tag;
    else if (tag >= 0xe0) value = int8_t(tag);
    else if (tag >= 0xcc && tag <= 0xcf) value = FromUnsigned(in_.Big(1 << (tag - 0xcc)));
    else if (tag == 0xd0) value = int8_t(in_.Big(1));
    else if (tag == 0xd1) value = int16_t(in_.Big(2));
    else if (tag == 0xd2) value = int32_t(in_.Big(4));
    else if (tag == 0xd3) value = int64_t(in_.Big(8));
    else Wrong();
    if (Checked(value) < least || value > most) Wrong();
    return value;
  }
  uint64_t Unsigned() {
    uint8_t tag = in_.Byte();
    if (tag < 0x80) return tag;
    if (tag >= 0xcc && tag <= 0xcf) return Checked(in_.Big(1 << (tag - 0xcc)));
    if (tag >= 0xd0 && tag <= 0xd3) {
      int bytes = 1 << (tag - 0xd0);
      int64_t value = int64_t(in_.Big(bytes) << (64 - 8 * bytes)) >> (64 - 8 * bytes);
      if (value >= 0) return Checked(uint64_t(value));
    }
    Wrong();
  }
  Slice String(size_t most) {
    size_t n;
    if (!in_.StringLength(in_.Byte(), &n) || n > most) Wrong();
    const uint8_t* bytes = in_.Bytes(n);
    if (bytes == nullptr || !IsUtf8(bytes, n)) Wrong();
    return {bytes, n};
  }
  Slice Binary(size_t most) {
    uint8_t tag = in_.Byte();
    if (tag < 0xc4 || tag > 0xc6) Wrong();
    size_t n = in_.Big(1 << (tag - 0xc4));
    const uint8_t* bytes = n <= most ? in_.Bytes(n) : nullptr;
    if (bytes == nullptr) Wrong();
    return {bytes, n};
  }
  // One whole value: well-formed, no deeper than the protocol allows.
  Slice Value() {
    const uint8_t* from = Here();
    size_t owed[kMaxDepth], depth = 0, owed_in_all = 0;
    size_t children = Head();
    for (;;) {
      if (children != kScalar && children > 0) {
        owed[depth++] = children;
        owed_in_all += children;
        // Every missing value takes at least a byte.
        if (owed_in_all > in_.left()) Wrong();
      }
      while (depth > 0 && owed[depth - 1] == 0) depth--;
      if (depth == 0) break;
      owed[depth - 1]--;
      owed_in_all--;
      children = Head();
      if (children != kScalar && depth == kMaxDepth) Wrong();
    }
    return {from, size_t(Here() - from)};
  }
  void End() {
    if (!in_.ok() || !in_.AtEnd()) Wrong();
  }

 private:
  static constexpr size_t kScalar = SIZE_MAX;

  [[noreturn]] static size_t Wrong() { BreaksProtocol("a malformed message"); }
  template <typename T>
  T Checked(T value) {
    if (!in_.ok()) Wrong();
    return value;
  }
  static int64_t FromUnsigned(uint64_t value) {
    if (value > INT64_MAX) Wrong();
    return int64_t(value);
  }
  const uint8_t* Here() const { return start_ + (length_ - in_.left()); }

  // Skips a scalar, or the header of a container. Returns the number of values in it, or kScalar.
  size_t Head() {
    uint8_t tag = in_.Byte();
    if (!in_.ok() || tag == 0xc1) Wrong();
    size_t n;
    if (tag < 0x80 || tag >= 0xe0 || tag == 0xc0 || tag == 0xc2 || tag == 0xc3) return kScalar;
    if (tag < 0x90) return Held(tag & 0x0f, 2);
    if (tag < 0xa0) return Held(tag & 0x0f, 1);
    if (tag == 0xdc || tag == 0xdd) return Held(in_.Big(tag == 0xdc ? 2 : 4), 1);
    if (tag == 0xde || tag == 0xdf) return Held(in_.Big(tag == 0xde ? 2 : 4), 2);
    if (in_.StringLength(tag, &n)) {
      const uint8_t* bytes = in_.Bytes(n);
      if (bytes == nullptr || !IsUtf8(bytes, n)) Wrong();
    } else if (in_.ExtLength(tag, &n)) {
      in_.Byte();
      in_.Bytes(n);
    } else if (!in_.ok()) {
      // The length of a text or an extension that ends before it.
      Wrong();
    } else if (tag >= 0xc4 && tag <= 0xc6) {
      in_.Bytes(in_.Big(1 << (tag - 0xc4)));
    } else {
      // Numbers: ca and cb are floats of four and eight bytes, cc to cf and d0 to d3 integers of one to eight.
      in_.Bytes(tag == 0xca ? 4 : tag == 0xcb ? 8 : size_t(1) << (tag >= 0xd0 ? tag - 0xd0 : tag - 0xcc));
    }
    if (!in_.ok()) Wrong();
    return kScalar;
  }
  size_t Held(size_t count, size_t values_each) {
    if (!in_.ok() || count > in_.left() / values_each) Wrong();
    return count * values_each;
  }

  PackReader in_;
  const uint8_t* start_;
  size_t length_;
};

Limits ReadLimits(BodyReader& in) {
  in.Array(11);
  Limits limits;
  limits.timeout = in.Integer(1, INT64_MAX);
  limits.cpu = in.Integer(1, INT64_MAX);
  limits.memory = in.Integer(1, kMaxMemory);
  limits.max_tool_calls = in.Integer(0, kMaxInt);
  limits.max_pending_calls = in.Integer(0, kMaxInt);
  limits.max_iterations = in.Integer(0, kMaxIterations);
  limits.max_console_calls = in.Integer(0, kMaxInt);
  limits.max_console_bytes = in.Integer(INT64_MIN, INT64_MAX);
  limits.max_value_depth = in.Integer(0, kMaxInt);
  limits.max_value_members = in.Integer(0, kMaxInt);
  limits.max_value_bytes = in.Integer(0, kMaxInt);
  return limits;
}

LockPlan ReadLock(BodyReader& in) {
  in.Array(5);
  LockPlan plan;
  plan.layers = in.Integer(0, EE_LAYER_ALL);
  plan.uid = in.Integer(0, kMaxInt);
  plan.data_bytes = in.Integer(0, INT64_MAX);
  plan.cpu_seconds = in.Integer(0, INT64_MAX);
  Slice filter = in.Binary(kMaxFilterBytes);
  if (filter.length % kInstructionBytes != 0) BreaksProtocol("a filter of odd length");
  plan.filter.assign(filter.data, filter.data + filter.length);
  return plan;
}

uint64_t ReadJob(Slice body) {
  BodyReader in(body);
  in.Array(1);
  uint64_t job = in.Unsigned();
  in.End();
  return job;
}

LibraryPlan ReadLibraries(BodyReader& in) {
  in.Array(3);
  LibraryPlan plan;
  plan.count = in.Integer(1, kMaxLibraries);
  plan.cpu = in.Integer(1, kMaxRemaining);
  plan.held = in.Integer(1, kMaxMemory);
  return plan;
}

}  // namespace

void BreaksProtocol(const char* what) { ExitProcess(EE_EXIT_PROTOCOL, what); }

Hello ReadHello(Slice body) {
  BodyReader in(body);
  size_t fields = in.Array();
  if (fields != 8 && fields != 9) BreaksProtocol("a hello with another number of fields");
  Hello hello;
  Slice nonce = in.Binary(kNonceBytes);
  if (nonce.length != kNonceBytes) BreaksProtocol("a nonce of the wrong length");
  memcpy(hello.nonce, nonce.data, kNonceBytes);
  hello.max_frame_bytes = in.Integer(kMinFrameBytes, kMaxFrameBytes);
  hello.heap_limit = in.Integer(1, kMaxMemory);
  hello.largest_limit = in.Integer(hello.heap_limit, kMaxMemory);
  size_t count = in.Array();
  if (count > size_t(kMaxRemovedGlobals)) BreaksProtocol("too many removed globals");
  for (size_t i = 0; i < count; i++) {
    Slice name = in.String(kMaxGlobalName);
    hello.removed_globals.emplace_back(reinterpret_cast<const char*>(name.data), name.length);
  }
  hello.clock_step = in.Integer(1, kMaxClockStep);
  hello.lock = ReadLock(in);
  hello.rehearses = in.Integer(0, 1) == 1;
  if (fields == 9) hello.libraries = ReadLibraries(in);
  in.End();
  return hello;
}

LibraryMessage ReadLibrary(Slice body) {
  BodyReader in(body);
  in.Array(2);
  LibraryMessage message{};
  message.name = in.String(kMaxLibraryName);
  if (message.name.length == 0) BreaksProtocol("a library without a name");
  message.source = in.String(body.length);
  in.End();
  return message;
}

ExecuteMessage ReadExecute(Slice body) {
  BodyReader in(body);
  size_t fields = in.Array();
  if (fields != 6 && fields != 7) BreaksProtocol("an execute with another number of fields");
  ExecuteMessage message{};
  message.job_id = in.Unsigned();
  message.source = in.String(body.length);
  message.source_name = in.String(kMaxSourceName);
  message.limits = ReadLimits(in);
  message.globals = in.Value();
  message.key = in.Binary(kKeyBytes);
  if (message.key.length != 0 && message.key.length != kKeyBytes) BreaksProtocol("a code key of the wrong length");
  if (fields == 7) {
    in.Array(6);
    message.repeatable = true;
    message.seed = in.Unsigned();
    message.now = in.Integer(-kMaxDate, kMaxDate);
    for (uint64_t& part : message.secret) part = in.Unsigned();
  }
  in.End();
  return message;
}

ToolResult ReadToolResult(Slice body) {
  BodyReader in(body);
  size_t fields = in.Array();
  if (fields != 4 && fields != 5) BreaksProtocol("a tool result with another number of fields");
  ToolResult result{};
  result.job_id = in.Unsigned();
  result.call_id = uint32_t(in.Integer(0, UINT32_MAX));
  result.failed = in.Integer(0, 1) == 1;
  result.payload = in.Value();
  result.has_time = fields == 5;
  if (result.has_time) result.now = in.Integer(-kMaxDate, kMaxDate);
  in.End();
  return result;
}

Deadline ReadDeadline(Slice body) {
  BodyReader in(body);
  in.Array(2);
  Deadline deadline{};
  deadline.job_id = in.Unsigned();
  deadline.remaining = in.Integer(1, kMaxRemaining);
  in.End();
  return deadline;
}

uint64_t ReadCancel(Slice body) { return ReadJob(body); }

uint64_t ReadPark(Slice body) { return ReadJob(body); }

Unpark ReadUnpark(Slice body) {
  BodyReader in(body);
  in.Array(3);
  Unpark unpark{};
  unpark.job_id = in.Unsigned();
  unpark.remaining = in.Integer(1, kMaxRemaining);
  unpark.saved = in.Binary(kMaxParked);
  in.End();
  return unpark;
}

Suspend ReadSuspend(Slice body) {
  BodyReader in(body);
  in.Array(2);
  Suspend suspend{};
  suspend.job_id = in.Unsigned();
  suspend.calls = in.Integer(0, UINT32_MAX);
  in.End();
  return suspend;
}

void ReadShutdown(Slice body) {
  BodyReader in(body);
  in.Array(0);
  in.End();
}
