// Starts a thread that does nothing and joins it, COUNT times; prints the seconds that one took.
#include "seconds.h"
#include <pthread.h>

static void *nothing(void *argument) { return argument; }

int main(int argc, char **argv) {
  long count = count_of(argc, argv);
  double start = now();
  for (long index = 0; index < count; index++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, nothing, NULL) != 0) return 1;
    pthread_join(thread, NULL);
  }
  printf("%.9g\n", (now() - start) / count);
}
