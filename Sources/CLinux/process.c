#define _GNU_SOURCE
#include "clinux_process.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int place(posix_spawn_file_actions_t *actions, int descriptor, int target) {
  if (descriptor >= 0) return posix_spawn_file_actions_adddup2(actions, descriptor, target);
  return posix_spawn_file_actions_addopen(actions, target, "/dev/null", target == 0 ? O_RDONLY : O_WRONLY, 0);
}

static int set_actions(posix_spawn_file_actions_t *actions, const struct clinux_spawn *request) {
  int code = place(actions, request->input, 0);
  if (code == 0) code = place(actions, request->output, 1);
  if (code == 0) code = place(actions, request->error, 2);
  if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(actions, 3);
  if (code == 0 && request->directory) code = posix_spawn_file_actions_addchdir_np(actions, request->directory);
  return code;
}

static int set_attributes(posix_spawnattr_t *attributes, const struct clinux_spawn *request) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (request->new_group) flags |= POSIX_SPAWN_SETPGROUP;
  int code = posix_spawnattr_setsigmask(attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &all);
  if (code == 0) code = posix_spawnattr_setpgroup(attributes, 0);
  if (code == 0) code = posix_spawnattr_setflags(attributes, flags);
  return code;
}

int clinux_spawn(const struct clinux_spawn *request, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code == 0) {
    code = set_actions(&actions, request);
    if (code == 0) code = set_attributes(&attributes, request);
    if (code == 0)
      code = posix_spawnp(child, request->program, &actions, &attributes, request->arguments,
                          request->environment ? request->environment : environ);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int clinux_pidfd_open(pid_t process) {
  long descriptor = syscall(SYS_pidfd_open, process, 0);
  return descriptor < 0 ? -errno : (int)descriptor;
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int clinux_wait(pid_t child, struct clinux_exit *result) {
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0)
    if (errno != EINTR) return errno;
  result->signalled = WIFSIGNALED(status);
  result->code = result->signalled ? WTERMSIG(status) : WEXITSTATUS(status);
  result->user_seconds = seconds(usage.ru_utime);
  result->system_seconds = seconds(usage.ru_stime);
  result->max_rss_bytes = (int64_t)usage.ru_maxrss * 1024;
  return 0;
}

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? errno : 0; }
