// tick SECONDS: 50 times a second 1 ms of work on time, as a player or a control loop has it.
#include <stdlib.h>
#include <time.h>

#include "work.h"

int main(int count, char **words) {
  if (count != 2) return 64;
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (int left = 50 * atof(words[1]); left > 0; left--) {
    next.tv_nsec += 20000000;
    if (next.tv_nsec >= 1000000000) next.tv_sec++, next.tv_nsec -= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, 0);
    work(1);
  }
}
