/// How long requests wait, and how long they take in all: exact for some queues, sampled for others. Times in seconds.
public protocol WaitingTimes: Sendable {
  var probabilityOfWait: Double { get }
  var meanWait: Double { get }
  /// The share of time that each server is busy.
  var utilisation: Double { get }

  func probability(waitAbove seconds: Double) -> Double
  /// The wait that this share of requests stays within.
  ///
  /// - Parameter probability: strictly between 0 and 1.
  func waitQuantile(_ probability: Double) -> Double

  func probability(responseAbove seconds: Double) -> Double
  func responseQuantile(_ probability: Double) -> Double
}
