#include "book.h"

#include <gtest/gtest.h>

#include "ended.h"

TEST(Book, GivesZeroedPagesThatDoNotOverlap) {
  auto* one = static_cast<uint8_t*>(book::Take(1));
  auto* two = static_cast<uint8_t*>(book::Take(kPage + 1));

  EXPECT_EQ(reinterpret_cast<uintptr_t>(one) % kPage, 0u);
  EXPECT_EQ(two - one, ptrdiff_t(kPage));
  for (size_t i = 0; i < kPage + 1; i++) EXPECT_EQ(two[i], 0);
  EXPECT_GE(reinterpret_cast<uintptr_t>(one), book::begin());
  EXPECT_LE(reinterpret_cast<uintptr_t>(two) + 2 * kPage, book::end());
}

TEST(Book, EndsTheProcessWhenItIsUsedUp) {
  try {
    book::Take(book::end() - book::begin());
    FAIL() << "more than there is";
  } catch (const Ended& ended) {
    EXPECT_EQ(ended.code, EE_EXIT_START);
  }
}

TEST(Book, WipesWhatWasTouchedAndNotAByteBehindIt) {
  constexpr size_t kKept = kPage, kPiece = 3 * kPage;
  auto* piece = static_cast<uint8_t*>(book::Take(kPiece));
  auto* next = static_cast<uint8_t*>(book::Take(kPage));
  for (size_t touched : {size_t(1), kKept, kKept + 1, kPiece - 1, kPiece}) {
    memset(piece, 0xff, touched);
    memset(next, 0xff, kPage);
    book::Wipe(piece, touched, kKept);
    for (size_t i = 0; i < kPiece; i++) ASSERT_EQ(piece[i], 0) << "byte " << i << " of " << touched;
    for (size_t i = 0; i < kPage; i++) ASSERT_EQ(next[i], 0xff) << "byte " << i << " of the next piece";
  }
}
