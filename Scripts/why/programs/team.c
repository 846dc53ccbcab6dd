// team THREADS MILLISECONDS SERIAL_PERCENT ROUNDS: so much work in rounds; of each, a part by one thread, then the rest by all.
#include <pthread.h>
#include <stdlib.h>

#include "work.h"

static int threads, rounds;
static double serial, parallel;
static pthread_barrier_t barrier;

static void *member(void *number) {
  for (int round = 0; round < rounds; round++) {
    if (number == 0) work(serial / rounds);
    pthread_barrier_wait(&barrier);
    work(parallel / rounds / threads);
    pthread_barrier_wait(&barrier);
  }
  return 0;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  threads = atoi(words[1]);
  serial = atof(words[2]) * atof(words[3]) / 100;
  parallel = atof(words[2]) - serial;
  rounds = atoi(words[4]);
  pthread_t team[threads];
  pthread_barrier_init(&barrier, 0, threads);
  for (long number = 1; number < threads; number++) pthread_create(&team[number], 0, member, (void *)number);
  member(0);
  for (int number = 1; number < threads; number++) pthread_join(team[number], 0);
}
