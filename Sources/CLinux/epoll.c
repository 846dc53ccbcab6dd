#define _GNU_SOURCE
#include "clinux_epoll.h"
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
  struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  // The raw call: glibc has a wrapper since 2.35 only.
  long count = syscall(SYS_epoll_pwait2, epoll, events, capacity, nanoseconds < 0 ? NULL : &time, NULL, 0);
  if (count < 0 && errno == ENOSYS) {
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 > 0);
    int limit = nanoseconds < 0 ? -1 : milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
    count = epoll_wait(epoll, events, capacity, limit);
  }
  return count < 0 ? -errno : (int)count;
}
