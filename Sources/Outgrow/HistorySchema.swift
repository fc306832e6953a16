internal import OutgrowStorage

/// The tables of the history, the same text on both engines, so that `outgrow migrate` takes them along.
enum HistorySchema {
    static func migrations() throws -> SchemaMigrations {
        try SchemaMigrations([
            SchemaMigration(
                version: 1, name: "history",
                up: """
                    CREATE TABLE watched_database (
                      id bigint NOT NULL PRIMARY KEY,
                      host text NOT NULL,
                      path text NOT NULL,
                      UNIQUE (host, path));
                    CREATE TABLE watched_minute (
                      database_id bigint NOT NULL REFERENCES watched_database (id),
                      start bigint NOT NULL,
                      observed double precision NOT NULL,
                      ticks bigint NOT NULL,
                      busy_fraction double precision NOT NULL,
                      commits bigint NOT NULL,
                      longest_hold double precision NOT NULL,
                      judged_share double precision NOT NULL,
                      stall_share double precision NOT NULL,
                      felt_share double precision NOT NULL,
                      wait_p99 double precision NOT NULL,
                      writer_processes bigint NOT NULL,
                      locking_processes bigint NOT NULL,
                      writers_are_at_least boolean NOT NULL,
                      pending_pages bigint,
                      causes text,
                      detail text,
                      PRIMARY KEY (database_id, start));
                    CREATE TABLE watched_hour (
                      database_id bigint NOT NULL REFERENCES watched_database (id),
                      start bigint NOT NULL,
                      observed double precision NOT NULL,
                      busy_seconds double precision NOT NULL,
                      commits bigint NOT NULL,
                      active_minutes bigint NOT NULL,
                      bad_minutes bigint NOT NULL,
                      idle_minutes bigint NOT NULL,
                      unknown_minutes bigint NOT NULL,
                      longest_hold double precision NOT NULL,
                      peak_rate double precision NOT NULL,
                      PRIMARY KEY (database_id, start));
                    """,
                down: "DROP TABLE watched_hour; DROP TABLE watched_minute; DROP TABLE watched_database")
        ])
    }
}
