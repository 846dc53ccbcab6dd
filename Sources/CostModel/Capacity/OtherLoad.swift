import AdvisorCore
private import func Glibc.expm1

/// What other processes do, as a forecast of what they will do (docs/model.md, 1.2).
struct OtherLoad: Hashable, Sendable {
  /// The share of the CPUs' time that others take from a run that wants all of it.
  var share: Double
  /// Standard deviation of the logarithm of what they leave.
  var spread: Double
  /// Their threads that want a CPU now; nil where nobody has looked, so that the share is that of the calibration.
  var threads: Double?
  /// How much of the run has fair shares beside them; before, it depends on who shares a CPU with whom.
  var evened = 1.0

  /// Bursts of other work, such as a compiler's or a page's, last for some seconds.
  private static let burstSeconds = 5.0

  /// - Parameter seconds: how long the run lasts.
  init(_ profile: MachineProfile, during seconds: Double) {
    guard let load = profile.presentLoad else {
      share = Noise.share(profile.noise.otherBusyShare)
      // One window says little of the next: anything from nothing to twice as much is as likely.
      spread = share / (1 - share) / 3.0.squareRoot()
      return
    }
    let cpus = Double(max(1, profile.machine.usable.logicalCPUs))
    let threads = Self.threads(load, during: seconds)
    self.threads = threads
    if threads > 0 { evened = ThreadPlacement.evened(within: seconds) }
    share = Noise.share(threads / (threads + cpus))
    // What is seen at the moment of a prediction is mostly there a second later: a quarter more or fewer threads.
    spread = share / 4 + Noise.share(load.stealShare ?? 0)
  }

  /// A crowd that has just come is there for a short run and passes in a long one, down to the last minute's mean, as one does
  /// that is forgotten exponentially; the last minute's may be over and says nothing where there are fewer now.
  private static func threads(_ load: PresentLoad, during seconds: Double) -> Double {
    guard let mean = load.minuteThreads, mean < load.threads, seconds > 0 else { return load.threads }
    let bursts = seconds / burstSeconds
    return mean + (load.threads - mean) * -expm1(-bursts) / bursts
  }

  /// How many times as long it takes what is as many threads as there are CPUs, or wakes as often; 1 where nobody has looked: what
  /// was measured has it in its figures.
  var slowdown: Double { threads == nil ? 1 : 1 / (1 - share) }

  /// What a thread that has just started waits until those before it on its CPU have had a slice each.
  var startDelay: Double { TimeSlice.seconds * (slowdown - 1) }

  /// What one that sleeps and is woken waits: until the slice of the one that runs is over.
  var wakeDelay: Double { TimeSlice.seconds * min(1, slowdown - 1) }

  /// Why there is less to be had than the machine has.
  var caveat: Caveat? {
    guard share > 0.05 else { return nil }
    return threads.map { .presentLoad(threads: $0, share: share) } ?? .otherLoad(share: share)
  }
}

extension Noise {
  /// A share as a profile gives it, made safe: at least a tenth of the machine is taken to be ours.
  static func share(_ share: Double) -> Double { share.isFinite ? min(0.9, max(0, share)) : 0 }
}
