#pragma once
#include <sqlite3.h>
#include <string.h>

// SQLITE_TRANSIENT is a cast that Swift cannot see.
static inline int outgrow_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
static inline int outgrow_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

// Variadic functions are not imported either.
static inline int outgrow_db_config_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}

// Of any length; SQLite itself refuses what is over its limit.
static inline int outgrow_bind_text64(
    sqlite3_stmt *statement, int index, const char *text, unsigned long long length) {
    return sqlite3_bind_text64(statement, index, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}
static inline int outgrow_bind_blob64(
    sqlite3_stmt *statement, int index, const void *bytes, unsigned long long length) {
    // An empty array may have no address, and NULL would be bound for it.
    return sqlite3_bind_blob64(statement, index, length ? bytes : "", length, SQLITE_TRANSIENT);
}

// Whether text holds a NUL: memchr reads many bytes at a time, which a loop in Swift does not.
static inline int outgrow_holds_nul(const char *text, unsigned long long length) {
    return length > 0 && memchr(text, 0, (size_t)length) != 0;
}
