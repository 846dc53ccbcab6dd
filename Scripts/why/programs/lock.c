// lock KIND THREADS SECTIONS HOLD_US FREE_US: SECTIONS sections in all under one lock (mutex, rwlock, spin or none), with free work between.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static const char *kind;
static double hold, between;
static atomic_int left;

static void section(void) {
  if (!strcmp(kind, "mutex")) pthread_mutex_lock(&mutex), work(hold), pthread_mutex_unlock(&mutex);
  if (!strcmp(kind, "rwlock")) pthread_rwlock_wrlock(&rwlock), work(hold), pthread_rwlock_unlock(&rwlock);
  if (!strcmp(kind, "none")) work(hold);
  if (!strcmp(kind, "spin")) pthread_spin_lock(&spin), work(hold), pthread_spin_unlock(&spin);
}

static void *worker(void *unused) {
  while (atomic_fetch_sub(&left, 1) > 0) section(), work(between);
  return unused;
}

int main(int count, char **words) {
  if (count != 6) return 64;
  kind = words[1];
  int threads = atoi(words[2]);
  left = atoi(words[3]);
  hold = atof(words[4]) / 1000;
  between = atof(words[5]) / 1000;
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  pthread_t team[threads];
  for (int number = 0; number < threads; number++) pthread_create(&team[number], 0, worker, 0);
  for (int number = 0; number < threads; number++) pthread_join(team[number], 0);
}
