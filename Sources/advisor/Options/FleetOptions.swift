import AdvisorCore
import ArgumentParser
import Calibration
import CostModel
import Documents
import Planning

/// Which machines a fleet may be built of, and what it must bear beside the load.
struct FleetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Share to keep free (default: 30%; 0% of --capacity).", valueName: "share"))
  var headroom: Share?
  @Option(help: ArgumentHelp("Spare machines: N, N+1, N+2.", valueName: "n+k")) var redundancy = Redundancy.one
  @Option(help: ArgumentHelp("Folder of machine profiles.", valueName: "dir")) var profiles = "profiles"
  @Option(
    help: ArgumentHelp(
      "Price list: machine, price_per_hour, cpus, memory.",
      valueName: "csv")
  )
  var prices: String?

  func goal(arrivalRate: Rate, p95Response: Seconds) throws(AdvisorError) -> FleetGoal {
    try FleetGoal(
      arrivalRate: arrivalRate.perSecond, p95Response: p95Response.value, headroom: headroom?.value ?? 0.3,
      redundancy: redundancy.spare)
  }

  /// The profiles in the folder, by their file names.
  func machines() throws(AdvisorError) -> [(name: String, profile: MachineProfile)] {
    try ProfileStore(folder: profiles).named()
  }

  /// The price list that was named.
  func priceList() throws(AdvisorError) -> PriceList? { try PriceList.named(prices) }

  /// Each machine with its price, and the time that a request takes on it.
  ///
  /// - Parameter serviceTime: seconds on one CPU of a machine.
  func options(
    of kinds: [MachineKind], serviceTime: (MachineProfile) throws(AdvisorError) -> Double
  ) throws(AdvisorError) -> [MachineOption] {
    var options: [MachineOption] = []
    for kind in kinds {
      // A quota of one and a half CPUs serves one request at full speed, not two.
      let servers = max(1, Int(kind.profile.machine.usable.effectiveCPUs))
      options.append(
        MachineOption(
          name: kind.name, servers: servers, serviceTime: try serviceTime(kind.profile), pricePerHour: kind.pricePerHour
        ))
    }
    return options
  }
}

extension PriceList {
  /// The list in a file; nil where none was named.
  static func named(_ file: String?) throws(AdvisorError) -> PriceList? {
    guard let file else { return nil }
    return try PriceList(csv: [UInt8](JSONDocument.contents(of: file)), file: file)
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

extension ProfileStore {
  /// Its profiles, by their file names.
  func named() throws(AdvisorError) -> [(name: String, profile: MachineProfile)] {
    var machines: [(String, MachineProfile)] = []
    for path in paths() where !path.hasSuffix(".schema.json") {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      machines.append((String(file.dropLast(".json".count)), try ProfileStore.load(path).profile))
    }
    return machines
  }
}
