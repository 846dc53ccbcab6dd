#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

// The first argument, a count above zero.
static long count_of(int argc, char **argv) {
  long count = argc >= 2 ? atol(argv[1]) : 0;
  if (count > 0) return count;
  fprintf(stderr, "usage: %s COUNT\n", argv[0]);
  exit(64);
}
