/// SQLite's keywords (https://sqlite.org/lang_keywords.html), and where each may still be a name.
enum Keyword: String, CaseIterable, Sendable {
    case abort, action, add, after, all, alter, always, analyze, and, `as`, asc, attach, autoincrement
    case before, begin, between, by, cascade, `case`, cast, check, collate, column, commit, conflict
    case constraint, create, cross, current, currentDate = "current_date", currentTime = "current_time"
    case currentTimestamp = "current_timestamp", database, `default`, deferrable, deferred, delete, desc
    case detach, distinct, `do`, drop, each, `else`, end, escape, except, exclude, exclusive, exists
    case explain, fail, filter, first, following, `for`, foreign, from, full, generated, glob, group
    case groups, having, `if`, ignore, immediate, `in`, index, indexed, initially, inner, insert, instead
    case intersect, into, `is`, isnull, join, key, last, left, like, limit, match, materialized, natural
    case no, not, nothing, notnull, null, nulls, of, offset, on, or, order, others, outer, over, partition
    case plan, pragma, preceding, primary, query, raise, range, recursive, references, regexp, reindex
    case release, rename, replace, restrict, returning, right, rollback, row, rows, savepoint, select, set
    case table, temp, temporary, then, ties, to, transaction, trigger, unbounded, union, unique, update
    case using, vacuum, values, view, virtual, when, `where`, window, with, without

    /// Returns the keyword spelled by ASCII letters and underscores of any case.
    init?(spelling: ArraySlice<UInt8>) {
        guard (2...17).contains(spelling.count) else { return nil }
        let folded = spelling.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard let keyword = Self.bySpelling[folded] else { return nil }
        self = keyword
    }

    private static let bySpelling = Dictionary(
        uniqueKeysWithValues: allCases.map { (Array($0.rawValue.utf8), $0) })

    /// Whether the word can never be an unquoted name.
    ///
    /// All others fall back to an identifier wherever the grammar has no use for
    /// the keyword itself (`%fallback ID` in SQLite's parse.y).
    var isReserved: Bool { Self.reserved.contains(self) }

    private static let reserved: Set<Keyword> = [
        .add, .all, .alter, .and, .as, .autoincrement, .between, .case, .check, .collate, .commit,
        .constraint, .create, .default, .deferrable, .delete, .distinct, .drop, .else, .escape, .except,
        .exists, .foreign, .from, .group, .having, .in, .index, .insert, .intersect, .into, .is, .isnull,
        .join, .limit, .not, .nothing, .notnull, .null, .on, .or, .order, .primary, .references,
        .returning, .select, .set, .table, .then, .to, .transaction, .union, .unique, .update, .using,
        .values, .when, .where,
    ]

    /// The words that may name a table, column or function, but neither a type nor a collation.
    var isJoinWord: Bool { Self.joinWords.contains(self) }

    private static let joinWords: Set<Keyword> = [
        .cross, .full, .indexed, .inner, .left, .natural, .outer, .right,
    ]

    /// The words that open an expression of their own, and so cannot be a plain column reference.
    var opensExpression: Bool { Self.openers.contains(self) }

    private static let openers: Set<Keyword> = [
        .cast, .raise, .currentDate, .currentTime, .currentTimestamp,
    ]

    /// Whether a printer had better quote the word: somewhere the grammar has another use for it.
    var needsQuotes: Bool { isReserved || isJoinWord || opensExpression || Self.contextual.contains(self) }

    private static let contextual: Set<Keyword> = [
        .always, .asc, .current, .desc, .filter, .generated, .glob, .groups, .if, .like, .match, .over,
        .partition, .range, .recursive, .regexp, .rows, .unbounded, .virtual, .window, .with, .without,
    ]
}
