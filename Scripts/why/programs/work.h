// A unit of work that no compiler and no cache shortens: dependent multiplications, some 1 ms per call of `work(1)` at 3 GHz.
#include <stdint.h>

static void work(double milliseconds) {
  volatile uint64_t sink = 1;
  uint64_t value = sink;
  for (uint64_t left = (uint64_t)(milliseconds * 750000); left > 0; left--) value = value * 6364136223846793005u + 1;
  sink = value;
}
