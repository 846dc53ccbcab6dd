// Starts /bin/true COUNT times from several threads, WORKERS at once together; prints starts per second. It shows what a
// second spawner would bring. Build: cc -O2 spawners.c -lpthread
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static atomic_int left;
static int at_once;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void *spawn(void *context) {
  char *arguments[] = {"/bin/true", NULL};
  pid_t *children = calloc((size_t)at_once, sizeof(pid_t));
  int started = 0, ended = 0;
  while (atomic_fetch_sub(&left, 1) > 0) {
    if (started - ended == at_once) waitpid(children[ended++ % at_once], NULL, 0);
    if (posix_spawn(&children[started++ % at_once], arguments[0], NULL, NULL, arguments, environ) != 0) exit(1);
  }
  while (ended < started) waitpid(children[ended++ % at_once], NULL, 0);
  free(children);
  return context;
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: %s COUNT THREADS WORKERS\n", argv[0]), 64;
  int count = atoi(argv[1]), threads = atoi(argv[2]);
  pthread_t thread[64];
  left = count;
  at_once = atoi(argv[3]) / threads;
  double start = now();
  for (int index = 0; index < threads; index++) pthread_create(&thread[index], NULL, spawn, NULL);
  for (int index = 0; index < threads; index++) pthread_join(thread[index], NULL);
  printf("%.0f\n", count / (now() - start));
}
