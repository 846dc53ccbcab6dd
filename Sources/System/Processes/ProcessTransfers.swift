/// Bytes that a process, and the children that it has waited for, have moved since it began (`/proc/PID/io`, proc(5)).
package struct ProcessTransfers: Sendable, Hashable {
  /// By any system call: of files, whether cached or not, of pipes and of the network.
  package var readBytes: Int
  package var writtenBytes: Int
  /// From and to a disk.
  package var diskReadBytes: Int
  package var diskWrittenBytes: Int

  /// Nil where the kernel does not tell, or not us; `errno` says why where the file could not be read.
  package init?(of process: Int32) {
    guard let text = KernelFile.read("/proc/\(process)/io") else { return nil }
    self.init(text)
  }

  package init?(_ text: [UInt8]) {
    func figure(_ key: String) -> Int? { KernelText.value(of: key, in: text).flatMap(KernelText.integer) }
    guard let read = figure("rchar"), let written = figure("wchar"), let diskRead = figure("read_bytes"),
      let diskWritten = figure("write_bytes")
    else { return nil }
    (readBytes, writtenBytes, diskReadBytes, diskWrittenBytes) = (read, written, diskRead, diskWritten)
  }
}
