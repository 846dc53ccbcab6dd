import AdvisorCore
import AdvisorTestSupport
import Console
import Documents
import FoundationEssentials
import Observation
import Testing

@testable import Reports

/// What holds a machine back, in words and in JSON.
@Suite("What holds a machine back, as it is shown") struct MachineWhyTests {
  /// One of each, with the code that documents give it, and its figures as large as they come.
  static let causes: [(cause: MachineCause, code: String)] = [
    (.cpuQuota(cpus: 1.25, usable: 128, throttledShare: 0.5, file: "/sys/fs/cgroup/a b/cpu.max"), "cpuQuota"),
    (.cpuset(usable: [0, 1], online: CPUSet(0..<128), file: "/proc/self/status"), "cpuset"),
    (.offlineCPUs(offline: CPUSet(64..<128), online: 64), "offlineCPUs"),
    (.isolatedCPUs(isolated: CPUSet(2..<128), usable: 2), "isolatedCPUs"), (.smtOff(control: "forceoff"), "smtOff"),
    (.governor(name: "conservative", driver: "acpi-cpufreq", preference: nil, cpus: CPUSet(0..<128)), "governor"),
    (
      .governor(name: "powersave", driver: "intel_pstate", preference: "balance_power", cpus: CPUSet(0..<128)),
      "governor"
    ),
    (.frequencyCap(hertz: 2.45e9, maxHertz: 3.55e9, cpus: [0]), "frequencyCap"),
    (.turboOff(file: "/sys/devices/system/cpu/intel_pstate/no_turbo"), "turboOff"),
    (.thermalThrottling(events: 1234, share: 0.456), "thermalThrottling"),
    (.mitigations(names: ["mds", "meltdown"]), "mitigations"),
    (.clockSource(name: "hyperv_clocksource_msr", readSeconds: 1.23e-6), "clockSource"),
    (.steal(share: 0.456), "steal"),
    (
      .otherProcesses(
        share: 0.98, programs: [BusyProgram(name: "cc1\u{1B}[2J", cpus: 3.456, processes: 12, ids: [7, 8])],
        unnamedShare: 0.25), "otherProcesses"
    ),
    (.busySiblings(cpus: [4, 5], share: 0.456), "busySiblings"), (.neighbour(ratio: 1.234), "neighbour"),
    (.cpuPressure(some: 0.099, full: 0.098, ofCgroup: true), "cpuPressure"),
    (.memoryPressure(some: 0.99, full: nil, ofCgroup: true), "memoryPressure"),
    (.ioPressure(some: 0.99, full: 0.98, ofCgroup: false), "ioPressure"),
    (.memoryLow(availableBytes: 1_072_693_248, limitBytes: 1_072_693_248), "memoryLow"),
    (.swapping(inBytesPerSecond: 1e9, outBytesPerSecond: 0), "swapping"),
    (.hugePagesOff(mode: "never"), "hugePagesOff"),
    (.nodesWithoutMemory(nodes: [1, 3], count: 4), "nodesWithoutMemory"),
    (.memoryChannels(filled: 12, channels: 24, file: "/sys/devices/system/edac/mc"), "memoryChannels"),
    (.openFiles(limit: 256, hardLimit: 4096), "openFiles"),
    (.processLimit(used: 32000, limit: 32768, file: "/sys/fs/cgroup/pids.max"), "processLimit"),
    (.diskFull(folder: "/tmp/it's", freeBytes: 1_072_693_248, totalBytes: 1_072_693_248_000), "diskFull"),
    (.filesFull(folder: "/tmp", freeFiles: 123_456, totalFiles: 123_456_789), "filesFull"),
  ]

  private static func document(_ findings: [MachineFinding], unseen: [UnseenAspect] = []) -> MachineWhyDocument {
    MachineWhyDocument(
      MachineFindings(seconds: 1, findings: findings, seen: MachineAspect.allCases, unseen: unseen), isVirtual: true)
  }

