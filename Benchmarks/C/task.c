// A task as it is told: computes for CPU seconds, then waits for WAIT seconds, while it holds MEMORY bytes.
#include "seconds.h"
#include <string.h>

static double cpu(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  double compute = argc > 1 ? atof(argv[1]) : 0;
  double wait = argc > 2 ? atof(argv[2]) : 0;
  double memory = argc > 3 ? atof(argv[3]) : 0;
  volatile char *held = malloc((size_t)memory + 1);
  if (!held) return 1;
  memset((void *)held, 1, (size_t)memory + 1);
  while (cpu() < compute) {}
  struct timespec rest = {(time_t)wait, (long)((wait - (time_t)wait) * 1e9)};
  nanosleep(&rest, NULL);
  return held[0] - 1;
}
