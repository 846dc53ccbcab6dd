// tick SECONDS THREADS TICKS MILLISECONDS: each thread works for MILLISECONDS, TICKS times a second, on time, as a player or a control loop does.
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "work.h"

static double seconds, ticks, milliseconds;

static void *ticker(void *unused) {
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (int left = seconds * ticks; left > 0; left--) {
    next.tv_nsec += 1e9 / ticks;
    if (next.tv_nsec >= 1000000000) next.tv_sec++, next.tv_nsec -= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, 0);
    work(milliseconds);
  }
  return unused;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  seconds = atof(words[1]);
  int threads = atoi(words[2]);
  ticks = atof(words[3]);
  milliseconds = atof(words[4]);
  pthread_t team[threads];
  for (int number = 0; number < threads; number++) pthread_create(&team[number], 0, ticker, 0);
  for (int number = 0; number < threads; number++) pthread_join(team[number], 0);
}
