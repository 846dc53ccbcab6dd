#ifndef CLINUX_EPOLL_H
#define CLINUX_EPOLL_H
#include <stdint.h>
#include <sys/epoll.h>

/// Waits for events as `epoll_wait` does, with a time-out in nanoseconds; negative: no time-out.
/// Returns the number of events, or -errno.
///
/// Rounds up to milliseconds on kernels before 5.11, which lack `epoll_pwait2`.
int clinux_epoll_wait(int epoll, struct epoll_event *_Nonnull events, int capacity, int64_t nanoseconds);

#endif