  private static let losses: [Loss?] = [
    nil, Loss(0...0.099, .documented), Loss(0.25...0.25, .computed), Loss(0.123...0.456, .measured),
    Loss(0...1, .measured),
  ]

  @Test("The table fits 80 columns, whatever is found")
  func width() {
    for loss in Self.losses {
      let text = TextReport.machineWhy(Self.document(Self.causes.map { MachineFinding($0.cause, loss) }))
      let table = text.split(separator: "\n").drop { !$0.hasPrefix("holds back") }.prefix(Self.causes.count + 2)
      #expect(table.count == Self.causes.count + 2)
      #expect(table.filter { $0.count > 80 } == [])
    }
  }

  @Test(
    "Every cause has a code, figures, a sentence and what mends it, and is read back", arguments: causes.map(\.cause))
  func json(cause: MachineCause) throws {
    let document = Self.document([MachineFinding(cause, Loss(0.1...0.2, .measured))])
    let text = try JSONDocument.text(of: document)
    let code = try #require(Self.causes.first { $0.cause == cause }?.code)
    #expect(cause.code.rawValue == code)
    #expect(text.contains(#""code" : "\#(code)""#) && text.contains(#""schema" : "advisor.machine-why/1""#))
    #expect(text.contains(#""basis" : "measured""#) && document.findings.allSatisfy { !$0.mend.text.isEmpty })
    #expect(try JSONDocument.decode(MachineWhyDocument.self, from: Data(text.utf8), of: "it") == document)
  }

  @Test(
    "The first line says what is worst and what it costs",
    arguments: [
      (
        .cpuQuota(cpus: 1.5, usable: 8, throttledShare: nil, file: "f"), Loss(0.8125...0.8125, .computed),
        "CPU quota, 1.5 of 8 CPUs, costs 81 %."
      ),
      (.hugePagesOff(mode: "never"), Loss(0...0.5, .documented), "Huge pages off, never, costs at most 50 %."),
      (.steal(share: 0.2), Loss(0.195...0.205, .measured), "Stolen CPU time, 20 % of busy time, costs 20–21 %."),
      (
        .ioPressure(some: 0.022, full: 0, ofCgroup: false), Loss(0...0.022, .measured),
        "IO pressure, some 2.2 %, all 0 %, costs at most 2.2 %."
      ),
      (.turboOff(file: "f"), nil, "Turbo off, base frequency at most: loss unknown."),
      (.openFiles(limit: 256, hardLimit: nil), nil, "Limit on open files, 256 files: work fails when it is used up."),
    ] as [(MachineCause, Loss?, String)])
  func firstLine(cause: MachineCause, loss: Loss?, line: String) {
    let document = Self.document([MachineFinding(cause, loss)])
    #expect(TextReport.machineWhy(document).hasPrefix(line + "\n"), "\(document.text)")
    #expect(document.isHeldBack)
  }

  @Test("What is accepted is listed apart, and is no reason to fail")
  func ignored() {
    let all = MachineFindings(
      seconds: 1,
      findings: [
        MachineFinding(.hugePagesOff(mode: "never"), Loss(0...0.5, .documented)),
        MachineFinding(.mitigations(names: ["mds"]), Loss(0...0.1, .documented)),
      ], seen: [], unseen: [])
    let one = MachineWhyDocument(all.ignoring([.hugePagesOff]), isVirtual: false)
    #expect(one.isHeldBack && one.text.hasPrefix("CPU mitigations"))
    let none = MachineWhyDocument(all.ignoring([.hugePagesOff, .mitigations, .steal]), isVirtual: false)
    #expect(!none.isHeldBack && none.text == "Nothing else holds this machine back.")
    #expect(none.findings.isEmpty && none.ignored.map(\.cause.value.code) == [.hugePagesOff, .mitigations])
    let text = TextReport.machineWhy(none)
    #expect(text.contains("Accepted, as asked\n  · huge pages off, never: loss at most 50 %"))
  }

