private import func Glibc.exp
private import func Glibc.log
private import func Glibc.pow

// The C library's functions, for files of this module that need nothing else of it.

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

func logarithm(_ x: Double) -> Double { log(x) }

func exponential(_ x: Double) -> Double { exp(x) }
