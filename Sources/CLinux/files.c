#define _GNU_SOURCE
#include "clinux_files.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int clinux_open_in_root(int root, const char *path) {
  // O_NONBLOCK: a FIFO in a recorded tree must not stop us.
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK, .resolve = RESOLVE_IN_ROOT};
  long descriptor = syscall(SYS_openat2, root, path, &how, sizeof how);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int clinux_sync_file_system(int descriptor) { return syncfs(descriptor) == 0 ? 0 : -errno; }

void clinux_start_flush(int descriptor, long offset, long count) {
  sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}

void clinux_reserve(int descriptor, long offset, long count) {
  fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, count);
}

int clinux_open_folder(int folder, const char *name, int follow) {
  int descriptor = openat(folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
  return descriptor < 0 ? -errno : descriptor;
}

int clinux_is_proc(int descriptor) {
  struct statfs system;
  return fstatfs(descriptor, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

int clinux_open_unnamed(int folder, const char *path, unsigned mode) {
  int descriptor = openat(folder, path, O_RDWR | O_TMPFILE | O_CLOEXEC, mode);
  return descriptor < 0 ? -errno : descriptor;
}

int clinux_link(int descriptor, int folder, const char *name) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

long clinux_splice(int pipe, int file, long count) {
  ssize_t moved;
  do moved = splice(pipe, NULL, file, NULL, (size_t)count, SPLICE_F_MOVE);
  while (moved < 0 && errno == EINTR);
  return (long)moved;
}

void clinux_punch_hole(int descriptor, long offset, long count) {
  fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, count);
}

void clinux_set_pipe_capacity(int descriptor, long bytes) { fcntl(descriptor, F_SETPIPE_SZ, (int)bytes); }

int clinux_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}
