/// Who follows a calibration, and may end it.
public struct CalibrationWatch {
  /// What is being measured and how much of the budget is spent, 0 to 1.
  public typealias Report = (_ phase: String, _ share: Double) -> Void

  let report: Report
  let shouldStop: () -> Bool

  /// - Parameter shouldStop: asked several times a second; after it says yes, what was measured so far is the result.
  public init(report: @escaping Report = { _, _ in }, shouldStop: @escaping () -> Bool = { false }) {
    self.report = report
    self.shouldStop = shouldStop
  }
}
