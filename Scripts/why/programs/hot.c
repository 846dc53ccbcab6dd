// hot FEEDERS ITEMS FEED_MS EAT_MS: feeders hand items to one thread through a queue of four places; that thread has most of the work.
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "work.h"

static sem_t filled, places;
static atomic_int left;
static double feeding;

static void *feeder(void *unused) {
  while (atomic_fetch_sub(&left, 1) > 0) sem_wait(&places), work(feeding), sem_post(&filled);
  return unused;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  int feeders = atoi(words[1]), items = atoi(words[2]);
  left = items;
  feeding = atof(words[3]);
  sem_init(&filled, 0, 0);
  sem_init(&places, 0, 4);
  pthread_t team[feeders];
  for (int number = 0; number < feeders; number++) pthread_create(&team[number], 0, feeder, 0);
  for (int item = 0; item < items; item++) sem_wait(&filled), work(atof(words[4])), sem_post(&places);
  for (int number = 0; number < feeders; number++) pthread_join(team[number], 0);
}
