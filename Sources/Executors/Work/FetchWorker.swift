import AdvisorCore
import Transfer
import System

/// Downloads, one at a time, over a connection that stays open.
final class FetchWorker: StageWorker {
  private let address: DownloadAddress
  private var loop: Loop

  init(_ address: DownloadAddress) throws(AdvisorError) {
    self.address = address
    loop = try Loop(inFlight: 1, address.options)
  }

  func run(_ task: Int, units: Int, _ cancellation: Cancellation) throws(AdvisorError) {
    let url = address.url(bytes: units)
    var failure: String?
    do {
      try loop.run(count: 1, url: { _ in url }, isCancelled: { cancellation.isCancelled }) {
        failure = $1.failure(of: url)
      }
    } catch {
      failure = "\(url): \(error)"
    }
    if let failure {
      throw AdvisorError(.unavailable, failure, advice: "check that the server runs and can be reached")
    }
  }
}

/// Where the tasks of an `io` stage download from.
struct DownloadAddress: Sendable {
  /// A URL in which `{bytes}` and `{latency}` stand for the size and the server's latency, `{latency}` as `0.02s`.
  let template: String
  /// What stands around the size: looking for its place takes as long as a good part of a small request.
  private let pieces: [String]

  init(template: String, latencySeconds: Double) {
    self.template = template
    pieces = template.replacing("{latency}", with: "\(latencySeconds)s")
      .split(separator: "{bytes}", omittingEmptySubsequences: false).map(String.init)
  }

  func url(bytes: Int) -> String { pieces.joined(separator: "\(bytes)") }

  var options: TransferOptions { template.hasPrefix("http://127.0.0.1:") ? .loopback : TransferOptions() }
}

extension TransferResult {
  /// Why the download failed, in words; nil where it did not.
  func failure(of url: String) -> String? {
    succeeded ? nil : "\(WebAddress(url).shown): \(error ?? "the server answered with status \(status)")"
  }
}
