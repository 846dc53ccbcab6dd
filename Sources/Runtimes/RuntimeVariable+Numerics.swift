import AdvisorCore

extension RuntimeVariable {
  /// Libraries whose threads meet at barriers.
  static let numerics: [RuntimeVariable] = [
    RuntimeVariable(
      "OMP_NUM_THREADS", "OpenMP", .barrier, "https://www.openmp.org/spec-html/5.0/openmpse50.html"),
    RuntimeVariable(
      "OPENBLAS_NUM_THREADS", "OpenBLAS", .barrier,
      "https://github.com/OpenMathLib/OpenBLAS#setting-the-number-of-threads-using-environment-variables"),
    RuntimeVariable(
      "MKL_NUM_THREADS", "Intel MKL", .barrier,
      "https://www.intel.com/content/www/us/en/docs/onemkl/developer-guide-linux/current/mkl-num-threads.html"),
    RuntimeVariable(
      "BLIS_NUM_THREADS", "BLIS", .barrier,
      "https://github.com/flame/blis/blob/master/docs/Multithreading.md#globally-via-environment-variables"),
    RuntimeVariable(
      "NUMEXPR_NUM_THREADS", "NumExpr", .barrier, "https://numexpr.readthedocs.io/en/latest/user_guide.html"),
    RuntimeVariable(
      "NUMEXPR_MAX_THREADS", "NumExpr", .barrier, since: "2.7",
      "https://numexpr.readthedocs.io/en/latest/user_guide.html"),
    RuntimeVariable(
      "NUMBA_NUM_THREADS", "Numba", .barrier,
      "https://numba.readthedocs.io/en/stable/reference/envvars.html"),
    RuntimeVariable(
      "JULIA_NUM_THREADS", "Julia", .barrier,
      "https://docs.julialang.org/en/v1/manual/environment-variables/", programs: ["julia"]),
    RuntimeVariable(
      "RCPP_PARALLEL_NUM_THREADS", "RcppParallel", .barrier,
      "https://rcppcore.github.io/RcppParallel/", programs: ["Rscript"]),
    RuntimeVariable(
      "TF_NUM_INTRAOP_THREADS", "TensorFlow", .barrier,
      "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/common_runtime/process_util.cc"),
    RuntimeVariable(
      "MAGICK_THREAD_LIMIT", "ImageMagick", .barrier, "https://imagemagick.org/script/resources.php",
      programs: ["convert", "magick"]),
    RuntimeVariable(
      "GDAL_NUM_THREADS", "GDAL", .build, "https://gdal.org/en/stable/user/configoptions.html",
      programs: ["gdalinfo"]),
  ]
}
