import AdvisorCore
import Console
import Observation
import Reports
import System

/// `advisor why PID`: a process and its descendants, as they are now.
struct ProcessWhy {
  static let usualSeconds = 5.0

  var process: Int32
  var seconds = Self.usualSeconds
  /// Where the samples are written to.
  var samples: String?

  /// Shows what was found; Ctrl-C ends the look early.
  func explain(_ output: OutputOptions) throws {
    let signals = try SignalSource.make()
    let watch = WhyWatch()
    var stop: Int32?
    let here = try ObservedMachine()
    let observer = ProcessObserver(
      process: process, seconds: seconds, instruments: here.instruments(keepsSamples: samples != nil))
    let result = try observer.run { profile in
      watch.draw(profile, of: seconds)
      stop = signals.next()
      return stop == nil
    }
    watch.clear()
    let setting = here.setting(
      "\(process) (\(result.name))", of: result.profile, process: process, isDenied: result.isDenied)
    try result.recording?.write(setting, to: samples)
    let observation = Observation(result.profile, setting)
    let document = ObservationDocument(observation, samplingSeconds: result.samplingSeconds)
    try output.show(document, as: TextReport.observation(observation))
    if let stop, stop != Signal.interrupt { Terminal.exit(128 + stop) }
  }
}

/// What is known while the look goes on, on one line.
struct WhyWatch {
  private let bar: ProgressBar

  init(isWanted: Bool = true) { bar = ProgressBar("why", isWanted: isWanted) }

  /// - Parameter seconds: how long it is to go on; nil where that is not known.
  func draw(_ profile: TreeProfile, of seconds: Double?) {
    guard bar.isShown else { return }
    let used = profile.threads.running / max(profile.wall.sum, 1e-9)
    bar.draw(
      seconds.map { profile.seconds / $0 },
      [
        "\(count((used * 10).rounded() / 10, "CPU")) in use", Quantity.text(bytes: Double(profile.peakBytes)),
        Quantity.text(seconds: profile.seconds),
      ])
  }

  func clear() { bar.clear() }
}
