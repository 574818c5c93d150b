#include "maps.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

bool ReadMappings(int descriptor, char* text, Mapping* mappings, uint32_t* count) {
  size_t length = 0;
  for (;;) {
    if (length + 1 >= kMapsBytes) return false;
    ssize_t n = read(descriptor, text + length, kMapsBytes - 1 - length);
    if (n < 0) return false;
    if (n == 0) break;
    length += size_t(n);
  }
  text[length] = '\0';
  *count = 0;
  for (char* line = text; *line != '\0';) {
    char* end = strchr(line, '\n');
    if (end == nullptr) return false;
    *end = '\0';
    unsigned long begin, stop;
    char rights[5];
    if (sscanf(line, "%lx-%lx %4s", &begin, &stop, rights) != 3) return false;
    // Two cells would share such a mapping.
    if (rights[3] == 's' && rights[1] == 'w') return false;
    if (rights[3] == 'p') {
      if (*count == kMaxMappings) return false;
      int protection = (rights[0] == 'r' ? PROT_READ : 0) | (rights[1] == 'w' ? PROT_WRITE : 0) | (rights[2] == 'x' ? PROT_EXEC : 0);
      mappings[(*count)++] = {begin, stop, protection, strchr(line, '/') != nullptr};
    }
    line = end + 1;
  }
  return *count > 0;
}
