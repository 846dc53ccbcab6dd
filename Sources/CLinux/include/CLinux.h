#ifndef CLINUX_H
#define CLINUX_H
// The parts of Linux's C interface that Swift cannot call as they are: macros, variadic calls, missing wrappers.
// One header a topic.
#include "clinux_affinity.h"
#include "clinux_epoll.h"
#include "clinux_events.h"
#include "clinux_files.h"
#include "clinux_futex.h"
#include "clinux_guard.h"
#include "clinux_init.h"
#include "clinux_perf.h"
#include "clinux_process.h"
#include "clinux_socket.h"
#endif
