from advisor._advice import Recommendation as Recommendation
from advisor._advice import recommend as recommend
from advisor._mapping import map as map
from advisor._program import Error as Error
from advisor._program import cpus as cpus

__all__ = ["Error", "Recommendation", "cpus", "map", "recommend"]
__version__: str
