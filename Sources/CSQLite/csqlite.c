#include "CSQLite.h"

int csqlite_bind_text(sqlite3_stmt *statement, int parameter, const char *text, sqlite3_uint64 size) {
  return sqlite3_bind_text64(statement, parameter, text, size, SQLITE_TRANSIENT, SQLITE_UTF8);
}
