public import Console

/// A report as its exporters read it: sections of sentences, tables and figures.
public struct ReportDocument: Sendable {
  public struct Figure: Sendable {
    public var title: String
    /// What the plot shows, for those who cannot see it.
    public var caption: String
    public var plot: Plot
  }

  /// A box of a drawing, with the boxes inside it.
  public struct Box: Sendable {
    public var title: String
    public var inside: [String]
  }

  public struct Exhibit: Sendable {
    public var caption: String
    public var table: Table
    /// Whether cells are to be told apart at a glance, by the letter that they start with.
    public var isMap = false
  }

  public struct Section: Sendable {
    public var title: String
    public var sentences: [String] = []
    /// Sentences that stand beside each other rather than follow from each other.
    public var points: [String] = []
    public var drawing: [Box] = []
    public var exhibits: [Exhibit] = []
    public var figures: [Figure] = []
    /// Why something is not there that a reader may look for.
    public var missing: [String] = []
  }

  public var title: String
  public var subtitle: String
  public var sections: [Section]

  public var figures: [Figure] { sections.flatMap(\.figures) }
}
