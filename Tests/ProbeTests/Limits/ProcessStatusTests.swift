import AdvisorCore
import Testing

@testable import Probe

@Suite struct ProcessStatusTests {
  static let limits = """
    Limit                     Soft Limit           Hard Limit           Units     
    Max processes             500                  96364                processes 
    Max open files            1024                 524288               files     

    """

  static func status(_ status: String, _ limits: String = Self.limits) -> ProcessStatus {
    ProcessStatus(in: MemoryTree(texts: ["/proc/self/status": status, "/proc/self/limits": limits]))
  }

  @Test("The mask and the soft limits are read")
  func readsMaskAndSoftLimits() {
    let status = Self.status("Name:\tx\nCapEff:\t0000000000000000\nCpus_allowed:\tff\nCpus_allowed_list:\t0-2,5\n")
    #expect(status.affinity == [0, 1, 2, 5])
    #expect(status.openFiles.tightest?.value == 1024)
    #expect(status.processes.tightest?.value == 500)
  }

  /// `CAP_SYS_RESOURCE` and `CAP_SYS_ADMIN` lift `RLIMIT_NPROC`; another capability does not (getrlimit(2)).
  @Test(
    "Capabilities lift the limit of processes",
    arguments: [("0000000001000000", nil), ("0000000000200000", nil), ("0000000000000001", 500)])
  func capabilitiesLiftTheLimitOfProcesses(capabilities: String, processes: Int?) {
    #expect(Self.status("CapEff:\t\(capabilities)\n").processes.tightest?.value == processes)
  }

  @Test("Unlimited is no limit")
  func unlimitedIsNone() {
    let openFiles = Self.status("", "Max open files            unlimited            unlimited            files\n")
      .openFiles
    #expect(openFiles.tightest == nil && openFiles.noneSource == "/proc/self/limits")
  }

  @Test("Without /proc nothing is said")
  func saysNothingWithoutProc() {
    let status = ProcessStatus(in: MemoryTree(texts: [:]))
    #expect(status.affinity == nil && status.openFiles.tightest == nil)
    #expect(status.openFiles.unread == [Unread(code: .missing, file: "/proc/self/limits")])
  }

  /// A list that is empty or missing says nothing: the kernel keeps every process on some CPU.
  @Test(
    "An empty mask is unknown",
    arguments: ["Cpus_allowed_list:\t\n", "Cpus_allowed_list:\n", "Name:\tx\n", "Cpus_allowed_list:\tx\n", ""])
  func anEmptyMaskIsUnknown(text: String) {
    #expect(Self.status(text).affinity == nil)
  }

  @Test(
    "A row that is missing or makes no sense is unknown, and not unlimited",
    arguments: [
      "", "Max open files\n", "Max open files            many                 files\n",
      "Max open files            -5                   -5                   files\n",
    ])
  func malformedRows(table: String) {
    let openFiles = Self.status("", table).openFiles
    #expect(openFiles.tightest == nil && openFiles.noneSource == nil)
    #expect(openFiles.unread == [Unread(code: .malformed, file: "/proc/self/limits")])
  }
}
