import AdvisorCore
import CLinux
import Console
import Glibc
import Probe

/// The program that people type. What scripts ask at every start is answered here; all else is for `advisor-commands`, whose
/// libraries take longer to load than a probe takes.
@main
enum Advisor {
  static func main() {
    clinux_work_below_init()
    Terminal.occupyClosedStreams()
    do {
      switch CommandLine.arguments.dropFirst() {
      case ["probe"]: try answer(TextReport.machine(Prober.live.machine()))
      case ["--version"]: try answer(Version.description)
      default: try Commands.run()
      }
    } catch {
      Terminal.complain(error)
      Terminal.exit(error.code.rawValue)
    }
  }

  private static func answer(_ text: String) throws(AdvisorError) {
    Terminal.quietOnBrokenPipe()
    try Terminal.output(text)
  }
}
