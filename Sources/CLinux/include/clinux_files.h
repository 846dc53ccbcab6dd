#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

/// Opens a file or folder below an open folder for reading, taking absolute symbolic links and `..` as if that folder
/// were the root, so that nothing outside can be reached (`openat2` with `RESOLVE_IN_ROOT`, Linux 5.6).
/// Returns a descriptor or -errno; -ENOSYS on older kernels.
int clinux_open_in_root(int root, const char *_Nonnull path);

/// Waits until the disk holds all that was written to the file system of an open file (`syncfs`). Returns 0 or -errno.
int clinux_sync_file_system(int descriptor);

/// Has the disk begin to take a number of bytes of an open file, from an offset on, and does not wait (`sync_file_range`).
void clinux_start_flush(int descriptor, long offset, long count);

/// Sets room aside for a number of bytes of an open file, from an offset on, and leaves its size as it is (`fallocate`).
/// File systems that cannot do so do nothing.
void clinux_reserve(int descriptor, long offset, long count);

/// Opens a folder of an open one, to look names up in (`O_PATH`), for which no right to read it is needed. Returns its
/// descriptor or -errno.
int clinux_open_folder(int folder, const char *_Nonnull name, int follow);

/// Whether an open folder is one of procfs (`fstatfs`).
int clinux_is_proc(int descriptor);

/// Makes a file without a name in the folder at a path, which is taken from an open one, for reading and writing
/// (`O_TMPFILE`), with a mode less the umask. Returns its descriptor or -errno.
int clinux_open_unnamed(int folder, const char *_Nonnull path, unsigned mode);

/// Gives a file without a name one, which must be free (`linkat`, through procfs, for which no privilege is needed).
/// Returns 0 or -errno.
int clinux_link(int descriptor, int folder, const char *_Nonnull name);

/// A pipe, of which a program that this one becomes or starts gets no end unless it is given one (`pipe2` with
/// `O_CLOEXEC`). Returns 0 or -errno.
int clinux_pipe(int *_Nonnull reading, int *_Nonnull writing);

/// Moves what a pipe holds, at most `count` bytes, to where a file is written (`splice`). Returns the bytes moved, or -1 with
/// errno set.
long clinux_splice(int pipe, int file, long count);

/// Gives back the room of a number of bytes of an open file, from an offset on (`fallocate`). File systems that cannot do so do
/// nothing.
void clinux_punch_hole(int descriptor, long offset, long count);

/// Sets the capacity of a pipe where the system's limit allows it; does nothing to what is no pipe.
void clinux_set_pipe_capacity(int descriptor, long bytes);

#endif
