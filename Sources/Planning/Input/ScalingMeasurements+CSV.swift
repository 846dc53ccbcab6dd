public import AdvisorCore

/// Measurements of more workers, as a file has them.
public enum ScalingMeasurements: Sendable {
  /// Measurements of one kind of work.
  case throughput(ScalingData)
  /// Runs of different sizes, which only the Ernest form describes.
  case runs([ErnestScaling.Run])

  /// Reads the columns `workers` (or `machines`) and `throughput`; or `workers` and `seconds` (or `time`), with `scale`
  /// beside them where runs differed in size.
  ///
  /// - Throws: `badData`, naming the line, for what is not such a file.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) {
    var csv = try CSV(bytes, file: file)
    let workers = try csv.column("workers", "machines", "n")
    if csv.header.contains("throughput") {
      let throughput = try csv.column("throughput")
      var points: [ScalingData.Point] = []
      while let row = try csv.nextRow() {
        points.append(.init(workers: try csv.number(row, workers), throughput: try csv.number(row, throughput)))
      }
      self = .throughput(try ScalingData(points))
    } else {
      let runs = try Self.runs(&csv, workers: workers, seconds: try csv.column("throughput", "seconds", "time"))
      self = try csv.header.contains("scale") ? .runs(runs) : .throughput(ScalingData(runs))
    }
  }

  private static func runs(_ csv: inout CSV, workers: Int, seconds: Int) throws(AdvisorError) -> [ErnestScaling.Run] {
    let scale = csv.header.firstIndex(of: "scale")
    var runs: [ErnestScaling.Run] = []
    while let row = try csv.nextRow() {
      var size = 1.0
      if let scale { size = try csv.number(row, scale) }
      runs.append(
        .init(machines: try csv.number(row, workers), scale: size, seconds: try csv.number(row, seconds)))
    }
    return runs
  }
}

extension ScalingData {
  /// Runs of one size as throughput.
  fileprivate init(_ runs: [ErnestScaling.Run]) throws(AdvisorError) {
    try self.init(runs.map { Point(workers: $0.machines, throughput: $0.scale / $0.seconds) })
  }
}
