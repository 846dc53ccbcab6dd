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
  /// Findings that are known and accepted.
  var ignored: Set<MachineCauseCode> = []

  /// Shows what was found, and ends with status 1 where something was.
  func explain(_ output: OutputOptions) throws {
    let profiles = try profiles()
    let reading = try look()
    if let stale = profiles?.here.staleness(on: reading.machine, now: Date()) {
      Terminal.note("This machine's profile is stale (\(stale)): run `advisor calibrate` to compare it as it is.")
    }
    let twin = profiles.map { TwinComparison(of: $0.here, with: $0.twin) }
    let document = MachineWhyDocument(
      MachineFindings(reading).ignoring(ignored), isVirtual: reading.machine.isVirtual == true, against: twin)
    try output.show(document, as: TextReport.machineWhy(document))
    if document.isHeldBack { throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue) }
  }

  /// The costs that were saved for this machine, and the twin's; nil where none was named.
  private func profiles() throws(AdvisorError) -> (here: MachineProfile, twin: MachineProfile)? {
    guard let against else { return nil }
    let twin = try ProfileStore.load(against).profile
    return (try ProfileStore.profileOfThisMachine(), twin)
  }

  private func look() throws(AdvisorError) -> MachineReading {
    let reader = try MachineReader(FolderTree.live, at: MonotonicClock.seconds)
    let ratio = Neighbour.ratio(untilSeconds: MonotonicClock.seconds + seconds)
    let folder = Environment.temporaryFolder
    var surroundings = MachineReading.Surroundings(
      processID: Int(OwnProcess.id), neighbourRatio: ratio, clockReadSeconds: Self.clockReadSeconds,
      openFilesHardLimit: ResourceLimit(.openFiles).flatMap { Int(exactly: $0.hard) },
      temporaryFolder: Self.space(of: folder))
    if surroundings.temporaryFolder == nil {
      surroundings.unseen = [UnseenAspect(.temporaryFolder, .missing, folder)]
    }
    return reader.reading(at: MonotonicClock.seconds, surroundings)
  }

  /// The quickest of a few batches, which nothing has interrupted.
  private static var clockReadSeconds: Double? {
    (0..<10).map { _ in
      let start = MonotonicClock.now
      for _ in 0..<100 { _ = MonotonicClock.now }
      return Double(MonotonicClock.now - start) / 1e9 / 101
    }.min()
  }

  private static func space(of folder: String) -> MachineReading.FolderSpace? {
    FileSystemSpace(at: folder).map {
      MachineReading.FolderSpace(
        folder: folder, freeBytes: $0.freeBytes, totalBytes: $0.totalBytes, freeFiles: $0.freeFiles,
        totalFiles: $0.totalFiles)
    }
  }
}
