/// Has the program that drives Dask end tasks.
struct DaskCancellation: Encodable {
  let `do` = "cancel"
  var ids: [Int]
}
