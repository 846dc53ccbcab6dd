/* Two threads on CPU 0, or one of them on the CPU named second, that send a byte forth and back through two pipes: prints
   seconds for a round trip. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#include "seconds.h"

static int request[2], reply[2], away;

static void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

static void *answer(void *unused) {
  char byte;
  pin(away);
  while (read(request[0], &byte, 1) == 1)
    if (write(reply[1], &byte, 1) != 1) break;
  return unused;
}

int main(int argc, char **argv) {
  long count = count_of(argc, argv);
  pthread_t thread;
  char byte = 1;
  if (pipe(request) || pipe(reply)) return 1;
  if (argc > 2) away = atoi(argv[2]);
  pin(0);
  if (pthread_create(&thread, NULL, answer, NULL)) return 1;
  double start = now();
  for (long i = 0; i < count; i++)
    if (write(request[1], &byte, 1) != 1 || read(reply[0], &byte, 1) != 1) return 1;
  printf("%.12f\n", (now() - start) / count);
  close(request[1]);
  return pthread_join(thread, NULL);
}
