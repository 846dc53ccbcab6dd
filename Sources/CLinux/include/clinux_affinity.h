#ifndef CLINUX_AFFINITY_H
#define CLINUX_AFFINITY_H
#include <stddef.h>
#include <stdint.h>

/// Copies the calling thread's affinity mask into `words`, 64 CPUs a word, the lowest first.
/// Returns the number of bytes that the kernel filled, or -errno. EINVAL: `bytes` is less than the kernel's own mask.
long clinux_get_affinity(uint64_t *_Nonnull words, size_t bytes);

/// Sets the calling thread's affinity mask. Returns 0 or -errno.
long clinux_set_affinity(const uint64_t *_Nonnull words, size_t bytes);

#endif
