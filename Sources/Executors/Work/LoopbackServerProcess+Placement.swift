public import AdvisorCore
internal import Probe
public import Transfer

extension LoopbackServerProcess {
  /// Starts the built-in server on the CPU that workers take last.
  ///
  /// It stands for a server elsewhere, which shares no CPU with the one who asks. Left to itself the kernel puts both on one
  /// CPU for minutes or on two, and a request then takes 20 or 50 µs.
  public static func start(apartOn machine: Machine) throws(AdvisorError) -> LoopbackServerProcess {
    let order = machine.placementOrder
    guard order.count > 1, let last = order.last, let allowed = try? Affinity.current(), allowed.contains(last) else {
      return try start()
    }
    return try Affinity.confined(to: [last]) { () throws(AdvisorError) in try start() }
  }
}
