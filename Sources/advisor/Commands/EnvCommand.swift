import AdvisorCore
public import ArgumentParser
import Console
import Documents
import Runtimes
import Reports

struct EnvCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "env", abstract: "Prints the variables that set other programs' workers.",
    usage: "advisor env [<options>]",
    discussion: """
      Some 40 programs read them. What you have set stays, unless --force; where a \
      variable holds options, ours is appended.

        eval "$(advisor env)"
        advisor env --format github >> "$GITHUB_ENV"
        advisor env --list        every variable, what reads it, what is installed
      """)

  @Option(help: "Syntax.")
  var format = SettingsFormat.sh

  @OptionGroup var options: CountOptions
  @OptionGroup var choice: VariableOptions

  @Flag(help: "List each variable, what reads it, what is installed.")
  var list = false

  @Flag(help: "Print one JSON document; the same as --format json.")
  var json = false

  init() {}

  func run() throws {
    let count = try options.count()
    let settings = try choice.settings(count, purpose: options.purpose)
    if list { return try show(VariableList(count, settings)) }
    for warning in count.warnings { Terminal.note("advisor: \(Sentences().text(warning))") }
    if json || format == .json { return try Terminal.output(JSONDocument.text(of: settings)) }
    for variable in settings.changes where !format.holds(variable) {
      Terminal.note("advisor: \(variable.name) is left out: its value holds a line break, which a Dockerfile cannot.")
    }
    let text = format.text(of: settings)
    if !text.isEmpty { try Terminal.output(text) }
  }

  private func show(_ list: VariableList) throws(AdvisorError) {
    try Terminal.output(json || format == .json ? JSONDocument.text(of: list) : list.text)
  }
}

extension SettingsFormat: ExpressibleByArgument {}
