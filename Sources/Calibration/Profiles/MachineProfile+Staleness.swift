public import AdvisorCore
public import FoundationEssentials
import System

extension MachineProfile {
  /// A month: after that firmware, microcode and neighbours may have changed what things cost.
  public static let shelfLife: TimeInterval = 30 * 86_400

  /// Why this profile no longer describes the machine; nil while it does.
  public func staleness(on machine: Machine, now: Date) -> String? {
    if self.machine.kernel != machine.kernel { return "the kernel is another" }
    if self.machine.cpus.usable != machine.cpus.usable {
      return "\(machine.cpus.usable.named) may be used now, \(self.machine.cpus.usable.named) then"
    }
    if self.machine.limits.cpuQuota != machine.limits.cpuQuota { return "the CPU quota is another" }
    guard let made = WallClock.seconds(of: createdAt) else { return "it does not say when it was made" }
    return now.timeIntervalSince1970 - made > Self.shelfLife ? "it is more than a month old" : nil
  }
}
