#define _GNU_SOURCE
#include "clinux_affinity.h"
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// The raw calls: glibc's wrappers want a cpu_set_t, whose size is fixed at 1,024 CPUs.

long clinux_get_affinity(uint64_t *words, size_t bytes) {
  long filled = syscall(SYS_sched_getaffinity, 0, bytes, words);
  return filled < 0 ? -errno : filled;
}

long clinux_set_affinity(const uint64_t *words, size_t bytes) {
  return syscall(SYS_sched_setaffinity, 0, bytes, words) < 0 ? -errno : 0;
}
