#include "messagepack.h"

#include <gtest/gtest.h>

#include "bodies.h"

namespace {

std::string Bytes(std::initializer_list<int> bytes) { return {bytes.begin(), bytes.end()}; }

PackReader Over(const std::string& bytes) { return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}; }

}  // namespace

// Each format at its first and its last number (https://github.com/msgpack/msgpack/blob/master/spec.md).
TEST(PackWriter, WritesIntegersInTheirShortestForm) {
  const std::pair<int64_t, std::string> cases[] = {
      {0, Bytes({0x00})},
      {127, Bytes({0x7f})},
      {128, Bytes({0xcc, 0x80})},
      {255, Bytes({0xcc, 0xff})},
      {256, Bytes({0xcd, 1, 0})},
      {65535, Bytes({0xcd, 0xff, 0xff})},
      {65536, Bytes({0xce, 0, 1, 0, 0})},
      {4294967295, Bytes({0xce, 0xff, 0xff, 0xff, 0xff})},
      {4294967296, Bytes({0xcf, 0, 0, 0, 1, 0, 0, 0, 0})},
      {-1, Bytes({0xff})},
      {-32, Bytes({0xe0})},
      {-33, Bytes({0xd0, 0xdf})},
      {-128, Bytes({0xd0, 0x80})},
      {-129, Bytes({0xd1, 0xff, 0x7f})},
      {-32768, Bytes({0xd1, 0x80, 0})},
      {-32769, Bytes({0xd2, 0xff, 0xff, 0x7f, 0xff})},
      {INT32_MIN, Bytes({0xd2, 0x80, 0, 0, 0})},
      {int64_t(INT32_MIN) - 1, Bytes({0xd3, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff})},
      {INT64_MIN, Bytes({0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0})},
  };
  for (const auto& [number, bytes] : cases) EXPECT_EQ(Packed([&, n = number](Packer& out) { out.Integer(n); }), bytes) << number;
}

TEST(PackWriter, WritesWholeNumbersAsIntegersAndAllOthersAsFloats) {
  auto number = [](double value) { return Packed([&](Packer& out) { out.Number(value); }); };
  EXPECT_EQ(number(5), Bytes({5}));
  EXPECT_EQ(number(-0.0), Bytes({0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(number(0.5), Bytes({0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(number(kMaxSafeInteger), Bytes({0xcf, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}));
  EXPECT_EQ(number(kMaxSafeInteger + 1), Bytes({0xcb, 0x43, 0x40, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), Bytes({0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(number(-std::numeric_limits<double>::quiet_NaN()), number(std::numeric_limits<double>::quiet_NaN()));
}

TEST(PackWriter, WritesLengthsInTheirShortestForm) {
  auto header = [](void (Packer::*write)(size_t), size_t n) { return Packed([&](Packer& out) { (out.*write)(n); }); };
  EXPECT_EQ(header(&Packer::ArrayHeader, 15), Bytes({0x9f}));
  EXPECT_EQ(header(&Packer::ArrayHeader, 16), Bytes({0xdc, 0, 16}));
  EXPECT_EQ(header(&Packer::ArrayHeader, 65536), Bytes({0xdd, 0, 1, 0, 0}));
  EXPECT_EQ(header(&Packer::MapHeader, 15), Bytes({0x8f}));
  EXPECT_EQ(header(&Packer::MapHeader, 65535), Bytes({0xde, 0xff, 0xff}));
  EXPECT_EQ(header(&Packer::MapHeader, 65536), Bytes({0xdf, 0, 1, 0, 0}));
  EXPECT_EQ(header(&Packer::StringHeader, 31), Bytes({0xbf}));
  EXPECT_EQ(header(&Packer::StringHeader, 32), Bytes({0xd9, 32}));
  EXPECT_EQ(header(&Packer::StringHeader, 256), Bytes({0xda, 1, 0}));
  EXPECT_EQ(header(&Packer::StringHeader, 65536), Bytes({0xdb, 0, 1, 0, 0}));
}

TEST(PackWriter, WritesAnExtensionThatTheReaderReads) {
  for (size_t length : {0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 65535, 65536}) {
    std::string bytes = Packed([&](Packer& out) { out.Ext(kExtUtf16, length); }) + std::string(length, 'x');
    PackReader in = Over(bytes);
    size_t read = 0;
    EXPECT_TRUE(in.ExtLength(in.Byte(), &read));
    EXPECT_EQ(read, length);
    EXPECT_EQ(int8_t(in.Byte()), kExtUtf16);
    EXPECT_NE(in.Bytes(read), nullptr);
    EXPECT_TRUE(in.ok() && in.AtEnd()) << length;
  }
}

TEST(PackReader, NeverLeavesItsBounds) {
  std::string three = "abc";
  PackReader in = Over(three);
  EXPECT_EQ(in.Bytes(SIZE_MAX), nullptr);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.left(), 0u);
  EXPECT_EQ(in.Byte(), 0xc1);
  EXPECT_EQ(in.Big(8), 0u);

  PackReader number = Over(three);
  EXPECT_EQ(number.Big(4), 0u);
  EXPECT_FALSE(number.ok());
}

TEST(PackReader, RefusesACountAboveWhatItsBytesCanHold) {
  std::string ten(10, '\0');
  EXPECT_EQ(Over(ten).Count(10, 1), 10u);
  EXPECT_EQ(Over(ten).Count(5, 2), 5u);
  PackReader in = Over(ten);
  EXPECT_EQ(in.Count(6, 2), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(Over(ten).Count(SIZE_MAX, 2), 0u);
}

TEST(PackReader, StaysWrongAfterTheFirstFault) {
  std::string bytes = Bytes({0xd9});
  PackReader in = Over(bytes);
  size_t n = 0;
  EXPECT_FALSE(in.StringLength(in.Byte(), &n));
  EXPECT_FALSE(in.ok());
  EXPECT_FALSE(in.ExtLength(0xd4, &n));
}
