#ifndef CLINUX_PERF_H
#define CLINUX_PERF_H
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// Opens a counter of a thread, and of all that it starts from now on (perf_event_open(2)); close-on-exec. Returns -errno on
/// failure.
///
/// `thread`: 0 for the caller. `with_kernel`: whether what happens in the kernel counts too, which needs more rights.
/// `from_exec`: it counts nothing of the thread itself, and of what that starts only from its exec on.
int clinux_perf_open(uint32_t type, uint64_t event, pid_t thread, bool with_kernel, bool from_exec);

/// What read(2) gives of such a counter.
struct clinux_perf_count {
  uint64_t value, enabled_nanoseconds, running_nanoseconds;
};

#endif
