import AdvisorCore
import Glibc

extension Meter {
  /// The first touch of a page of anonymous memory: the fault, the zeroing and the mapping.
  static var pageFault: Meter {
    Meter(.pageFault, .unpinned) { count throws(AdvisorError) in
      let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
      let bytes = count * pageBytes
      guard let region = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        region != MAP_FAILED
      else { throw .lacking("\(bytes) bytes of memory for page faults") }
      defer { munmap(region, bytes) }
      // One huge page would answer for five hundred faults.
      madvise(region, bytes, MADV_NOHUGEPAGE)
      let start = Stopwatch.wall()
      for page in 0..<count { region.storeBytes(of: 1, toByteOffset: page * pageBytes, as: UInt8.self) }
      return Stopwatch.wall() - start
    }
  }

  /// How much later than asked a sleeping thread runs again.
  static var timerLateness: Meter {
    Meter(.timerLateness, .unpinned) { count in
      var late = 0.0
      for _ in 0..<count {
        let deadline = Stopwatch.wall() + 200e-6
        Stopwatch.sleep(until: deadline)
        late += max(0, Stopwatch.wall() - deadline)
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
