// spin KIND THREADS ROUNDS MILLISECONDS: threads that wait busily, each round for so much work: shared by all before a barrier, or done by
// the first thread while the others poll for it.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "work.h"

static int threads, rounds, polls;
static double milliseconds;
static atomic_int arrived;

static void *member(void *number) {
  for (int round = 1; round <= rounds; round++) {
    if (!polls || number == 0) {
      work(polls ? milliseconds : milliseconds / threads);
      atomic_fetch_add(&arrived, 1);
    }
    while (atomic_load(&arrived) < round * (polls ? 1 : threads)) __asm__ volatile("" : : : "memory");
  }
  return 0;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  polls = words[1][0] == 'p';
  threads = atoi(words[2]);
  rounds = atoi(words[3]);
  milliseconds = atof(words[4]);
  pthread_t team[threads];
  for (long number = 0; number < threads; number++) pthread_create(&team[number], 0, member, (void *)number);
  for (int number = 0; number < threads; number++) pthread_join(team[number], 0);
}
