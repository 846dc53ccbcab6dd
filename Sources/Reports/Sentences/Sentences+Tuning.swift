public import AdvisorCore

/// Why a value of a command's knob is the best, what must be known to trust it, and why there may be none.
extension Sentences {
  func text(_ reason: TuningReason) -> String {
    switch reason {
    case .workerCost(let seconds): "Each further worker costs \(time(seconds)) of CPU time."
    case .cpus(let used, let cpus, let gain):
      "CPU-bound: \(Quantity.significant(used)) of \(count(cpus, "CPU")) were busy; no other value can gain more than "
        + "\(percent(gain))."
    case .waits(let idle, let workers):
      "No thread could run \(percent(idle)) of the time; with \(count(workers, "worker")) the waits overlap."
    case .contention(let share):
      "Contention: a second worker takes \(percent(share)) more CPU time for the same work, and CPUs stay idle."
    case .memory(let bytes, let workers):
      "Bound by memory: the \(Quantity.text(bytes: bytes)) that may be used leave room for \(count(workers, "worker"))."
    case .failsFrom(let workers): "It fails with \(count(workers, "worker")) and more."
    }
  }

  func text(_ caveat: TuningCaveat) -> String {
    switch caveat {
    case .otherLoad: "Other processes used the CPUs: the runs differ more than they would on a quiet machine."
    case .leftBehind(let processes):
      "The command left \(count(processes, "process", "processes")) behind, killed after each run: what they still had to "
        + "do is not in these times."
    case .servedByOthers(let seconds):
      "Other processes used \(time(seconds)) of CPU time or more in every run, and none before, as a server does that the "
        + "command talks to: no run counts as disturbed for that."
    case .noWork(let seconds):
      "No run took more than \(time(seconds)), as if its work were done already: \(Self.sameState)."
    }
  }

  /// `failed with exit status 2`: goes on from what ended so.
  func text(_ failure: TrialFailure) -> String {
    switch failure {
    case .exited(let status): "failed with exit status \(status)"
    case .killed(let signal): "was killed by signal \(signal)"
    case .timedOut: "took too long"
    case .outOfMemory: "ran out of memory"
    case .withoutFigure: "printed no figure"
    }
  }

  public func text(_ note: TunedNote) -> String {
    switch note {
    case .saved(let path): "saved: \(path.printable)"
    case .used(let values, let date, let path):
      "advisor: \(list(values)), tuned on \(date.printable) (\(path.printable))"
    case .usedElsewhere(let values, let isCount, let machine, let path):
      "advisor: \(list(values))\(isCount ? ", the CPU count" : ""): \(path.printable) has a value of another machine only "
        + "(\(machine.printable))"
    case .outdated: "The kept value is out of date: run `advisor tune --save` again."
    }
  }

  private func list(_ values: [String: String]) -> String {
    values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
  }
}

extension Sentences {
  /// Values that were tried are named up to that many.
  private static let maxNamed = 4
  private static let sameState = "have each run start from the same state, as in --prepare 'make clean'"

  public func error(_ fault: TuningFault) -> AdvisorError {
    switch fault {
    case .preparation(let line, let failure, let output):
      AdvisorError(
        .someTasksFailed, "the preparation \(line.quoted) \(text(failure))\(last(output))",
        advice: "run it by hand until it works\(place(output))")
    case .repeatFails(let setting, let failure, let output):
      AdvisorError(
        .badData,
        "the command does not repeat: with \(setting) it succeeded at first, and then \(text(failure))\(last(output))",
        advice: "\(Self.sameState)\(place(output))")
    case .repeatIsEasier(let setting, let first, let now):
      AdvisorError(
        .badData,
        "the command does not repeat: with \(setting) it took \(time(first)) of CPU time at first, and then "
          + "\(time(now)): its work is done already", advice: Self.sameState)
    case .noFigure(let pattern, let output):
      AdvisorError(
        .badData, "the command never printed what --measure \(pattern.quoted) finds\(last(output))",
        advice: "compare it with the output of a run\(place(output))")
    case .failsEverywhere(let tried, let output): failsEverywhere(tried, output)
    }
  }

  private func failsEverywhere(_ tried: [TuningFault.Attempt], _ output: TuningFault.Output) -> AdvisorError {
    let list = tried.prefix(Self.maxNamed).map { "\($0.setting) \(text($0.failure))" }.joined(separator: ", ")
    return AdvisorError(
      .someTasksFailed, "the command failed at every value that was tried: \(list)\(last(output))",
      advice: "run it by hand with one of them\(place(output)); runs have no terminal and an empty input, so that a "
        + "command that asks for either cannot be tuned")
  }

  private func last(_ output: TuningFault.Output) -> String { output.lastLine.map { ": \($0.quoted)" } ?? "" }

  private func place(_ output: TuningFault.Output) -> String {
    output.path.map { "; the last output is in \($0.printable)" } ?? ""
  }
}
