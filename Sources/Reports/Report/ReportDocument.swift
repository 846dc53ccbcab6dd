public import Console

/// A report as its exporters read it: the answer, the figures behind it, then sections of sentences, tables and plots.
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

    /// Whether it says no more than what is missing.
    var isEmpty: Bool {
      sentences.isEmpty && points.isEmpty && drawing.isEmpty && exhibits.isEmpty && figures.isEmpty
    }
  }

  /// What a reader asks first, and the answer.
  public struct Row: Sendable {
    public var question: String
    public var sentences: [String]
  }

  /// The box on top, for a reader who goes no further.
  public struct Answer: Sendable {
    public var headline: String
    /// Nil where there is nothing to judge.
    public var standing: ReportAnswer.Standing?
    public var rows: [Row]
  }

  /// A figure to remember, and what it is.
  public struct KeyFigure: Sendable {
    public var value: String
    public var label: String
  }

  public var title: String
  public var subtitle: String
  /// The command that makes the same report; nil where it is not known.
  public var command: String?
  public var answer: Answer?
  public var keyFigures: [KeyFigure] = []
  public var sections: [Section]
  /// For those who want to check.
  public var appendix: [Section] = []

  public var figures: [Figure] { (sections + appendix).flatMap(\.figures) }
}
