import AdvisorTestSupport
import Foundation
import Statistics
import Testing

@testable import Probe

/// Whatever is done to the files of a machine, a probe of it ends in an answer that advice can be built on, or in an error.
@Suite struct FaultyMachineTests {
  /// Recorded machines whose files are damaged at random, each run in the same way.
  static let machines = ["cgroup-nested", "cgroup1", "container", "hugepages", "isolated", "firecracker"]

  static func files(_ name: String) throws -> [String: [UInt8]] {
    let archive = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "tar.gz"))
    return try #require(TarArchive.files(in: try Gzip.contents(of: archive.path)))
  }

  @Test("Every damaged machine gets an answer", arguments: machines)
  func everyDamagedMachineGetsAnAnswer(name: String) throws {
    let files = try Self.files(name)
    var random = Xoshiro(seed: UInt64(name.utf8.count))
    for number in 0..<250 {
      let faults = (0..<4 * Int.random(in: 1...6, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
      }
      if let complaint = FaultyMachine(files, faults: faults).complaint(advising: number % 10 == 0) {
        Issue.record("faults \(faults): \(complaint)")
      }
    }
  }

  /// Every file of two made-up cgroups, damaged in every way.
  @Test("Every file of a cgroup can be missing", arguments: UnknownLimitsTests.versions)
  func everyFileOfACgroupCanBeMissing(texts: Named<[String: String]>) {
    var files = texts.value.mapValues { Array($0.utf8) }
    files["/sys/devices/system/cpu/online"] = Array("0-1\n".utf8)
    files["/proc/self/status"] = Array("Cpus_allowed_list:\t1\n".utf8)
    files["/proc/self/limits"] = Array("Max open files 1024\n".utf8)
    for index in 0..<files.count {
      for kind in 0..<7 as Range<UInt8> {
        for how in stride(from: 0, to: 256, by: 23) {
          let faults = [kind, 0, UInt8(index), UInt8(how)]
          #expect(FaultyMachine(files, faults: faults).complaint(advising: how == 23) == nil, "\(faults)")
        }
      }
    }
  }
}
