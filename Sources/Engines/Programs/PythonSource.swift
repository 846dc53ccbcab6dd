private import CPrograms

/// Programs in Python.
package enum PythonSource {
  /// Drives Dask.
  static var dask: [UInt8] { bytes(cprograms_dask()) }

  /// What workers of Dask's and Slurm's import: it runs tasks.
  static var tasks: [UInt8] { bytes(cprograms_tasks()) }

  /// Calls a function in interpreters of this machine.
  static var host: [UInt8] { bytes(cprograms_host()) }

  /// Reads ``host`` from a descriptor, and becomes it.
  static var hostStart: String { String(cString: cprograms_host_start()) }

  /// Measures what an interpreter and its workers cost.
  package static var costs: String { String(cString: cprograms_costs()) }

  private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] { Array(String(cString: text).utf8) }
}
