import AdvisorCore
@testable import Tasks

/// Journals as `run --journal F --resume` reads them.
enum Journals {
  static func feed(_ input: [UInt8]) {
    MemoryFile.hold(input)
    guard let journal = try? TaskJournal(path: MemoryFile.path, resume: .ended) else { return }
    for hash: UInt64 in [0, 1, .max] { while journal.take(hash) != nil {} }
  }
}
