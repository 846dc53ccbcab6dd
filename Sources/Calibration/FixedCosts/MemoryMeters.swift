import AdvisorCore
import System

extension Meter {
  /// The first touch of a page of anonymous memory: the fault, the zeroing and the mapping.
  static var pageFault: Meter {
    Meter(.pageFault, .unpinned) { count throws(AdvisorError) in
      let pageBytes = SystemConstant.pageBytes
      let bytes = count * pageBytes
      // One huge page would answer for five hundred faults.
      guard let region = MappedMemory(bytes: bytes, hugePages: .refused) else {
        throw .lacking("\(bytes) bytes of memory for page faults")
      }
      let start = MonotonicClock.seconds
      for page in 0..<count { region.start.storeBytes(of: 1, toByteOffset: page * pageBytes, as: UInt8.self) }
      return MonotonicClock.seconds - start
    }
  }

  /// How much later than asked a sleeping thread runs again.
  static var timerLateness: Meter {
    Meter(.timerLateness, .unpinned) { count in
      var late = 0.0
      for _ in 0..<count {
        let deadline = MonotonicClock.seconds + 200e-6
        MonotonicClock.sleep(untilSeconds: deadline)
        late += max(0, MonotonicClock.seconds - deadline)
      }
      return late
    }
  }
}

extension AdvisorError {
  /// What a measurement would have needed.
  static func lacking(_ what: String) -> AdvisorError {
    AdvisorError(.temporary, "not measured for lack of \(what)", advice: "raise the limit and calibrate again")
  }
}
