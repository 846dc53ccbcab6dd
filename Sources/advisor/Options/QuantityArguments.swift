import AdvisorCore
import ArgumentParser
import Tasks

/// A duration on the command line: `300ms`, `1h30m`; a bare number is seconds.
///
/// A `transform` rather than a conformance, so that a fault lists the units.
struct Seconds: CustomStringConvertible {
  let value: Double
  var description: String { Quantity.text(seconds: value) }

  init(_ value: Double) { self.value = value }

  init(typed text: String) throws {
    guard let value = Quantity.seconds(text) ?? Quantity.count(text) else { throw ValidationError(Quantity.timeForms) }
    self.value = value
  }
}

/// How often something happens: `200/s`, `100/30min`, `90rpm`; a bare number is per second.
struct Rate {
  let perSecond: Double

  init(typed text: String) throws {
    guard let rate = Quantity.rate(text) else { throw ValidationError(Quantity.rateForms) }
    perSecond = rate
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

/// How long a task may take: `30s` or `30`, or `300%` of the median of those before it.
struct TimeLimit: ExpressibleByArgument {
  let value: TaskOptions.Timeout

  init?(argument: String) {
    if argument.hasSuffix("%") {
      guard let percent = Quantity.count(argument.dropLast()), percent > 0 else { return nil }
      value = .medians(percent / 100)
    } else {
      guard let seconds = Quantity.seconds(argument) ?? Quantity.count(argument), seconds > 0 else { return nil }
      value = .seconds(seconds)
    }
  }

  /// Nil for a part of a median.
  var seconds: Double? { if case .seconds(let seconds) = value { seconds } else { nil } }
}
