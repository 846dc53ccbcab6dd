#ifndef CLINUX_GUARD_H
#define CLINUX_GUARD_H
#include <stddef.h>
#include <sys/types.h>

/// A process that outlives this one by a moment: when this one ends, however it ends, it kills the process groups that are
/// entered with it, and ends too.
///
/// A child enters its own group before it runs its program (struct clinux_spawn), so that there is no moment at which a
/// group runs and is not entered.
typedef struct clinux_guard clinux_guard;

/// Starts a guard with room for a number of groups. Returns 0 or the errno.
///
/// `tokens` is where the bytes that are held for the entries are written back when this process ends; -1 for nowhere.
int clinux_guard_start(size_t capacity, int tokens, clinux_guard *_Nullable *_Nonnull guard);

/// The guard's own process.
pid_t clinux_guard_process(const clinux_guard *_Nonnull guard);

/// Crosses a group out: to be called while its leader is unreaped, so that its number cannot be another's.
void clinux_guard_forget(clinux_guard *_Nonnull guard, size_t entry);

/// Notes that a byte is held for an entry, or -1 that none is any more.
void clinux_guard_hold(clinux_guard *_Nonnull guard, size_t entry, int token);

/// Ends the guard, and kills the groups that are still entered.
void clinux_guard_end(clinux_guard *_Nonnull guard);

#endif
