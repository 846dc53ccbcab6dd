import AdvisorCore
import ArgumentParser
import Calibration
import Console
import FoundationEssentials
import Observation
import Probe
import Reports
import System

/// `advisor why` alone: what holds this machine back now.
struct MachineWhy {
  /// How long to look; rates need two readings.
  static let usualSeconds = 1.0

  var seconds = Self.usualSeconds
  /// A twin's profile.
  var against: String?

  /// Shows what was found, and ends with status 1 where something was.
  func explain(_ output: OutputOptions) throws {
    let twin = try comparison()
    let reading = try look()
    let document = MachineWhyDocument(
      MachineFindings(reading), isVirtual: reading.machine.isVirtual == true, against: twin)
    try output.show(document, as: TextReport.machineWhy(document))
    if document.isHeldBack { throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue) }
  }

  /// The costs that were saved for this machine, against the twin's.
  private func comparison() throws(AdvisorError) -> TwinComparison? {
    guard let against else { return nil }
    let twin = try ProfileStore.load(against).profile
    return TwinComparison(of: try ProfileStore.profileOfThisMachine(), with: twin)
  }

  private func look() throws(AdvisorError) -> MachineReading {
    let reader = try MachineReader(FolderTree.live, at: MonotonicClock.seconds)
    let ratio = Neighbour.ratio(untilSeconds: MonotonicClock.seconds + seconds)
    return reader.reading(
      at: MonotonicClock.seconds,
      MachineReading.Surroundings(
        processID: Int(OwnProcess.id), neighbourRatio: ratio, clockReadSeconds: Self.clockReadSeconds,
        openFilesHardLimit: ResourceLimit(.openFiles).flatMap { Int(exactly: $0.hard) },
        temporaryFolder: Self.temporaryFolder))
  }

  /// The quickest of a few batches, which nothing has interrupted.
  private static var clockReadSeconds: Double? {
    (0..<10).map { _ in
      let start = MonotonicClock.now
      for _ in 0..<100 { _ = MonotonicClock.now }
      return Double(MonotonicClock.now - start) / 1e9 / 101
    }.min()
  }

  private static var temporaryFolder: MachineReading.FolderSpace? {
    let folder = Environment.temporaryFolder
    return FileSystemSpace(at: folder).map {
      MachineReading.FolderSpace(
        folder: folder, freeBytes: $0.freeBytes, totalBytes: $0.totalBytes, freeFiles: $0.freeFiles,
        totalFiles: $0.totalFiles)
    }
  }
}
