import AdvisorCore

/// Markup. A literal is markup; a text interpolated into it shows as it stands, in an element and in a quoted attribute alike.
///
/// Literals are `StaticString`s, so that no text that is made while the program runs becomes markup but by `HTML(raw:)`. Scripts, style
/// sheets, comments and attributes without quotes have other rules: nothing is to be interpolated there.
struct HTML: ExpressibleByStringInterpolation, Sendable {
  let text: String

  /// Takes markup as it is, such as a drawing that another program has made.
  init(raw markup: String) { text = markup }

  init(stringLiteral literal: StaticString) { text = literal.description }

  init(stringInterpolation parts: StringInterpolation) { text = parts.text }
}

extension HTML {
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

    mutating func appendInterpolation(_ text: some StringProtocol) { self.text += text.replacing(Self.references) }

    mutating func appendInterpolation(_ markup: HTML) { text += markup.text }

    mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }

    /// What could end an element's text or a quoted attribute (HTML Standard, 13.1.2 and 13.1.3).
    private static let references: [Unicode.Scalar: String] = [
      "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    ]
  }
}
