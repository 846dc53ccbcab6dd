#define _GNU_SOURCE
#include "clinux_init.h"
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static void reap(pid_t worker) {
  int status;
  pid_t ended;
  while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
    if (ended == worker) _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static _Noreturn void look_after(pid_t worker, const sigset_t *signals) {
  for (;;) {
    siginfo_t info;
    int number = sigwaitinfo(signals, &info);
    if (number == SIGCHLD) reap(worker);
    // What the terminal sends, it sends to the whole group, but for the hangup.
    else if (number > 0 && (info.si_code <= 0 || number == SIGHUP)) kill(worker, number);
  }
}

void clinux_work_below_init(void) {
  sigset_t all, former;
  if (getpid() != 1) return;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &former);
  pid_t worker = fork();
  if (worker > 0) look_after(worker, &all);
  // Without a child this process does the work itself.
  sigprocmask(SIG_SETMASK, &former, NULL);
}
