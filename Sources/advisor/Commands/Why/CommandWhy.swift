import AdvisorCore
import ArgumentParser
import Console
import Observation
import Reports
import System
import Tasks

/// `advisor why -- COMMAND …`: a command and its descendants, from its start to its end.
struct CommandWhy {
  var words: [String]
  /// Where the samples are written to.
  var samples: String?

  /// Runs the command, shows what was found, and ends as it did.
  func explain(_ output: OutputOptions) throws {
    var launch = Launch(words, ownGroup: false)
    launch.rawArguments = CommandLineWords.afterTerminator()
    launch.program = try CommandLookup.find(words[0])
    launch.input = StandardStream.input
    if output.json { launch.output = StandardStream.error }
    let here = try ObservedMachine()
    let run = try watched(launch, here.instruments(keepsSamples: samples != nil))
    let target = words.joined(separator: " ")
    let setting = here.setting(target, of: run.profile, command: words, isDenied: run.isDenied)
    try run.recording?.write(setting, to: samples)
    let observation = Observation(run.profile, setting)
    if output.json {
      try output.show(ObservationDocument(observation, samplingSeconds: run.samplingSeconds), as: "")
    } else {
      Terminal.note(TextReport.observation(observation))
    }
    switch run.exit.status {
    case .exited(0): break
    case .exited(let status): throw ExitCode(status)
    case .killed(let signal): throw ExitCode(128 + signal)
    }
  }

  /// Hands signals on that the command has not got from the terminal itself. A second Ctrl-C ends what the first has not.
  private func watched(_ launch: Launch, _ instruments: Instruments) throws(AdvisorError) -> ObservedRun {
    let signals = try SignalSource.make()
    // What the command prints would be torn by a line that is redrawn.
    let watch = WhyWatch(isWanted: !StandardStream.isTerminal(launch.output ?? StandardStream.error))
    defer { watch.clear() }
    var interrupts = 0
    return try CommandObserver(launch, instruments: instruments).run { profile in
      watch.draw(profile, of: nil)
      guard let (signal, isFromTerminal) = signals.nextArrival() else { return nil }
      if signal == Signal.interrupt { interrupts += 1 }
      return interrupts > 1 ? Signal.kill : isFromTerminal ? nil : signal
    }
  }
}