  @Test("Nothing found is said, with what was looked at and what could not be seen")
  func nothing() {
    let clear = TextReport.machineWhy(Self.document([]))
    #expect(clear.hasPrefix("Nothing holds this machine back.\n\nLooked at for 1 s: CPU quota, "))
    let hidden = Self.document(
      [], unseen: [UnseenAspect(.governor, .missing, "/sys/x"), UnseenAspect(.turbo, .missing, "/y")])
    #expect(!hidden.isHeldBack)
    let text = TextReport.machineWhy(hidden)
    #expect(text.hasPrefix("Nothing holds this machine back, as far as can be seen.\n"))
    #expect(text.contains("  ? governor and frequency cap, turbo: /sys/x is missing; only the host can\n    tell."))
  }

  @Test(
    "A command mends what a command can, with paths as one word",
    arguments: [
      (.cpuQuota(cpus: 1, usable: 2, throttledShare: nil, file: "/cg/a/cpu.max"), "echo max > /cg/a/cpu.max"),
      (
        .cpuQuota(cpus: 1, usable: 2, throttledShare: nil, file: "/cg/a/cpu.cfs_quota_us"),
        "echo -1 > /cg/a/cpu.cfs_quota_us"
      ),
      (
        .cpuQuota(cpus: 1, usable: 2, throttledShare: nil, file: "/cg/$(x)'s/cpu.max"),
        #"echo max > '/cg/$(x)'\''s/cpu.max'"#
      ),
      (.turboOff(file: "/c/intel_pstate/no_turbo"), "echo 0 > /c/intel_pstate/no_turbo"),
      (.turboOff(file: "/c/cpufreq/boost"), "echo 1 > /c/cpufreq/boost"), (.smtOff(control: "forceoff"), nil),
      (.frequencyCap(hertz: 2e9, maxHertz: 3.5e9, cpus: []), "cpupower frequency-set --max 3500000kHz"),
      (.offlineCPUs(offline: [2, 3], online: 2), "chcpu --enable 2-3"), (.steal(share: 1), nil),
      (.processLimit(used: 1, limit: 1, file: "/proc/sys/kernel/threads-max"), "ulimit -u hard"),
    ] as [(MachineCause, String?)])
  func mends(cause: MachineCause, command: String?) { #expect(MachineMend(cause).command == command) }

  @Test("No name of a process or a file reaches the terminal as it is")
  func harmless() {
    let text = TextReport.machineWhy(Self.document(Self.causes.map { MachineFinding($0.cause, nil) }))
    #expect(!text.contains("\u{1B}") && text.contains("cc1 [2J × 12: 3.46 CPUs"))
  }

  @Test("A comparison begins with what is worst, and counts what is not")
  func twin() {
    let twin = SampleProfile.twoCores
    var here = twin
    here.fixedCosts[0] = SampleProfile.cost(.processSpawn, 1e-3)
    let findings = MachineFindings(seconds: 1, findings: [], seen: [], unseen: [])
    let worse = MachineWhyDocument(findings, isVirtual: false, against: TwinComparison(of: here, with: twin))
    #expect(worse.isHeldBack && worse.text == "Worst against the twin: processSpawn, unpinned, 47–53 % slower here.")
    #expect(TextReport.machineWhy(worse).contains("processSpawn, unpinned"))
    let alike = MachineWhyDocument(findings, isVirtual: false, against: TwinComparison(of: twin, with: twin))
    #expect(!alike.isHeldBack && alike.text == "Nothing is worse here than on the twin.")
    let small = SampleProfile.make(cpus: 2, quota: 1)
    let fewer = MachineWhyDocument(findings, isVirtual: false, against: TwinComparison(of: small, with: twin))
    #expect(fewer.text == "Usable CPUs here: 50 % fewer than on the twin.")
  }
}
