#include "entropy.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "exit.h"
#include "kernel.h"
#include "run_state.h"

namespace {

constexpr size_t kBlock = 64;

void Quarter(uint32_t* x, int a, int b, int c, int d) {
  x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 7);
}

// ChaCha20 with a counter of 64 bits and a nonce of zeros (Bernstein 2008): known blocks, or known numbers of Math.random, reveal nothing of the others.
void ChaCha(const uint64_t* secret, uint64_t counter, uint8_t* to) {
  uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, x[16];
  for (int i = 0; i < 4; i++) {
    start[4 + 2 * i] = uint32_t(secret[i]);
    start[5 + 2 * i] = uint32_t(secret[i] >> 32);
  }
  start[12] = uint32_t(counter);
  start[13] = uint32_t(counter >> 32);
  memcpy(x, start, sizeof x);
  for (int i = 0; i < 10; i++) {
    for (int k = 0; k < 4; k++) Quarter(x, k, 4 + k, 8 + k, 12 + k);
    for (int k = 0; k < 4; k++) Quarter(x, k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4);
  }
  for (int i = 0; i < 16; i++) {
    uint32_t word = x[i] + start[i];
    memcpy(to + 4 * i, &word, sizeof word);
  }
}

}  // namespace

void entropy::Machine(uint8_t* to, size_t length) {
  while (length > 0) {
    long n = kernel::Call(SYS_getrandom, long(to), long(length), 0);
    if (n == -EINTR) continue;
    if (n <= 0) ExitProcess(EE_EXIT_FATAL, "no randomness");
    to += n;
    length -= size_t(n);
  }
}

void entropy::Repeatable(RunState* run, uint8_t* to, size_t length) {
  while (length > 0) {
    uint8_t block[kBlock];
    ChaCha(run->secret, run->blocks++, block);
    size_t n = std::min(length, kBlock);
    memcpy(to, block, n);
    to += n;
    length -= n;
  }
}
