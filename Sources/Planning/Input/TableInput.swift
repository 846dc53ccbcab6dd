public import AdvisorCore

/// What was read of a file: said in one line, so that a wrong guess is seen.
public struct TableInput: Codable, Hashable, Sendable {
  /// The path that the user typed.
  public var file: String
  public var rows: Int
  /// The column of loads or throughput, as it is written.
  public var column: String
  /// The series that was chosen of several.
  public var series: [String]
  /// Rows without a figure, and times without a row.
  public var gaps: Int
  /// In days; nil for a table without dates.
  @Nullable public var step: Double?
  @Nullable public var span: Double?
  @Nullable public var stepUnit: LoadForecast.StepUnit?
}
