public import AdvisorCore
public import Testing

/// An argument that is too long to be printed, with the name under which a test reports it.
public struct Named<Value: Sendable>: Sendable, CustomTestStringConvertible {
  public let testDescription: String
  public let value: Value

  public init(_ name: String, _ value: Value) { (testDescription, self.value) = (name, value) }
}

extension Plan: CustomTestStringConvertible {
  /// `threads 2`, `pipeline 2 (1 + 1), at most 1 GiB`.
  public var testDescription: String {
    let stages = stageWorkers.map { " (\($0.map(String.init).joined(separator: " + ")))" } ?? ""
    let chunks = chunk == 1 ? "" : ", \(chunk) a chunk"
    let cap = memoryCapBytes.map { ", at most \(Quantity.text(bytes: $0))" } ?? ""
    return "\(strategy.rawValue) \(workers)\(stages)\(chunks)\(cap)\(cpus == nil ? "" : ", pinned")"
  }
}
