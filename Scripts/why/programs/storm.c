// storm PROCESSES THREADS SECONDS: a parent with PROCESSES children, each of which starts THREADS threads and dies at once, to be replaced.
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *brief(void *unused) {
  usleep(300000 + rand() % 1000000);
  return unused;
}

static void child(int threads) {
  pthread_t team[threads];
  int begun = 0;
  while (begun < threads && pthread_create(&team[begun], 0, brief, 0) == 0) begun++;
  for (int number = 0; number < begun; number++) pthread_join(team[number], 0);
  _exit(0);
}

int main(int count, char **words) {
  if (count != 4) return 64;
  int alive = 0, processes = atoi(words[1]), threads = atoi(words[2]);
  for (time_t end = time(0) + atoi(words[3]); time(0) < end;) {
    while (alive < processes) {
      int process = fork();
      if (process == 0) child(threads);
      if (process < 0) break;
      alive++;
    }
    if (wait(0) > 0) alive--;
  }
}
