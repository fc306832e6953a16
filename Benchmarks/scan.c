// Reads every row of every table of a SQLite file and touches every byte of every value: what
// any migration must do at least on the side of the source.
//
//     scan FILE
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t values, bytes, sum;

static void stop(sqlite3 *database, const char *doing) {
    fprintf(stderr, "scan: %s: %s\n", doing, sqlite3_errmsg(database));
    exit(1);
}

static void touch(sqlite3_value *value) {
    values++;
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: break;
    case SQLITE_INTEGER: sum += (uint64_t)sqlite3_value_int64(value); break;
    case SQLITE_FLOAT: sum += sqlite3_value_double(value) > 0; break;
    default: {
        const unsigned char *start = sqlite3_value_blob(value);
        int count = sqlite3_value_bytes(value);
        bytes += (uint64_t)count;
        for (int i = 0; i < count; i++) sum += start[i];
    }
    }
}

static uint64_t scan(sqlite3 *database, const char *table) {
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    sqlite3_stmt *rows;
    if (sql == NULL || sqlite3_prepare_v2(database, sql, -1, &rows, NULL) != SQLITE_OK) stop(database, table);
    sqlite3_free(sql);
    int columns = sqlite3_column_count(rows), code;
    uint64_t count = 0;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        count++;
        for (int i = 0; i < columns; i++) touch(sqlite3_column_value(rows, i));
    }
    if (code != SQLITE_DONE) stop(database, table);
    sqlite3_finalize(rows);
    return count;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: scan FILE\n");
        return 64;
    }
    sqlite3 *database;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(argv[1], &database, flags, NULL) != SQLITE_OK) stop(database, argv[1]);
    sqlite3_stmt *tables;
    const char *sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'";
    if (sqlite3_prepare_v2(database, sql, -1, &tables, NULL) != SQLITE_OK) stop(database, "sqlite_schema");
    uint64_t rows = 0;
    int code;
    while ((code = sqlite3_step(tables)) == SQLITE_ROW) {
        rows += scan(database, (const char *)sqlite3_column_text(tables, 0));
    }
    if (code != SQLITE_DONE) stop(database, "sqlite_schema");
    printf("%llu rows, %llu values, %llu bytes of text and blobs, sum %llx\n", (unsigned long long)rows,
           (unsigned long long)values, (unsigned long long)bytes, (unsigned long long)sum);
    sqlite3_finalize(tables);
    sqlite3_close(database);
    return 0;
}
