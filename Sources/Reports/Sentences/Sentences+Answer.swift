import AdvisorCore
import Console
import Planning

/// The sentences of a report's answer, with what it rests on.
struct AnswerSentences {
  let report: CapacityReport

  func text(_ statement: ReportAnswer.Statement) -> String {
    headline(statement) ?? action(statement) ?? date(statement) ?? cost(statement) ?? certainty(statement)
  }

  private func headline(_ statement: ReportAnswer.Statement) -> String? {
    switch statement {
    case .actNow: "Act now: the load is above what was planned for"
    case .actBefore(let date): "Act before \(date)"
    case .fineUntil(let date): "Nothing to do before \(date)"
    case .fine: "Nothing to do as far as the forecast reaches"
    case .unreachable: "The goal cannot be met this way"
    case .advised: "What was asked can be done"
    case .nothingAsked: "No question was asked"
    default: nil
    }
  }

  private func action(_ statement: ReportAnswer.Statement) -> String? {
    switch statement {
    case .runMachines(let machines, let name, let spare, let rate):
      "Run \(machines) × \(name) for \(Quantity.text(count: rate)) requests/s, "
        + "\(spare == 0 ? "none" : "\(spare)") of them to spare."
    case .noMachines(let name):
      "Choose faster machines or a longer response time: with \(name), "
        + "\(report.fleet?.fleets.first?.problem.map { Sentences().text($0) } ?? "no number does")."
    case .raiseCapacity: "Raise the capacity above \(forecast?.capacityText ?? "")."
    case .keepCapacity: "Keep the capacity of \(forecast?.capacityText ?? "")."
    case .useCPUs(let cpus, let rate, let service):
      "Give \(Quantity.text(count: rate)) requests/s of \(Quantity.text(seconds: service)) "
        + "\(count(cpus, "CPU"))."
    case .useWorkers(let workers, let throughput):
      "Run \(count(workers, "worker")): \(QuantityUnit.text(throughput, in: report.measured?.unit)) was the highest throughput measured."
    case .runJob(let job, let plan): "Run \(job) with \(plan)."
    case .noJob: report.adviceProblem ?? ""
    case .nameJob:
      "Name a job (--job), a load (--arrival-rate, --service-time, --p95-response) or a history (--load-history)."
    default: nil
    }
  }

  private func date(_ statement: ReportAnswer.Statement) -> String? {
    switch statement {
    case .exceeded: report.forecast?.exceededText
    case .machinesUntil(let machines, let failed, let date):
      "Before \(date) add machines: \(Self.kept(by: machines)) until then\(Self.failed(failed))."
    case .machinesLast(let machines, let failed):
      "No date in sight: \(Self.kept(by: machines))\(Self.failed(failed))."
    case .moreMachines(let stages):
      stages.map { "\(count($0.machines, "lasts", "last")) until \($0.upperCrossing?.text ?? "")" }.joined(
        separator: ", ") + "."
    case .capacityUntil(let date): "Before \(date)."
    case .capacityLasts(let steps): "No date in sight within \(forecast?.span(steps) ?? count(steps, "step"))."
    case .noHistory: "Now; until when is not known without past loads (--load-history)."
    case .outlookUnknown: report.outlookProblem
    case .jobTakes(let p50, let p5, let p95):
      "A run takes \(time(p50)) (90 %: \(time(p5)) to \(time(p95)))."
    default: nil
    }
  }

  private func cost(_ statement: ReportAnswer.Statement) -> String? {
    switch statement {
    case .price(let hour, let currency, let month):
      "\(Quantity.money(hour, currency)) an hour, \(Quantity.money(month, currency)) a month."
    case .jobCost(let run, let currency): "A run costs \(Quantity.money(run, currency))."
    case .noPrice: "Not known: no price list was named (--prices)."
    default: nil
    }
  }

  private func certainty(_ statement: ReportAnswer.Statement) -> String {
    switch statement {
    case .guess: report.forecast?.guessText ?? ""
    case .upperEnd(let level, let trend):
      "The date is when the upper end of the \(TextReport.percent(level)) interval gets there; the trend itself does on \(trend)."
    case .upperEndOnly(let level):
      "The date is when the upper end of the \(TextReport.percent(level)) interval gets there; the trend itself does not."
    case .intervalBelow(let level): "The upper end of the \(TextReport.percent(level)) interval stays below it."
    case .restsOn(let points): "It rests on \(points) \(forecast?.steps ?? "points") of past load."
    case .otherLoads(let less, let more): "A load 20 % lower takes \(count(less, "machine")), one 20 % higher \(more)."
    case .confidence(let share): "Confidence in the way to run it: \(TextReport.percent(share))."
    case .exponential: "Exact for requests that arrive at random and take exponential times."
    case .fitError(let share): "The fitted law misses unseen points by \(TextReport.percent(share)) of the mean."
    case .fitUnknown: "Too few points to judge a law."
    default: ""
    }
  }

  private var forecast: ForecastSentences? { report.forecast.map(ForecastSentences.init) }

  private func time(_ seconds: Double) -> String { Quantity.text(seconds: seconds) }

  private static func kept(by machines: Int) -> String {
    "\(count(machines, "machine keeps", "machines keep")) the goal"
  }

  static func failed(_ machines: Int) -> String {
    machines == 0 ? "" : machines == 1 ? " with one failed" : " with \(machines) failed"
  }
}

extension ReportAnswer {
  /// The box of a report.
  func box(of report: CapacityReport) -> ReportDocument.Answer {
    let sentences = AnswerSentences(report: report)
    let rows = [("What to do", actions), ("By when", dates), ("What it costs", costs), ("How sure", certainties)]
    return ReportDocument.Answer(
      headline: sentences.text(headline), standing: standing,
      rows: rows.filter { !$0.1.isEmpty }.map { .init(question: $0.0, sentences: $0.1.map(sentences.text)) })
  }
}

extension Quantity {
  /// `3.20 USD`, `496 USD`; a bare number where the price list names no currency.
  static func money(_ amount: Double, _ currency: String) -> String {
    let text =
      amount >= 1000
      ? grouped(amount) : amount >= 1 ? decimal(amount, places: amount < 100 ? 2 : 0) : significant(amount)
    return currency.isEmpty ? text : "\(text)\u{A0}\(currency)"
  }

  /// `12,345`.
  private static func grouped(_ amount: Double) -> String {
    let digits = Array(decimal(amount, places: 0))
    return digits.enumerated().reduce(into: "") { text, place in
      if place.offset > 0, (digits.count - place.offset).isMultiple(of: 3) { text += "," }
      text.append(place.element)
    }
  }
}
