import AdvisorCore

extension RuntimeVariable {
  /// Languages' own runtimes, and programs that compress.
  static let languages: [RuntimeVariable] = [
    RuntimeVariable(
      "PYTHON_CPU_COUNT", "Python", .build, since: "3.13",
      "https://docs.python.org/3/using/cmdline.html#envvar-PYTHON_CPU_COUNT", programs: ["python3"]),
    RuntimeVariable(
      "LOKY_MAX_CPU_COUNT", "joblib, loky", .build, since: "loky 2.3",
      "https://loky.readthedocs.io/en/stable/API.html", programs: ["python3"]),
    RuntimeVariable(
      "POLARS_MAX_THREADS", "Polars", .build,
      "https://docs.pola.rs/api/python/stable/reference/api/polars.thread_pool_size.html"),
    RuntimeVariable(
      "RAYON_NUM_THREADS", "Rayon", .build,
      "https://docs.rs/rayon/latest/rayon/struct.ThreadPoolBuilder.html#method.num_threads"),
    RuntimeVariable(
      "TOKIO_WORKER_THREADS", "Tokio", .server, since: "1.24",
      "https://docs.rs/tokio/latest/tokio/runtime/struct.Builder.html#method.worker_threads"),
    RuntimeVariable(
      "GOMAXPROCS", "Go", .server, "https://pkg.go.dev/runtime#hdr-Environment_Variables", programs: ["go"]),
    RuntimeVariable(
      "JAVA_TOOL_OPTIONS", "JVM", .server, since: "8u191",
      "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html", form: "-XX:ActiveProcessorCount={n}",
      joining: .appended(separator: " ", marks: ["-XX:ActiveProcessorCount"]), programs: ["java"]),
    RuntimeVariable(
      "DOTNET_PROCESSOR_COUNT", ".NET", .server, since: "6",
      "https://learn.microsoft.com/en-us/dotnet/core/compatibility/core-libraries/6.0/environment-processorcount-on-windows",
      programs: ["dotnet"]),
    RuntimeVariable(
      "UV_THREADPOOL_SIZE", "Node, libuv", .server,
      "https://docs.libuv.org/en/v1.x/threadpool.html", min: 4, programs: ["node"]),
    RuntimeVariable(
      "WEB_CONCURRENCY", "gunicorn, Puma, uvicorn", .server,
      "https://docs.gunicorn.org/en/stable/settings.html#workers", programs: ["gunicorn", "puma", "uvicorn"]),
    RuntimeVariable(
      "MC_CORES", "R’s parallel", .build, since: "2.14",
      "https://stat.ethz.ch/R-manual/R-devel/library/parallel/html/mclapply.html", programs: ["Rscript"]),
    RuntimeVariable(
      "R_PARALLELLY_AVAILABLECORES_FALLBACK", "R’s parallelly", .build,
      "https://parallelly.futureverse.org/reference/parallelly.options.html", programs: ["Rscript"]),
    RuntimeVariable(
      "GHCRTS", "GHC", .build, "https://downloads.haskell.org/ghc/latest/docs/users_guide/runtime_control.html",
      form: "-N{n}", joining: .appended(separator: " ", marks: ["-N"]), programs: ["ghc"], isOptional: true),
    RuntimeVariable(
      "ZSTD_NBTHREADS", "zstd", .build, since: "1.5.0",
      "https://github.com/facebook/zstd/blob/dev/programs/README.md#passing-parameters-through-environment-variables",
      programs: ["zstd"]),
    RuntimeVariable(
      "XZ_DEFAULTS", "xz", .build, since: "5.2", "https://tukaani.org/xz/man/xz.1.html#ENVIRONMENT",
      form: "--threads={n}", joining: .option(marks: ["-T", "--threads"], flags: "0123456789cdefklqQtvz"),
      programs: ["xz"]),
    RuntimeVariable(
      "PIGZ", "pigz", .build, "https://zlib.net/pigz/pigz.pdf", form: "-p {n}",
      joining: .option(marks: ["-p", "--processes"], flags: "0123456789cdfFikKlmMnNqrRtTvYz"), programs: ["pigz"]),
  ]
}
