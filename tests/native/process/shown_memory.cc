#include "shown_memory.h"

#include <alloca.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "book.h"
#include "child.h"
#include "protocol.g.h"

namespace {

// More than a reset clears of the stack below its frames.
constexpr size_t kStackBytes = 512 << 10;

__attribute__((noinline)) void GrowStack() {
  auto* low = static_cast<volatile char*>(alloca(kStackBytes));
  for (size_t i = 0; i < kStackBytes; i += kPage) low[i] = 0;
}

void* MapPages(size_t bytes, int protection, int flags) {
  long at = kernel::Call(SYS_mmap, 0, long(bytes), protection, flags | MAP_ANONYMOUS, -1, 0);
  MUST(!kernel::Failed(at));
  return reinterpret_cast<void*>(at);
}

// The text of a file of /proc/self. No allocation: a reset restores the end of the heap.
char* ReadOwn(const char* path) {
  static char text[512 << 10];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  MUST(file >= 0);
  size_t length = 0;
  for (ssize_t n; (n = read(file, text + length, sizeof text - 1 - length)) > 0;) length += size_t(n);
  MUST(length + 1 < sizeof text);
  text[length] = '\0';
  close(file);
  return text;
}

void WriteFile(const std::string& name, const char* text, size_t length) {
  int file = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  MUST(file >= 0);
  MUST(write(file, text, length) == ssize_t(length));
  close(file);
}

}  // namespace

ShownMemory::ShownMemory(size_t pages) : begin_(static_cast<uint8_t*>(MapPages(pages * kPage, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE))), pages_(pages) {}

void ShownMemory::Add(size_t first, size_t count, int protection, bool has_file) {
  MUST(first + count <= pages_);
  MUST(!kernel::Failed(kernel::Protect(address(first), count * kPage, protection)));
  char line[128];
  snprintf(line, sizeof line, "%lx-%lx %c%c%cp 00000000 00:00 0 %s\n", address(first), address(first + count), protection & PROT_READ ? 'r' : '-',
           protection & PROT_WRITE ? 'w' : '-', protection & PROT_EXEC ? 'x' : '-', has_file ? "/file" : "");
  AddLine(line);
}

void ShownMemory::AddLine(const char* line) {
  size_t length = strlen(line);
  MUST(length_ + length < sizeof list_);
  memcpy(list_ + length_, line, length);
  length_ += length;
}

void ShownMemory::Open(checkpoint::Form form) {
  GrowStack();
  if (stack_) {
    char* end = strstr(ReadOwn("/proc/self/maps"), "[stack]\n");
    MUST(end != nullptr);
    end[strlen("[stack]\n")] = '\0';
    char* line = end;
    while (line[-1] != '\n') line--;
    AddLine(line);
  }
  char folder[] = "/tmp/shown-memory-XXXXXX";
  MUST(mkdtemp(folder) != nullptr);
  std::string self = std::string(folder) + "/self", maps = self + "/maps", pagemap = self + "/pagemap";
  MUST(mkdir(self.c_str(), 0700) == 0);
  WriteFile(maps, list_, length_);
  if (!pagemap_) WriteFile(pagemap, "", 0);
  int proc = open(folder, O_PATH | O_CLOEXEC);
  MUST(proc >= 0 && dup2(proc, kLentProc) == kLentProc);
  bool ok = checkpoint::OpenMaps();
  for (const std::string& file : {maps, pagemap}) unlink(file.c_str());
  rmdir(self.c_str());
  rmdir(folder);
  MUST(ok);
  book::Open(checkpoint::BookBytes() + (8 << 20));
  checkpoint::Prepare(form);
}

void ShownMemory::Take(checkpoint::Form form, size_t last_young) {
  Open(form);
  MUST(checkpoint::Take(last_young == 0 ? 0 : address(last_young)));
}

void Scribble(std::mt19937_64& random, uint8_t* page) {
  for (size_t i = 1 + random() % 20; i > 0; i--) reinterpret_cast<volatile uint64_t*>(page)[random() % (kPage / 8)] = random() | 1;
}

PageState StateOf(const void* page) {
  int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  uint64_t entry = 0;
  MUST(pread(file, &entry, sizeof entry, off_t(reinterpret_cast<uintptr_t>(page) / kPage * sizeof entry)) == sizeof entry);
  close(file);
  return {(entry >> 63 & 1) != 0, (entry >> 56 & 1) != 0};
}

int ProtectionOf(const void* at) {
  for (char* line = ReadOwn("/proc/self/maps"); line != nullptr && *line != '\0';) {
    unsigned long begin, end;
    char rights[5];
    MUST(sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3);
    if (begin <= reinterpret_cast<uintptr_t>(at) && reinterpret_cast<uintptr_t>(at) < end) {
      return (rights[0] == 'r' ? PROT_READ : 0) | (rights[1] == 'w' ? PROT_WRITE : 0) | (rights[2] == 'x' ? PROT_EXEC : 0);
    }
    line = strchr(line, '\n');
    if (line != nullptr) line++;
  }
  return kUnmapped;
}

size_t DataBytes() {
  const char* line = strstr(ReadOwn("/proc/self/status"), "VmData:");
  MUST(line != nullptr);
  return strtoul(line + strlen("VmData:"), nullptr, 10) << 10;
}

uintptr_t ProgramBreak() { return uintptr_t(kernel::Call(SYS_brk, 0)); }

bool SetProgramBreak(uintptr_t end) { return uintptr_t(kernel::Call(SYS_brk, long(end))) == end; }

void* SharedMemory(size_t bytes) { return MapPages(bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE); }
