// Runs /bin/true with a number COUNT times by posix_spawn, WORKERS at once, and reaps each as it ends; prints the
// seconds that one took.
// The plainest loop there is: no output kept apart, no log, no limit on time.
#define _GNU_SOURCE
#include "seconds.h"
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv) {
  long count = count_of(argc, argv);
  long workers = argc > 2 ? atol(argv[2]) : 1;
  char number[24];
  // With an argument it does more than without.
  char *arguments[] = {"/bin/true", number, NULL};
  double start = now();
  for (long started = 0, running = 0; started < count || running > 0;) {
    if (started < count && running < workers) {
      pid_t child;
      snprintf(number, sizeof number, "%ld", started + 1);
      if (posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ) != 0) return 1;
      started++, running++;
    } else {
      int status;
      struct rusage usage;
      if (wait4(-1, &status, 0, &usage) < 0 || status != 0) return 1;
      running--;
    }
  }
  printf("%.9g\n", (now() - start) / count);
}
