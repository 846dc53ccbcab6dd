import AdvisorCore
import ArgumentParser
import Console
import Documents
import Reports

/// How the result is shown.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  /// Prints the value as JSON, or the text that was made from it.
  func show(_ value: some Encodable, as text: @autoclosure () -> String) throws(AdvisorError) {
    try Terminal.output(json ? JSONDocument.text(of: value) : text().harmless)
  }

  /// Prints the value as JSON with its sentences, or the text that was made from it.
  func show(_ value: some Documented, as text: @autoclosure () -> String) throws(AdvisorError) {
    try show(Document(value), as: text())
  }
}
