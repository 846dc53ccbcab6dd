#define _GNU_SOURCE
#include "clinux_process.h"
#include "guard.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// What follows up to exec runs in the child, in the memory of the parent, which waits: system calls only.

static int place(int descriptor, int target) {
  if (descriptor < 0) descriptor = open("/dev/null", target == 0 ? O_RDONLY : O_WRONLY);
  if (descriptor < 0) return -1;
  return descriptor == target ? fcntl(target, F_SETFD, 0) : dup2(descriptor, target);
}

// Signals that a child goes on ignoring where we were started so, as POSIX has it: by nohup, or by a shell in the background.
static bool stays_ignored(int number) {
  struct sigaction action;
  bool ends_programs = number == SIGHUP || number == SIGINT || number == SIGQUIT || number == SIGTERM;
  return ends_programs && sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void reset_signals(uint64_t unusual) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigset_t none;
  for (int number = 1; unusual != 0; number++, unusual >>= 1)
    if (unusual & 1 && !stays_ignored(number)) sigaction(number, &standard, NULL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// All descriptors but the three and those that are handed on.
static void close_others(const struct clinux_spawn *request) {
  unsigned first = 3;
  for (size_t index = 0; index < request->kept_count; index++) {
    unsigned kept = (unsigned)request->kept[index];
    if (kept > first) close_range(first, kept - 1, 0);
    first = kept + 1;
  }
  close_range(first, ~0U, 0);
}

static int set_surroundings(const struct clinux_spawn *request) {
  if (request->new_session ? setsid() < 0 : request->new_group && setpgid(0, 0) < 0) return -1;
  if (request->guard) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (guard_enter(request->guard, request->guard_entry) < 0) _exit(127);
  }
  if (place(request->input, 0) < 0 || place(request->output, 1) < 0 || place(request->error, 2) < 0) return -1;
  close_others(request);
  if (request->directory && chdir(request->directory) < 0) return -1;
  errno = 0;
  if (request->nice != 0 && nice(request->nice) == -1 && errno != 0) return -1;
  return 0;
}

static _Noreturn void run_program(
    const struct clinux_spawn *request, char *const *environment, uint64_t unusual, volatile int *failure) {
  if (set_surroundings(request) == 0) {
    reset_signals(unusual);
    execvpe(request->program, request->arguments, environment);
  }
  *failure = errno;
  _exit(127);
}

// Asking for each of the 64 takes a hundredth of the time of a small program, so it is done once: 0 while it is not known.
static _Atomic uint64_t known_signals;

void clinux_signals_changed(void) { atomic_store(&known_signals, 0); }

// The signals, from bit 0 on, that may do anything but their default here; SIGPIPE is one, which libraries ignore for a while.
static uint64_t unusual_signals(void) {
  uint64_t found = atomic_load(&known_signals);
  if (found != 0) return found;
  found = UINT64_C(1) << (SIGPIPE - 1);
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) found |= UINT64_C(1) << (number - 1);
  }
  atomic_store(&known_signals, found);
  return found;
}

static size_t count(char *const *entries) {
  size_t count = 0;
  while (entries[count]) count++;
  return count;
}

static bool has_name_of(char *const *entries, const char *entry) {
  size_t length = strcspn(entry, "=") + 1;
  for (; *entries; entries++)
    if (strncmp(*entries, entry, length) == 0) return true;
  return false;
}

// The entries, and those of `others` that have no namesake among them; to be freed. NULL where there is no memory.
static char **merged(char *const *entries, char *const *others) {
  char **result = malloc((count(entries) + count(others) + 1) * sizeof *result);
  if (!result) return NULL;
  size_t next = 0;
  for (char *const *entry = entries; *entry; entry++) result[next++] = *entry;
  for (; *others; others++)
    if (!has_name_of(entries, *others)) result[next++] = *others;
  result[next] = NULL;
  return result;
}

int clinux_spawn(const struct clinux_spawn *request, pid_t *child) {
  volatile int failure = 0;
  char *const *environment = request->environment ? request->environment : environ;
  char **own = request->variables ? merged(request->variables, environment) : NULL;
  if (request->variables && !own) return ENOMEM;
  uint64_t unusual = unusual_signals();
  sigset_t all, former;
  // A handler of ours must not run in the child.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  pid_t id = vfork();
  if (id == 0) run_program(request, own ? own : environment, unusual, &failure);
  int code = id < 0 ? errno : failure;
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  free(own);
  if (id > 0 && code != 0) {
    if (request->guard) clinux_guard_forget(request->guard, request->guard_entry);
    while (waitpid(id, NULL, 0) < 0 && errno == EINTR) {}
  }
  *child = id;
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
  result->voluntary_switches = usage.ru_nvcsw;
  result->involuntary_switches = usage.ru_nivcsw;
  return 0;
}

int clinux_stopped_by(pid_t child) {
  siginfo_t state = {0};
  int code = waitid(P_PID, (id_t)child, &state, WSTOPPED | WNOHANG | WNOWAIT);
  return code == 0 && state.si_pid == child && state.si_code == CLD_STOPPED ? state.si_status : 0;
}

int clinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? errno : 0; }

bool clinux_reap_other(pid_t kept, struct clinux_exit *result) {
  siginfo_t next = {0};
  // Looked at first: who started `kept` will want to reap it.
  if (waitid(P_ALL, 0, &next, WEXITED | WNOHANG | WNOWAIT) < 0 || next.si_pid == 0 || next.si_pid == kept) return false;
  return clinux_wait(next.si_pid, result) == 0;
}

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? errno : 0; }
