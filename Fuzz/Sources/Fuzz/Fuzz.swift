import Glibc

/// What is fed: every reader of text that may come from elsewhere. None may trap, hang or run out of memory, whatever it
/// is given.
private let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "kernel-files": KernelFiles.feed, "jobs": Jobs.feed, "profiles": Profiles.feed, "csv": Records.feed,
  "tables": Tables.feed, "journals": Journals.feed, "urls": URLs.feed, "inputs": Inputs.feed,
  "machines": Machines.feed,
]

private let target: @Sendable ([UInt8]) -> Void = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = targets[name] else {
    print("FUZZ_TARGET must be one of: \(targets.keys.sorted().joined(separator: " "))")
    exit(64)
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// A file in memory that readers of files are given.
enum MemoryFile {
  private static let descriptor = {
    let path = "/dev/shm/advisor-fuzz-\(getpid())"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "cannot make a file in /dev/shm")
    unlink(path)
    return descriptor
  }()
  static let path = "/proc/self/fd/\(descriptor)"

  static func hold(_ bytes: [UInt8]) {
    ftruncate(descriptor, 0)
    pwrite(descriptor, bytes, bytes.count, 0)
  }
}
