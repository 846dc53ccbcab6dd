public import AdvisorCore

extension ScalingData {
  /// Reads measurements: the columns `workers` and `throughput`; or `workers` (or `machines`) and `seconds` (or `time`),
  /// with `scale` beside them where runs differed in size.
  ///
  /// - Throws: `badData`, naming the line, for what is not such a file.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) {
    var csv = try CSV(bytes, file: file)
    let workers = try csv.column("workers", "machines", "n")
    let isThroughput = csv.header.contains("throughput")
    let measured = try isThroughput ? csv.column("throughput") : csv.column("throughput", "seconds", "time")
    let scale = csv.header.firstIndex(of: "scale")
    var points: [Point] = []
    while let row = try csv.nextRow() {
      let value = try csv.number(row, measured)
      var size = 1.0
      if let scale { size = try csv.number(row, scale) }
      points.append(Point(workers: try csv.number(row, workers), throughput: isThroughput ? value : size / value))
    }
    try self.init(points)
  }
}
