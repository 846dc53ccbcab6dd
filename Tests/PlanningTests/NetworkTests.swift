import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Planning
import Testing

@Suite("Networks of queues")
struct NetworkTests {
  /// Lazowska, Zahorjan, Graham and Sevcik, "Quantitative System Performance", 1984, 7.4.1 (page 142): one user of each of two classes,
  /// who need 1 s and 2 s at the first station, 3 s and 4 s at the second.
  @Test("Two closed classes are those of Lazowska et al., page 142")
  func lazowskaClosed() throws {
    let network = try QueueingNetwork(
      stations: [Self.station("CPU", 1, [1, 2]), Self.station("disk", 1, [3, 4])],
      classes: [Self.users("A", 1), Self.users("B", 1)])
    let solution = try NetworkSolution(network)
    Self.expect(solution.throughputs, [3.0 / 19, 2.0 / 19])
    Self.expect(solution.residences[0], [4.0 / 3, 5.0 / 2])
    Self.expect(solution.residences[1], [5, 7])
    let plan = try NetworkPlan(network)
    Self.expect(plan.stations.map(\.meanInSystem), [9.0 / 19, 29.0 / 19])
  }

  @Test("A network may be a table, as a spreadsheet has it", arguments: [",", ";", "\t"])
  func table(separator: String) throws {
    let rows = [
      ["station", "servers", "A", "B"], ["CPU", "1", "1s", "2000ms"], ["disk", "", "3", "4s"], ["users", "", "1", "1"],
    ]
    let text = rows.map { $0.joined(separator: separator) }.joined(separator: "\n")
    let solution = try NetworkSolution(QueueingNetwork(Data(text.utf8), file: "net.csv"))
    Self.expect(solution.throughputs, [3.0 / 19, 2.0 / 19])
  }

