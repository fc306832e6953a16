import Schema

/// One row of the table that says which codec reads a type from which form.
struct StoredFormRule: Sendable {
    let form: StoredForm
    let type: PostgresType
    let codec: ValueCodec

    static let table: [StoredFormRule] = [
        StoredFormRule(form: .utcText, type: .timestamptz, codec: .timestampWithTimeZone(assumedOffset: 0)),
        StoredFormRule(form: .unixSeconds, type: .timestamptz, codec: .timestampFromEpoch(.seconds)),
        StoredFormRule(
            form: .unixMilliseconds, type: .timestamptz, codec: .timestampFromEpoch(.milliseconds)),
        StoredFormRule(
            form: .unixMicroseconds, type: .timestamptz, codec: .timestampFromEpoch(.microseconds)),
        StoredFormRule(form: .microseconds, type: .interval, codec: .intervalFromMicroseconds),
        StoredFormRule(form: .sinceEpochText, type: .interval, codec: .intervalFromDateTime),
        StoredFormRule(form: .millenniumText, type: .time, codec: .timeFromDateTime),
        StoredFormRule(form: .words, type: .boolean, codec: .booleanFromWords),
    ]
}

extension MappedType {
    /// How values travel to the type, from the form.
    func codec(declared: DeclaredType?, options: PlanOptions) -> ValueCodec {
        if let rule = StoredFormRule.table.first(where: { $0.form == form && $0.type == type }) {
            // The user knows the clock better than the profile.
            if form == .utcText { return .timestampWithTimeZone(assumedOffset: options.assumedOffset ?? 0) }
            return rule.codec
        }
        switch type {
        case .numeric where takesDeclaredArguments: return .numeric(declared?.numericBounds)
        case .varchar where takesDeclaredArguments: return .varchar(declared?.characterLimit)
        case .timestamp:
            return options.assumedOffset.map { .timestampWithTimeZone(assumedOffset: $0) } ?? .timestamp
        default: return type.plainCodec(assumedOffset: options.assumedOffset)
        }
    }
}

extension PostgresType {
    /// The codec for the type's usual form.
    func plainCodec(assumedOffset: Int? = nil) -> ValueCodec {
        switch self {
        case .smallint: .narrowInteger(.two)
        case .integer: .narrowInteger(.four)
        case .bigint: .integer
        case .doublePrecision: .double
        case .numeric(let bounds): .numeric(bounds)
        case .text: .text
        case .varchar(let limit): .varchar(limit)
        case .bytea: .bytes
        case .boolean: .boolean
        case .timestamp: .timestamp
        case .timestamptz: .timestampWithTimeZone(assumedOffset: assumedOffset)
        case .date: .date
        case .time: .time
        case .interval: .intervalFromMicroseconds
        case .uuid: .uuid
        case .inet: .inet
        case .jsonb: .json
        case .json: .jsonAsWritten
        // No mapping and no option names these.
        case .tsvector, .regconfig: .text
        }
    }
}
