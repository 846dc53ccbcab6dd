import AdvisorCore

/// One fixed cost that can be timed in batches.
struct Meter {
  var name: FixedCost.Name
  var placement: FixedCost.Placement
  /// Whether it depends on what ran before: then a batch on the way there and one on the way back are one.
  var dependsOnOrder: Bool
  /// Performs a number of occurrences and returns the seconds that they took together, set-up not counted.
  var perform: (Int) throws(AdvisorError) -> Double

  init(
    _ name: FixedCost.Name, _ placement: FixedCost.Placement, dependsOnOrder: Bool = false,
    perform: @escaping (Int) throws(AdvisorError) -> Double
  ) {
    self.name = name
    self.placement = placement
    self.dependsOnOrder = dependsOnOrder
    self.perform = perform
  }
}

/// What a meter found: seconds of one occurrence, batch by batch, with the slower of the two neighbouring probes.
struct Series {
  var name: FixedCost.Name
  var placement: FixedCost.Placement
  var batches: [Double] = []
  var disturbances: [Double] = []
}
