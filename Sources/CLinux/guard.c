#define _GNU_SOURCE
#include "guard.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct clinux_guard {
  size_t bytes, capacity;
  pid_t process;
  /// Our end of a pipe that the guard reads: it is closed when we end.
  int lifeline;
  /// Where what the entries hold is given back; -1 for nowhere.
  int tokens;
  atomic_bool kills;
  /// In memory that both share; 0 where there is none.
  struct {
    _Atomic pid_t group;
    /// A byte above 255, so that none is 0.
    _Atomic unsigned short token;
  } entries[];
};

static _Noreturn void stand_guard(clinux_guard *guard, int lifeline) {
  char byte;
  // Out of reach of signals to our group; and nobody waits for the end of an output or for a lock because of the guard.
  setsid();
  prctl(PR_SET_NAME, "advisor-guard");
  if (dup2(lifeline, 0) < 0 || chdir("/") < 0) _exit(1);
  bool returns = guard->tokens >= 0 && dup2(guard->tokens, 1) == 1;
  close_range(returns ? 2 : 1, ~0U, 0);
  while (read(0, &byte, 1) < 0 && errno == EINTR) {}
  // A child that enters its group after this sees that it is too late: both orders are sequentially consistent.
  atomic_store(&guard->kills, true);
  for (size_t entry = 0; entry < guard->capacity; entry++) {
    pid_t group = atomic_load(&guard->entries[entry].group);
    if (group > 0) kill(-group, SIGKILL);
  }
  for (size_t entry = 0; returns && entry < guard->capacity; entry++) {
    unsigned short token = atomic_load(&guard->entries[entry].token);
    byte = (char)(token & 255);
    if (token > 0 && write(1, &byte, 1) < 0) break;
  }
  _exit(0);
}

static int fork_guard(clinux_guard *guard) {
  int ends[2];
  sigset_t all, former;
  if (pipe2(ends, O_CLOEXEC) < 0) return errno;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  pid_t process = fork();
  int code = process < 0 ? errno : 0;
  if (process == 0) stand_guard(guard, ends[0]);
  // Not before: the memory is shared, and the guard's own view of its number is 0.
  guard->process = process;
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  close(ends[0]);
  if (code != 0) close(ends[1]);
  guard->lifeline = ends[1];
  return code;
}

int clinux_guard_start(size_t capacity, int tokens, clinux_guard **result) {
  size_t bytes = sizeof(clinux_guard) + capacity * sizeof(((clinux_guard *)0)->entries[0]);
  clinux_guard *guard = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (guard == MAP_FAILED) return errno;
  guard->bytes = bytes;
  guard->capacity = capacity;
  guard->tokens = tokens;
  int code = fork_guard(guard);
  if (code != 0) munmap(guard, bytes);
  *result = code == 0 ? guard : NULL;
  return code;
}

int guard_enter(clinux_guard *guard, size_t entry) {
  if (entry >= guard->capacity) return -1;
  atomic_store(&guard->entries[entry].group, getpid());
  return atomic_load(&guard->kills) ? -1 : 0;
}

pid_t clinux_guard_process(const clinux_guard *guard) { return guard->process; }

void clinux_guard_forget(clinux_guard *guard, size_t entry) {
  if (entry < guard->capacity) atomic_store(&guard->entries[entry].group, 0);
}

void clinux_guard_hold(clinux_guard *guard, size_t entry, int token) {
  if (entry < guard->capacity) atomic_store(&guard->entries[entry].token, token < 0 ? 0 : (unsigned short)(256 | token));
}

void clinux_guard_end(clinux_guard *guard) {
  close(guard->lifeline);
  while (waitpid(guard->process, NULL, 0) < 0 && errno == EINTR) {}
  munmap(guard, guard->bytes);
}
