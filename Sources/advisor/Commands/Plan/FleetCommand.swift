import AdvisorCore
import ArgumentParser
import Calibration
import CostModel
import Planning
import Reports

struct FleetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet",
    abstract: "How many machines of each kind a load takes, what they cost, and what happens when one fails.",
    discussion: """
      Machines are the profiles in a folder (--profiles), each serving as many requests at once as it has usable CPUs;
      without the folder, this machine. A price list has the columns machine (the profile's file name) and price_per_hour.
      """)

  @Option(help: ArgumentHelp("Requests, such as 200/s.", valueName: "rate")) var arrivalRate: Rate
  @Option(help: ArgumentHelp("Mean time of one request on one CPU, such as 50ms.", valueName: "time"))
  var serviceTime: Seconds?
  @Option(help: ArgumentHelp("One request, as a job string: its time is predicted for each machine.", valueName: "job"))
  var job: String?
  @Option(help: ArgumentHelp("95 % of the requests are answered within this time.", valueName: "time"))
  var p95Response: Seconds
  @Option(help: ArgumentHelp("Share of each machine that stays idle.", valueName: "share")) var headroom = Share(0.3)
  @Option(help: ArgumentHelp("Machines to spare: N, N+1, N+2.", valueName: "n+k")) var redundancy = Redundancy.one
  @Option(help: ArgumentHelp("Folder of machine profiles.", valueName: "dir")) var profiles = "profiles"
  @Option(help: ArgumentHelp("Price list.", valueName: "file.csv")) var prices: String?
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var form: OutputOptions

  func validate() throws {
    guard (serviceTime == nil) != (job == nil) else {
      throw ValidationError("Say what a request takes: --service-time 50ms, or --job cpu:1x50ms.")
    }
  }

  func run() throws {
    let goal = try FleetGoal(
      arrivalRate: arrivalRate.perSecond, p95Response: p95Response.value, headroom: headroom.value,
      redundancy: redundancy.spare)
    let request = try job.map { try Job.parsed($0) }
    let prices = try prices.map { try PriceList(csv: [UInt8](JSONDocument.contents(of: $0)), file: $0) }
    let plan = FleetPlan(try machines().map { try option($0.name, $0.profile, request, prices) }, goal: goal)
    try form.show(plan, as: TextReport.fleet(plan))
  }

  private func machines() throws(AdvisorError) -> [(name: String, profile: MachineProfile)] {
    var machines: [(String, MachineProfile)] = []
    if costs.profile == nil {
      for path in ProfileStore(folder: profiles).paths() where !path.hasSuffix(".schema.json") {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        machines.append((String(file.dropLast(".json".count)), try ProfileStore.load(path).profile))
      }
    }
    return machines.isEmpty ? [("this machine", try costs.resolve().profile)] : machines
  }

  private func option(
    _ name: String, _ profile: MachineProfile, _ request: Job?, _ prices: PriceList?
  ) throws(AdvisorError) -> MachineOption {
    var seconds = serviceTime?.value ?? 0
    if let request {
      seconds = try CostModel(profile: profile).predict(request, plan: Plan(strategy: .sequential, workers: 1)).seconds
        .p50
    }
    // A quota of one and a half CPUs serves one request at full speed, not two.
    let servers = max(1, Int(profile.machine.usable.effectiveCPUs))
    return MachineOption(
      name: name, servers: servers, serviceTime: seconds, pricePerHour: prices?.price(of: name))
  }
}

/// `N`, `N+1`, `N+2`: machines to spare.
struct Redundancy: ExpressibleByArgument {
  static let one = Redundancy(spare: 1)

  let spare: Int

  init(spare: Int) { self.spare = spare }

  init?(argument: String) {
    let text = argument.uppercased()
    guard text != "N" else {
      self.init(spare: 0)
      return
    }
    guard let spare = Int(text.hasPrefix("N+") ? String(text.dropFirst(2)) : text), spare >= 0 else { return nil }
    self.init(spare: spare)
  }

  var defaultValueDescription: String { spare == 0 ? "N" : "N+\(spare)" }
}
