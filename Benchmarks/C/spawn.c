// Starts /bin/true by posix_spawn and reaps it, COUNT times; prints the seconds that one took.
// The same attributes as the project's own: no descriptor but three, a group of its own, signals at their defaults.
#define _GNU_SOURCE
#include "seconds.h"
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv) {
  long count = count_of(argc, argv);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char *arguments[] = {"/bin/true", NULL};
  double start = now();
  for (long index = 0; index < count; index++) {
    pid_t child;
    int status;
    struct rusage usage;
    if (posix_spawn(&child, arguments[0], &actions, &attributes, arguments, environ) != 0) return 1;
    if (wait4(child, &status, 0, &usage) < 0 || status != 0) return 1;
  }
  printf("%.9g\n", (now() - start) / count);
}
