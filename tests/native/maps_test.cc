#include "maps.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace {

class Maps : public testing::Test {
 protected:
  bool Read(const std::string& list) {
    int file = memfd_create("maps", 0);
    EXPECT_EQ(write(file, list.data(), list.size()), ssize_t(list.size()));
    lseek(file, 0, SEEK_SET);
    bool ok = ReadMappings(file, text_.data(), mappings_.data(), &count_);
    close(file);
    return ok;
  }

  std::vector<char> text_ = std::vector<char>(kMapsBytes);
  std::vector<Mapping> mappings_ = std::vector<Mapping>(kMaxMappings);
  uint32_t count_ = 0;
};

}  // namespace

TEST_F(Maps, HasPrivateMappingsWithTheirRights) {
  ASSERT_TRUE(
      Read("7f0000000000-7f0000002000 r-xp 00000000 08:01 17   /engine/node\n"
           "7f0000002000-7f0000003000 rw-p 00000000 00:00 0 \n"
           "7f0000003000-7f0000004000 ---p 00000000 00:00 0    [anon: x]\n"
           "7f0000004000-7f0000005000 r--s 00000000 00:00 0    /shared\n"));
  ASSERT_EQ(count_, 3u);
  EXPECT_EQ(mappings_[0].begin, 0x7f0000000000u);
  EXPECT_EQ(mappings_[0].end, 0x7f0000002000u);
  EXPECT_EQ(mappings_[0].protection, PROT_READ | PROT_EXEC);
  EXPECT_TRUE(mappings_[0].has_file);
  EXPECT_EQ(mappings_[1].protection, PROT_READ | PROT_WRITE);
  EXPECT_FALSE(mappings_[1].has_file);
  EXPECT_EQ(mappings_[2].protection, PROT_NONE);
}

TEST_F(Maps, RefusesMemoryThatTwoCellsWouldShare) { EXPECT_FALSE(Read("7f0000000000-7f0000002000 rw-s 00000000 00:00 0\n")); }

TEST_F(Maps, RefusesWhatIsNoList) {
  EXPECT_FALSE(Read(""));
  EXPECT_FALSE(Read("no list\n"));
  EXPECT_FALSE(Read("7f0000000000-7f0000002000 rw-p 00000000 00:00 0"));
}

TEST_F(Maps, RefusesMoreMappingsThanItHoldsAndAListThatIsTooLong) {
  std::string line = "7f0000000000-7f0000002000 rw-p 00000000 00:00 0\n", full;
  for (uint32_t i = 0; i < kMaxMappings; i++) full += line;
  EXPECT_TRUE(Read(full));
  EXPECT_EQ(count_, kMaxMappings);
  EXPECT_FALSE(Read(full + line));
  EXPECT_FALSE(Read(std::string(kMapsBytes, 'x')));
}

TEST_F(Maps, ReadsTheListOfThisProcess) {
  int file = open("/proc/self/maps", O_RDONLY);
  ASSERT_TRUE(ReadMappings(file, text_.data(), mappings_.data(), &count_));
  close(file);
  auto here = reinterpret_cast<uintptr_t>(&file);
  bool found = false;
  for (uint32_t i = 0; i < count_; i++) found = found || (mappings_[i].begin <= here && here < mappings_[i].end);
  EXPECT_TRUE(found) << "the stack";
}