  @Test(
    "A table that is no network is refused",
    arguments: [
      ("machine,A\nCPU,1s\n", "no column “station”"), ("station,A\nCPU,1s\n", "neither open nor closed"),
      ("station,A\nCPU,1s\nusers,1.5\n", "neither open nor closed"), ("station,A\nCPU,soon\nusers,1\n", "'soon'"),
      ("station,A\nusers,1\narrival rate,1/s\n", "neither open nor closed"), ("", "net.csv"),
    ])
  func noTable(text: String, problem: String) {
    #expect {
      try QueueingNetwork(Data(text.utf8), file: "net.csv")
    } throws: { error in
      (error as? AdvisorError)?.problem.contains(problem) == true
    }
  }

  /// Ibid., page 148: the closed classes above on what two open ones, of 1/s and 1/2 per second, leave of both stations.
  @Test("A mixed network is that of Lazowska et al., page 148")
  func lazowskaMixed() throws {
    let network = try QueueingNetwork(
      stations: [
        Self.station("CPU", 1, [0.25, 0.5, 0.5, 1]), Self.station("disk", 1, [1.0 / 6, 1, 1, 4.0 / 3]),
      ], classes: [Self.open("A", 1), Self.open("B", 0.5), Self.users("C", 1), Self.users("D", 1)])
    let solution = try NetworkSolution(network)
    let queues = solution.residences.map { row in zip(solution.throughputs, row).map { $0.0 * $0.1 } }
    Self.expect(Array(queues[0][2...]), [4.0 / 19, 5.0 / 19])
    Self.expect(Array(queues[1][2...]), [15.0 / 19, 14.0 / 19])
  }

  /// Ibid., page 113: 0.3 jobs/s visit a CPU 121 times for 5 ms and two disks 70 and 50 times for 30 and 27 ms. U = λVS, and R = VS/(1−U).
  @Test("An open network is that of Lazowska et al., page 113")
  func lazowskaOpen() throws {
    let text = """
      {"classes": [{"name": "jobs", "arrivalRate": "0.3/s"}], "stations": [
        {"name": "CPU", "visits": 121, "serviceTime": "5ms"}, {"name": "disk 1", "visits": 70, "serviceTime": 0.03},
        {"name": "disk 2", "visits": {"jobs": 50}, "serviceTime": {"jobs": "27ms"}}]}
      """
    let plan = try NetworkPlan(QueueingNetwork(json: Data(text.utf8), file: "net.json"))
    Self.expect(plan.stations.compactMap(\.utilisation), [0.1815, 0.63, 0.405])
    Self.expect(plan.stations.map(\.meanInSystem), [0.1815 / 0.8185, 0.63 / 0.37, 0.405 / 0.595])
    #expect((plan.stations[0].meanInSystem * 1000).rounded() == 222)
    let rate: Double = 0.3 * (70 * 0.03)
    let growth: Double = 1 / rate - 1
    #expect(plan.verdict.last == .growth(share: growth))
  }

  /// H. Schwetman, "Testing network-of-queues software", Purdue University CSD-TR 330, 1980, figure 6: forty and four users; the figures
  /// are those that JMT's solver JMVA gives, to the six digits that it prints.
  @Test("Six stations are answered as by JMT")
  func jmt() throws {
    let visits = (interactive: 1 / 0.9, batch: 1 / 0.05)
    let disks = (1...4).map {
      Self.station("disk \($0)", 1, [visits.interactive / 4 * 0.035, visits.batch / 4 * 0.035])
    }
    let network = try QueueingNetwork(
      stations: [
        .init(name: "terminals", servers: nil, demands: [5, 10]),
        Self.station("CPU", 1, [visits.interactive * 0.01, visits.batch * 0.1]),
      ] + disks, classes: [Self.users("interactive", 40), Self.users("batch", 4)])
    let solution = try NetworkSolution(network)
    Self.expect(solution.throughputs, [7.891588, 0.277270], within: 1e-6)
    Self.expect(solution.residences[1], [0.024363, 3.636155], within: 1e-6)
    for disk in 2...5 { Self.expect(solution.residences[disk], [0.011081, 0.197549], within: 1e-6) }
  }

  /// G. Bolch, S. Greiner, H. de Meer and K. S. Trivedi, "Queueing Networks and Markov Chains", 1998, example 9.5: two servers, one,
  /// and a delay. The book prints three digits; the rest is from GNU Octave's package queueing 1.2.7.
  @Test("A station of two servers is that of Bolch et al., example 9.5")
  func bolch() throws {
    let network = try QueueingNetwork(
      stations: [
        Self.station("1", 2, [0.2, 0.2]), Self.station("2", 1, [0.6 * 0.4, 0.3 * 0.6]),
        .init(name: "3", servers: nil, demands: [0.4, 0.7 * 2]),
      ], classes: [Self.users("1", 2), Self.users("2", 1)])
    let solution = try NetworkSolution(network)
    Self.expect(solution.throughputs, [2.113465511935640, 0.524244955378731], within: 1e-12)
    let queues = solution.residences.map { zip(solution.throughputs, $0).reduce(0) { $0 + $1.0 * $1.1 } }
    Self.expect(
      queues,
      [
        0.428188332527366 + 0.107596606145865, 0.726425462698378 + 0.158460456323911,
        0.845386204774256 + 0.733942937530224,
      ],
      within: 1e-12)
  }

  /// R. Jain, "The Art of Computer Systems Performance Analysis", 1991, example 34.2 (page 577): twenty users who think 4 s.
  @Test("One closed class is that of Jain, page 577, and has its limit")
  func jain() throws {
    let network = try QueueingNetwork(
      stations: [
        Self.station("CPU", 1, [16 * 0.125]), Self.station("A", 1, [10 * 0.3]), Self.station("B", 1, [5 * 0.2]),
      ],
      classes: [.init(name: "users", source: .closed(users: 20, thinkSeconds: 4))])
    let plan = try NetworkPlan(network)
    #expect(plan.stations.map { ($0.meanInSystem * 1000).rounded() / 1000 } == [1.991, 16.177, 0.5])
    #expect(plan.verdict.last == .saturation(throughput: 1 / 3.0, users: 10 / 3.0))
  }

  /// One station of several servers is M/M/c, and M/M/c//N where it is closed.
  @Test("One station is the queue of that many servers", arguments: 1...4)
  func oneStation(servers: Int) throws {
    let open = try NetworkSolution(
      QueueingNetwork(stations: [Self.station("a", servers, [0.9])], classes: [Self.open("x", 0.8)]))
    let queue = try ExponentialQueue(QueueLoad(arrivalRate: 0.8, serviceSeconds: 0.9), servers: servers)
    Self.expect(open.residences[0], [queue.meanWait + 0.9])
    let closed = try NetworkSolution(
      QueueingNetwork(
        stations: [Self.station("a", servers, [0.9])],
        classes: [.init(name: "x", source: .closed(users: 12, thinkSeconds: 3))]))
    let plan = try ClosedQueuePlan(users: 12, thinkSeconds: 3, serviceSeconds: 0.9, servers: servers)
    Self.expect(closed.throughputs, [plan.throughput])
    Self.expect(closed.residences[0], [plan.meanResponse])
  }

  @Test(
    "A network that cannot be is refused with the place",
    arguments: [
      ("{}", "net.json"), (#"{"stations": [], "classes": []}"#, "no station"),
      (
        #"{"stations": [{"name": "a", "demand": "1s"}], "classes": [{"name": "x", "arrivalRate": "2/s"}]}"#,
        "200 % of a"
      ),
      (#"{"stations": [{"name": "a", "demand": "1x"}], "classes": [{"name": "x", "users": 2}]}"#, "'1x' of a"),
      (#"{"stations": [{"name": "a", "demand": 1}], "classes": [{"name": "x"}]}"#, "neither open nor closed"),
      (#"{"stations": [{"name": "a", "demands": {"y": 1}}], "classes": [{"name": "x", "users": 1}]}"#, "no class"),
      (#"{"stations": [{"name": "a", "demand": 1, "servers": 0}], "classes": [{"name": "x", "users": 1}]}"#, "servers"),
      (
        #"{"stations": [{"name": "a", "demand": 0.1, "servers": 2}], "classes": [{"name": "x", "users": 1}, {"name": "y", "arrivalRate": 1}]}"#,
        "open and closed"
      ),
      (
        #"{"stations": [{"name": "a", "demand": 1}], "classes": [{"name": "x", "users": 9999}, {"name": "y", "users": 9999}]}"#,
        "too many users"
      ),
    ])
  func refused(text: String, words: String) throws {
    let error = #expect(throws: AdvisorError.self) {
      try NetworkPlan(QueueingNetwork(json: Data(text.utf8), file: "net.json"))
    }
    #expect(error?.problem.contains(words) == true, "\(error?.problem ?? "")")
  }

  private static func station(_ name: String, _ servers: Int, _ demands: [Double]) -> QueueingNetwork.Station {
    .init(name: name, servers: servers, demands: demands)
  }

  private static func users(_ name: String, _ count: Int) -> QueueingNetwork.Class {
    .init(name: name, source: .closed(users: count, thinkSeconds: 0))
  }

  private static func open(_ name: String, _ rate: Double) -> QueueingNetwork.Class {
    .init(name: name, source: .open(arrivalRate: rate))
  }

  private static func expect(
    _ values: [Double], _ expected: [Double], within tolerance: Double = 1e-9,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(
      values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance },
      "\(values), expected \(expected)", sourceLocation: location)
  }
}
