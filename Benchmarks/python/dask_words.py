"""8 × 1e6 letters on a local Dask cluster of two processes, started and ended here."""
from distributed import Client, LocalCluster

from pool_words import word

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        words = client.gather(client.map(word, [1_000_000] * 8, pure=False))
    assert [len(word) for word in words] == [1_000_000] * 8
