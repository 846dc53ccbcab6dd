#ifndef CLINUX_FUTEX_H
#define CLINUX_FUTEX_H
#include <stdint.h>

/// Sleeps while `*word` is `expected`, until woken. Returns 0, or the errno: EAGAIN where the word differed, EINTR.
/// The word is shared within this process only.
int clinux_futex_wait(uint32_t *_Nonnull word, uint32_t expected);

/// Wakes at most `count` sleepers. Returns how many were woken.
int clinux_futex_wake(uint32_t *_Nonnull word, int count);

#endif
