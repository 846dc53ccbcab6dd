// Writes COUNT random letters into a buffer that stays in cache, one step of xorshift64 each; prints the seconds that
// one took.
#include "seconds.h"
#include <stdint.h>

static const char letters[52] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
static char buffer[16384];

static uint64_t write_letters(uint64_t state, long count) {
  while (count > 0) {
    long part = count < (long)sizeof buffer ? count : (long)sizeof buffer;
    for (long index = 0; index < part; index++) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      buffer[index] = letters[(uint64_t)(((unsigned __int128)state * 52) >> 64)];
    }
    count -= part;
    // The compiler must not drop a buffer that nobody reads.
    __asm__ volatile("" ::"r"(buffer) : "memory");
  }
  return state;
}

int main(int argc, char **argv) {
  long count = count_of(argc, argv);
  volatile uint64_t state = write_letters(1, 200000);
  double start = now();
  state = write_letters(state, count);
  printf("%.9g\n", (now() - start) / count);
}
