/// Programs in Python, each one source of several files: the first imports, and the last starts it.
package enum PythonSource {
  /// Drives Dask.
  static var dask: [UInt8] {
    joining([
      PackageResources.dask_py, PackageResources.cluster_py, PackageResources.connection_py,
      PackageResources.reports_py, PackageResources.engine_py, PackageResources.driving_py,
    ])
  }

  /// What workers of Dask's and Slurm's import: it runs tasks.
  static var tasks: [UInt8] {
    joining([
      PackageResources.tasks_py, PackageResources.runner_py, PackageResources.commands_py,
      PackageResources.functions_py, PackageResources.serving_py,
    ])
  }

  /// Calls a function in interpreters of this machine.
  static var host: [UInt8] {
    joining([
      PackageResources.messages_py, PackageResources.results_py, PackageResources.meters_py,
      PackageResources.coroutines_py, PackageResources.worker_py, PackageResources.process_py,
      PackageResources.loading_py, PackageResources.forking_py, PackageResources.ending_py,
      PackageResources.hearing_py, PackageResources.host_py, PackageResources.main_py,
    ])
  }

  package static func joining(_ files: [[UInt8]]) -> [UInt8] { Array(files.joined(separator: [UInt8(ascii: "\n")])) }
}
