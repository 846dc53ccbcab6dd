public import AdvisorCore

/// A machine's files as a probe read them, in an archive that can be sent with a report and probed in the machine's place.
public enum Snapshot {
  /// Probes the machine and writes what was read to a `.tar.gz`.
  ///
  /// Only the lines that a probe uses are kept, and cgroups are renamed: the archive has no host name, no user and no
  /// command line.
  /// - Returns: the machine as its files tell it.
  /// - Throws: `AdvisorError` where the machine cannot be probed or the file not be written.
  public static func record(_ files: any FileTree, to path: String) throws(AdvisorError) -> Machine {
    let recording = RecordingTree(files)
    let machine = try Prober(files: recording).machine()
    var kept = Privacy(mounts: CgroupMount.all(in: files) ?? []).cleared(recording.files)
    if let architecture = machine.architecture { kept["/proc/sys/kernel/arch"] = Array("\(architecture)\n".utf8) }
    try Gzip.write(TarArchive.archive(of: kept), to: path)
    return machine
  }

  /// The files of an archive that was recorded so.
  ///
  /// - Throws: `AdvisorError` where the file is not such an archive.
  public static func open(_ path: String) throws(AdvisorError) -> MemoryTree {
    guard let files = TarArchive.files(in: try Gzip.contents(of: path)) else {
      throw AdvisorError(
        .badData, "\(path) is not a whole tar archive", advice: "name a file that `advisor probe --snapshot` wrote")
    }
    return MemoryTree(files)
  }
}
