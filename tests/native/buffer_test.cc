#include "buffer.h"

#include <gtest/gtest.h>

#include <string>

TEST(Buffer, GrowsToItsCapAndNoFurther) {
  Buffer buffer;
  buffer.Reset(10000);
  std::string text(10000, 'x');
  for (size_t i = 0; i < text.size(); i += 100) buffer.Append(text.data() + i, 100);

  EXPECT_EQ(buffer.size(), 10000u);
  EXPECT_FALSE(buffer.full());
  EXPECT_EQ(buffer.Extend(1), nullptr);
  EXPECT_TRUE(buffer.full());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(buffer.data()), buffer.size()), text);
}

TEST(Buffer, RefusesALengthThatWouldOverflow) {
  Buffer buffer;
  buffer.Reset(100);
  buffer.Append("abc", 3);

  EXPECT_EQ(buffer.Extend(SIZE_MAX), nullptr);
  EXPECT_EQ(buffer.Extend(SIZE_MAX - 2), nullptr);
  EXPECT_EQ(buffer.size(), 3u);
}

TEST(Buffer, IsEmptyAfterAResetWithASmallerCap) {
  Buffer buffer;
  buffer.Reset(8192);
  ASSERT_NE(buffer.Extend(8192), nullptr);
  buffer.Reset(10);

  EXPECT_EQ(buffer.size(), 0u);
  EXPECT_FALSE(buffer.full());
  EXPECT_NE(buffer.Extend(10), nullptr);
  EXPECT_EQ(buffer.Extend(1), nullptr);
}

TEST(Buffer, OfNoBytesTakesNone) {
  Buffer buffer;
  EXPECT_EQ(buffer.Extend(1), nullptr);
  buffer.Append(nullptr, 0);
  buffer.Reset(10);
  buffer.Append("abc", 3);
  buffer.Append(nullptr, 0);
  EXPECT_EQ(buffer.size(), 3u);
  buffer.Reset(10);
  EXPECT_EQ(buffer.size(), 0u);
}
