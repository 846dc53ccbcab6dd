#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H
#include "clinux_guard.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// A program to be started. The child gets no descriptor but those below, every signal at its default and none
/// blocked.
struct clinux_spawn {
  /// Looked up on PATH where it has no slash.
  const char *_Nonnull program;
  char *_Nullable const *_Nonnull arguments;
  /// NULL: the caller's own.
  char *_Nullable const *_Nullable environment;
  /// Entries NAME=VALUE that stand in for those of the same names; NULL: none.
  char *_Nullable const *_Nullable variables;
  /// NULL: the caller's own.
  const char *_Nullable directory;
  /// Become descriptors 0, 1 and 2, in this order; -1 stands for /dev/null.
  int input, output, error;
  /// Further ones that it gets under their own numbers, which are above 2 and ascend, unless they are close-on-exec.
  const int *_Nullable kept;
  size_t kept_count;
  /// Whether the child leads a process group of its own; and whether it leads a session, which is a group without a terminal.
  bool new_group, new_session;
  /// Added to the caller's niceness.
  int nice;
  /// Where the child enters its group, which must be new, before it runs the program; NULL: nowhere. Such a child also
  /// dies with the thread that starts it.
  clinux_guard *_Nullable guard;
  size_t guard_entry;
};

/// Starts the program by vfork, so that the cost does not grow with the caller's memory. Returns 0 or the errno, that of
/// exec included.
int clinux_spawn(const struct clinux_spawn *_Nonnull request, pid_t *_Nonnull child);

/// To be called when this process has given a signal a handler, or has it ignored: children get it at its default.
void clinux_signals_changed(void);

/// A descriptor that turns readable when the process ends; close-on-exec. Returns -errno on failure.
int clinux_pidfd_open(pid_t process);

/// How a child ended.
struct clinux_exit {
  /// The exit status, or the signal that killed it.
  int code;
  bool signalled;
  double user_seconds, system_seconds;
  int64_t max_rss_bytes;
  /// Times that it gave a CPU up to wait, and that it was taken from it.
  int64_t voluntary_switches, involuntary_switches;
};

/// Waits for the child to end, and reaps it (wait4). Returns 0 or the errno; EINTR is retried.
int clinux_wait(pid_t child, struct clinux_exit *_Nonnull result);

/// The signal that has stopped a child, which stays stopped; 0 for one that runs or has ended (waitid).
int clinux_stopped_by(pid_t child);

/// Makes this process the parent of all descendants that lose theirs (`PR_SET_CHILD_SUBREAPER`). Returns 0 or the errno.
int clinux_adopt_orphans(void);

/// Reaps a child that has ended, unless the next one to be reaped is `kept`. Returns whether there was one.
bool clinux_reap_other(pid_t kept, struct clinux_exit *_Nonnull result);

/// Has the kernel kill this process when the thread that started it ends. Returns 0 or the errno.
int clinux_die_with_parent(void);

#endif
