import Glibc

@testable import Probe

/// Recorded machines whose files are damaged as the input says, from the probe to the advice; the first byte chooses the
/// machine.
enum Machines {
  private static let folder = "../Tests/ProbeTests/Fixtures"

  private static let recorded: [[String: [UInt8]]] = {
    guard let tree = try? FolderTree(root: folder), let names = tree.list("/") else { return [] }
    return names.filter { $0.hasSuffix(".tar.gz") }.sorted().compactMap { name in
      (try? Gzip.contents(of: "\(folder)/\(name)")).flatMap(TarArchive.files)
    }
  }()

  static func feed(_ input: [UInt8]) {
    precondition(!recorded.isEmpty, "no machines in \(folder): start this by Fuzz/run.sh")
    guard let choice = input.first else { return }
    let machine = FaultyMachine(recorded[Int(choice) % recorded.count], faults: Array(input.dropFirst()))
    if let complaint = machine.complaint() { preconditionFailure(complaint) }
  }
}
