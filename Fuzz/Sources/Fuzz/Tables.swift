import AdvisorCore
import Planning
@testable import Tasks

/// CSV: measurements, load histories and price lists of `fit` and `plan`, and records of `run --csv`.
enum Tables {
  static func feed(_ input: [UInt8]) {
    _ = try? PriceList(csv: input, file: "prices.csv")
    _ = try? LoadHistory(csv: input, file: "load.csv")
    if case .throughput(let data)? = try? ScalingMeasurements(csv: input, file: "scaling.csv") { _ = ScalingFit(data) }
    MemoryFile.hold(input)
    guard let lines = try? InputReader(path: MemoryFile.path), let reader = try? CSVReader(lines) else { return }
    while case .inputs(let row)? = try? reader.nextRow() {
      precondition(row.count == reader.columns, "a record has more or fewer fields than the header")
    }
  }
}
