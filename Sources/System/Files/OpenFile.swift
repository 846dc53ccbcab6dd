private import CLinux
private import Glibc

/// What can be done with an open file by the number of its descriptor, whoever owns it.
package enum OpenFile {
  /// Reads once, as `read` does, and again where a signal has come between. Returns the bytes read, 0 at the end, or -1
  /// where that fails, and `errno` says why.
  package static func read(_ number: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Reads once from an offset on, as `pread` does. Returns the bytes read, 0 at the end, or -1 where that fails, and
  /// `errno` says why.
  package static func read(_ number: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    pread(number, buffer.baseAddress, buffer.count, off_t(offset))
  }

  /// Writes once, as `write` does, and again where a signal has come between: ``FileWriting`` writes all. Returns the bytes
  /// written, or -1 where that fails, and `errno` says why.
  package static func writeSome(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      let count = Glibc.write(number, bytes.baseAddress, bytes.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Writes once at an offset, as `pwrite` does. Returns the bytes written, or -1 where that fails, and `errno` says why.
  package static func writeSome(_ number: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    pwrite(number, bytes.baseAddress, bytes.count, off_t(offset))
  }

  /// Has the kernel copy from a file, from an offset on, into a pipe or a socket (sendfile(2)), and again where a signal has
  /// come between. Returns the bytes copied, or -1 where that fails, and `errno` says why.
  package static func copy(_ source: Int32, from offset: Int, count: Int, to number: Int32) -> Int {
    while true {
      var place = off_t(offset)
      let sent = sendfile(number, source, &place, count)
      if sent >= 0 || errno != EINTR { return sent }
    }
  }

  /// Has the kernel move what a pipe holds, at most `count` bytes, to where a file is written (splice(2)). Returns the bytes
  /// moved, or -1 where that fails, and `errno` says why.
  package static func move(_ count: Int, from pipe: Int32, to number: Int32) -> Int {
    clinux_splice(pipe, number, count)
  }

  /// Gives back the room of `count` bytes of a file, from an offset on, where the file system can.
  package static func giveBack(_ number: Int32, from offset: Int, count: Int) {
    clinux_punch_hole(number, offset, count)
  }

  /// Bytes that a pipe or a terminal holds now (`FIONREAD`); nil where it does not tell.
  package static func waitingBytes(_ number: Int32) -> Int? {
    var count: Int32 = 0
    return ioctl(number, UInt(FIONREAD), &count) == 0 ? Int(count) : nil
  }

  /// Whether something is open under this number.
  package static func isOpen(_ number: Int32) -> Bool { fcntl(number, F_GETFD) >= 0 }

  /// Has reading and writing return where they would wait, for all that share the open file.
  package static func setNonBlocking(_ number: Int32) { _ = fcntl(number, F_SETFL, O_NONBLOCK) }

  /// Where reading goes on in a file; -1 where it has no such place, as a pipe.
  package static func place(_ number: Int32) -> Int { Int(lseek(number, 0, SEEK_CUR)) }

  /// Sets the capacity of a pipe where that is allowed (`F_SETPIPE_SZ`, fcntl(2)); does nothing to what is no pipe.
  package static func setPipeCapacity(_ number: Int32, _ bytes: Int) { clinux_set_pipe_capacity(number, bytes) }

  /// Lets programs that are started inherit a descriptor.
  package static func setInheritable(_ number: Int32) { _ = fcntl(number, F_SETFD, 0) }

  /// Goes to the end of a file, which is how long it is; -1 where that fails, as of a pipe, and `errno` says why.
  package static func seekToEnd(_ number: Int32) -> Int { Int(lseek(number, 0, SEEK_END)) }

  /// Goes to the start of a file. Returns false where it has none, as a pipe.
  @discardableResult
  package static func rewind(_ number: Int32) -> Bool { lseek(number, 0, SEEK_SET) == 0 }

  /// Cuts a file off. Returns 0 or the errno.
  @discardableResult
  package static func truncate(_ number: Int32, to bytes: Int) -> Int32 {
    ftruncate(number, off_t(bytes)) == 0 ? 0 : errno
  }

  /// Waits until the disk holds a file with all that is known of it (`fsync`). Returns 0 or the errno.
  package static func sync(_ number: Int32) -> Int32 { fsync(number) == 0 ? 0 : errno }

  /// Waits until the disk holds what was written to a file (`fdatasync`). Returns 0 or the errno.
  package static func syncData(_ number: Int32) -> Int32 { fdatasync(number) == 0 ? 0 : errno }

  /// Waits until the disk holds all that was written to the file system of a file. Returns false where that fails.
  package static func syncFileSystem(_ number: Int32) -> Bool { clinux_sync_file_system(number) == 0 }

  /// Has the disk begin to take `count` bytes of a file, from an offset on, and does not wait.
  package static func startFlush(_ number: Int32, from offset: Int, count: Int) {
    clinux_start_flush(number, offset, count)
  }

  /// Sets room aside for `count` bytes of a file, from an offset on, where the file system can, and leaves its size as it is.
  package static func reserve(_ number: Int32, from offset: Int, count: Int) {
    clinux_reserve(number, offset, count)
  }

  /// Locks a file for this process alone, until it is closed by all that share it; false where another has it.
  package static func lock(_ number: Int32) -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// Closes a descriptor that no ``Descriptor`` owns. Returns 0 or the errno.
  @discardableResult
  package static func close(_ number: Int32) -> Int32 { Glibc.close(number) == 0 ? 0 : errno }
}
