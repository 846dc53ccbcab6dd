// Streams COUNT bytes through memory by STREAM's triad, a = b + s·c over three arrays of 32 MiB in huge pages; prints
// the seconds that a byte took. 24 bytes are counted for each element, as STREAM counts them.
#define _GNU_SOURCE
#include "seconds.h"
#include <sys/mman.h>

enum { ELEMENTS = (32 << 20) / sizeof(double) };

__attribute__((noinline)) static void triad(
    double *restrict a, const double *restrict b, const double *restrict c, double factor, long count) {
  for (long index = 0; index < count; index++) a[index] = b[index] + factor * c[index];
}

int main(int argc, char **argv) {
  long elements = (count_of(argc, argv) + 23) / 24;
  size_t bytes = 3 * ELEMENTS * sizeof(double);
  double *region = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) return 1;
  madvise(region, bytes, MADV_HUGEPAGE);
  for (long index = 0; index < 3 * ELEMENTS; index++) region[index] = 1;
  double start = now();
  for (long left = elements; left > 0; left -= ELEMENTS)
    triad(region, region + ELEMENTS, region + 2 * ELEMENTS, 0.5, left < ELEMENTS ? left : ELEMENTS);
  printf("%.9g\n", (now() - start) / (24.0 * elements));
}
