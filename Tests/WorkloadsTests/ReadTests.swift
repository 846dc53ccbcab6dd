import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing

@testable import Workloads

@Suite struct ReadTests {
  @Test("A scratch file has its size and no name")
  func scratchFile() throws {
    let folder = try TemporaryFolder()
    let file = try ScratchFile(bytes: 1_500_000, folder: folder.path)
    #expect(folder.names.isEmpty)
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_size == 2 << 20)
  }

  @Test("A scratch file can be read in blocks")
  func blocks() throws {
    let file = try ScratchFile(bytes: 1 << 20)
    let workload = try ReadWorkload(path: file.path, blockBytes: 8192)
    let before = bytesRead
    _ = try workload.run(units: 8192 * 3 - 1)
    #expect(bytesRead - before >= 8192 * 3)
  }

  /// Bytes that this process has had from read calls (proc(5), `rchar`).
  private var bytesRead: Int {
    let descriptor = open("/proc/self/io", O_RDONLY)
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &buffer, buffer.count)
    let line = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").first
    return line.flatMap { Int($0.dropFirst("rchar: ".count)) } ?? 0
  }

  @Test("A folder that cannot be written is named")
  func unwritableFolder() {
    let error = #expect(throws: AdvisorError.self) { try ScratchFile(bytes: 1, folder: "/proc/none") }
    #expect(error?.code == .cannotWrite)
    #expect(error?.problem.contains("/proc/none") == true)
  }

  @Test("A file that is not there is named")
  func absentFile() {
    let error = #expect(throws: AdvisorError.self) { try ReadWorkload(path: "/proc/none/file") }
    #expect(error?.problem == "cannot open /proc/none/file: No such file or directory")
  }

  @Test("A file shorter than a block is refused")
  func shortFile() {
    let error = #expect(throws: AdvisorError.self) { try ReadWorkload(path: "/dev/null") }
    #expect(error?.code == .unavailable)
  }
}
