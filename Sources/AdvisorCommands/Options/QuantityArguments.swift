import AdvisorCore
import ArgumentParser
import Execution

/// A duration on the command line: `300ms`, `2h`; a bare number is seconds.
struct Seconds: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    guard let value = Quantity.seconds(argument) ?? Quantity.count(argument) else { return nil }
    self.value = value
  }
}

/// How often something happens: `200/s`, `12k/min`, `3/h`; a bare number is per second.
struct Rate: ExpressibleByArgument {
  let perSecond: Double

  init?(argument: String) {
    let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let count = Quantity.count(parts[0]), let unit = Quantity.seconds("1\(parts.count == 2 ? parts[1] : "s")")
    else { return nil }
    perSecond = count / unit
  }
}

/// A part of a whole: `30%` or `0.3`.
struct Share: ExpressibleByArgument {
  let value: Double

  init(_ value: Double) { self.value = value }

  init?(argument: String) {
    if argument.hasSuffix("%") {
      guard let percent = Quantity.count(argument.dropLast()) else { return nil }
      value = percent / 100
    } else {
      guard let share = Quantity.count(argument) else { return nil }
      value = share
    }
  }

  var defaultValueDescription: String { "\(Quantity.significant(value * 100))%" }
}

/// How long a task may take: `30s`, or `300%` of the median of those before it.
struct TimeLimit: ExpressibleByArgument {
  let value: CommandOptions.Timeout

  init?(argument: String) {
    if argument.hasSuffix("%") {
      guard let percent = Quantity.count(argument.dropLast()), percent > 0 else { return nil }
      value = .medians(percent / 100)
    } else {
      guard let seconds = Quantity.seconds(argument), seconds > 0 else { return nil }
      value = .seconds(seconds)
    }
  }

  /// Nil for a part of a median.
  var seconds: Double? { if case .seconds(let seconds) = value { seconds } else { nil } }
}
