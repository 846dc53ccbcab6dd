import System

/// A small file of procfs that is read again and again; it is kept open where there is room.
final class RepeatedFile {
  private let path: String
  private let budget: DescriptorBudget
  private let isKept: Bool
  private let kept: Descriptor?

  init(_ path: String, budget: DescriptorBudget) {
    self.path = path
    self.budget = budget
    isKept = budget.take()
    kept = isKept ? Descriptor(opening: path) : nil
  }

  deinit { if isKept { budget.giveBack() } }

  /// Calls `body` with what the file holds now; nil where it cannot be read, and `errno` says why.
  func read<Result>(_ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
      let count =
        switch kept {
        case .some(let file): OpenFile.read(file.number, into: buffer, at: 0)
        case .none: Descriptor(opening: path)?.read(into: buffer) ?? -1
        }
      return count > 0 ? body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) : nil
    }
  }
}

/// The descriptors that a sampler may keep open: the limit less what others in this process may need.
final class DescriptorBudget {
  private var left: Int

  init() {
    let limit = ResourceLimit(.openFiles).map { Int(clamping: $0.soft) } ?? 256
    left = max(0, min(limit - 200, 20_000))
  }

  /// Whether there was room for one.
  func take() -> Bool {
    guard left > 0 else { return false }
    left -= 1
    return true
  }

  func giveBack() { left += 1 }
}
