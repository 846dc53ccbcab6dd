package import AdvisorCore
import System

/// The files that a machine is read from: its own, another's recorded below a folder or in an archive, or a test's.
///
/// Paths are absolute, as on the machine itself.
public protocol FileTree: Sendable {
  /// Whether this is the running machine, which also answers calls that no file replaces.
  var isLive: Bool { get }

  /// The first bytes of a file, at most `limit`; nil where it is missing or cannot be read.
  func read(_ path: String, limit: Int) -> [UInt8]?

  /// The names in a folder, in no particular order; nil where it is missing or cannot be read.
  func list(_ path: String) -> [String]?

  /// Whether a file is certainly not there; false where it is, readable or not, and where a closed folder hides it.
  func lacks(_ path: String) -> Bool
}

extension FileTree {
  /// For trees without files that cannot be read.
  public func lacks(_ path: String) -> Bool { read(path, limit: 0) == nil }
}

extension FileTree {
  /// Whether a file can be opened; nothing of it is read.
  package func opens(_ path: String) -> Bool { read(path, limit: 0) != nil }

  /// Why a file does not say what a probe needs, as the end of a sentence.
  package func fault(_ path: String) -> String {
    if opens(path) { return "\(path) does not say" }
    return lacks(path) ? "\(path) is missing" : "\(path) cannot be read"
  }

  /// Why a file could not be read.
  package func cause(_ path: String) -> Machine.UnknownLimit.Cause { lacks(path) ? .missing : .unreadable }

  /// Generous for every kernel file but `/proc/cpuinfo` of the largest machines.
  package static var usualLimit: Int { 1 << 20 }

  package func bytes(_ path: String) -> [UInt8]? { read(path, limit: Self.usualLimit) }

  /// The file's text without the white space around it.
  package func text(_ path: String) -> String? {
    bytes(path).map { String(String(decoding: $0, as: UTF8.self).trimmingASCIISpace) }
  }

  /// The number that is all there is in the file.
  package func integer(_ path: String) -> Int? { bytes(path).flatMap { KernelText.integer($0[...]) } }

  /// The set in a cpulist file; nil also where it is malformed.
  package func cpuList(_ path: String) -> CPUSet? { bytes(path).flatMap { CPUSet(list: $0) } }

  /// The set in a cpumask file or, where it is missing, in its twin that holds a list.
  ///
  /// Masks come first because old kernels have nothing else, and because the reference tools read them.
  package func cpus(mask: String, list: String) -> CPUSet? {
    bytes(mask).flatMap { CPUSet(mask: $0) } ?? cpuList(list)
  }

  /// The numbers of the entries of a folder that are named `prefix` and a number: 0 and 2 for `node0`, `node2`.
  package func numbers(in folder: String, after prefix: String) -> [Int]? {
    list(folder)?.compactMap { name in
      guard name.hasPrefix(prefix) else { return nil }
      return KernelText.integer(Array(name.utf8)[prefix.utf8.count...]).flatMap { $0 >= 0 ? $0 : nil }
    }.sorted()
  }
}
