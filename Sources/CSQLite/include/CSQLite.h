#ifndef CSQLITE_H
#define CSQLITE_H
// SQLite's own interface; a release has the library in it. What Swift cannot reach has a shim here.
#include <sqlite3.h>

/// Gives a statement's parameter, counted from 1, a copy of some UTF-8: SQLITE_TRANSIENT is no function that Swift can name.
int csqlite_bind_text(sqlite3_stmt *_Nullable statement, int parameter, const char *_Nonnull text, sqlite3_uint64 size);

#endif
