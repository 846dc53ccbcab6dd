// What the program uses of a C library that is newer than the one it is linked with here.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

// glibc 2.34.
__attribute__((weak)) int close_range(unsigned first, unsigned last, int flags) {
  return (int)syscall(SYS_close_range, first, last, flags);
}

// libstdc++ 11: `std::__throw_bad_array_new_length()`, which the Swift runtime would not survive either.
__attribute__((weak)) void _ZSt28__throw_bad_array_new_lengthv(void) { abort(); }
