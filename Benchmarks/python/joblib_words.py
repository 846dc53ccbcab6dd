"""8 × 1e6 letters through joblib's own processes, two of them."""
from joblib import Parallel, delayed

from pool_words import word

if __name__ == "__main__":
    words = Parallel(n_jobs=2)(delayed(word)(1_000_000) for _ in range(8))
    assert [len(word) for word in words] == [1_000_000] * 8
