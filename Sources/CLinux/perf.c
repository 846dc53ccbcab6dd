#define _GNU_SOURCE
#include "clinux_perf.h"
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_perf_open(uint32_t type, uint64_t event, pid_t thread, bool with_kernel, bool from_exec) {
  struct perf_event_attr attributes = {
      .size = sizeof attributes,
      .type = type,
      .config = event,
      .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
      .disabled = from_exec,
      .enable_on_exec = from_exec,
      .inherit = 1,
      .exclude_kernel = !with_kernel,
      .exclude_hv = 1,
  };
  long descriptor = syscall(SYS_perf_event_open, &attributes, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
  return descriptor < 0 ? -errno : (int)descriptor;
}
