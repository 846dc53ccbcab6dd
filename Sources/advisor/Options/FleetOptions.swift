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
      "Price list: columns machine and price_per_hour.",
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
    var machines: [(String, MachineProfile)] = []
    for path in ProfileStore(folder: profiles).paths() where !path.hasSuffix(".schema.json") {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      machines.append((String(file.dropLast(".json".count)), try ProfileStore.load(path).profile))
    }
    return machines
  }

  /// What this machine is called among others; a price list calls it `here`.
  static let thisMachine = "this machine"

  /// Each machine with its price, and the time that a request takes on it.
  ///
  /// - Parameter serviceTime: seconds on one CPU of a machine.
  func options(
    of machines: [(name: String, profile: MachineProfile)],
    serviceTime: (MachineProfile) throws(AdvisorError) -> Double
  ) throws(AdvisorError) -> [MachineOption] {
    var list: PriceList?
    if let prices { list = try PriceList(csv: [UInt8](JSONDocument.contents(of: prices)), file: prices) }
    var options: [MachineOption] = []
    for (name, profile) in machines {
      // A quota of one and a half CPUs serves one request at full speed, not two.
      let servers = max(1, Int(profile.machine.usable.effectiveCPUs))
      options.append(
        MachineOption(
          name: name, servers: servers, serviceTime: try serviceTime(profile),
          pricePerHour: list?.price(of: name) ?? (name == Self.thisMachine ? list?.price(of: "here") : nil)))
    }
    return options
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
