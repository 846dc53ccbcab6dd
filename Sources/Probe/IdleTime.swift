public import AdvisorCore
internal import System

/// How long CPUs had nothing to run.
public enum IdleTime {
  /// Seconds since boot, the sum over the CPUs; time in which something waited for a disk counts (`iowait`, proc_stat(5)).
  ///
  /// - Parameter cpus: nil for all.
  /// - Returns: nil where `/proc/stat` cannot be read, or does not name each of them.
  public static func seconds(of cpus: CPUSet?, in files: any FileTree = FolderTree.live) -> Double? {
    guard let text = files.bytes("/proc/stat") else { return nil }
    var (ticks, found) = (0, 0)
    for line in KernelText.lines(text) {
      guard line.starts(with: "cpu".utf8) else { break }
      let words = KernelText.words(line)
      guard words.count > 5, let cpu = KernelText.integer(words[0].dropFirst(3)), cpus?.contains(cpu) ?? true else {
        continue
      }
      ticks += (KernelText.integer(words[4]) ?? 0) + (KernelText.integer(words[5]) ?? 0)
      found += 1
    }
    guard found > 0, found == cpus?.count ?? found else { return nil }
    return Double(ticks) * tickSeconds
  }

  /// What it is counted in.
  public static let tickSeconds = 1 / Double(max(1, SystemConstant.ticksPerSecond))
}
