#ifndef GUARD_H
#define GUARD_H
#include "include/clinux_guard.h"

/// Enters the calling process's own group. Safe between vfork and exec. Returns 0, or -1 when the guard has begun to kill.
int guard_enter(clinux_guard *guard, size_t entry);

#endif
