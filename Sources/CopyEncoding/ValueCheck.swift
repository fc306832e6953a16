package import SQLiteClient
package import Schema

/// How one value fares under a codec.
package struct Fit: Sendable, Equatable {
    package var isFitting: Bool
    /// The text that Postgres prints differs from the text in SQLite.
    package var changesForm = false
    /// Set for every date-time, also one that does not fit because of its zone.
    package var zone: Zone?
    /// Of a date-time that is `YYYY-MM-DD HH:MM:SS.ffffff` or the start of it.
    package var momentLength: Int?

    package enum Zone: Sendable { case none, utc, offset }

    package static let misfit = Fit(isFitting: false)
    package static let exact = Fit(isFitting: true)
    package static let changed = Fit(isFitting: true, changesForm: true)
}

extension CandidateObservation {
    /// Counts a value that is not NULL.
    package mutating func count(_ fit: Fit) {
        if fit.isFitting { fits += 1 } else { misfits += 1 }
        if fit.isFitting && fit.changesForm { formChanges += 1 }
        if fit.zone != nil {
            if withoutZone + inUTC + withOffset == 0 { momentLength = fit.momentLength }
            if fit.momentLength == nil || fit.momentLength != momentLength {
                momentLength = nil
                hasOtherForms = true
            }
        }
        switch fit.zone {
        case nil: break
        case Fit.Zone.none?: withoutZone += 1
        case .utc?: inUTC += 1
        case .offset?: withOffset += 1
        }
    }
}

/// Asks one value after another whether it fits a codec: the veto of the data.
///
/// It shares the parsers with the encoder, so what passes here will pass there.
/// Use one for each column. Not `Sendable`: it keeps working memory for JSON.
package struct ValueCheck {
    private let code: ColumnCode
    private let json: JSONScratch?

    package init(_ codec: ValueCodec) {
        code = ColumnCode(codec)
        json = codec == .json || codec == .jsonAsWritten ? JSONScratch() : nil
    }

    /// Looks at a value. NULL fits everything; do not count it.
    package func observe(_ value: BorrowedValue) -> Fit {
        let storage = value.storageClass
        switch storage {
        case .null: return .exact
        case .integer: return observe(integer: value.integer)
        case .real: return observe(real: value.real)
        case .text: return observe(text: unsafe ByteView(value.bytes))
        case .blob: return code.kind == .bytes || code.kind == .bytesFromText ? .exact : .misfit
        }
    }

    private func observe(integer: Int64) -> Fit {
        switch code.kind {
        case .integer: .exact
        case .textFromNumbers: Fit(isFitting: true, changesForm: false)
        case .double: ColumnCode.double(integer) == nil ? .misfit : .exact
        case .numeric: code.holds(ShortDecimal(integer)) ? .exact : .misfit
        case .boolean: integer == 0 || integer == 1 ? .exact : .misfit
        // JSON has affinity NUMERIC: a text that is a number was stored as one.
        case .json, .jsonAsWritten: .exact
        case .integer2: IntegerWidth.two.range.contains(integer) ? .exact : .misfit
        case .integer4: IntegerWidth.four.range.contains(integer) ? .exact : .misfit
        case .booleanFromWords: integer == 0 || integer == 1 ? .exact : .misfit
        case .timestampFromEpoch: code.instant(ShortDecimal(integer)) == nil ? .misfit : .changed
        case .intervalFromMicroseconds: .exact
        default: .misfit
        }
    }

    private func observe(real: Double) -> Fit {
        switch code.kind {
        case .integer: return ColumnCode.whole(real) == nil ? .misfit : .exact
        case .double: return .exact
        case .numeric:
            guard let decimal = ShortDecimal(real), code.holds(decimal) else { return .misfit }
            return .exact
        case .textFromNumbers, .json, .jsonAsWritten: return ShortDecimal(real) == nil ? .misfit : .exact
        case .integer2, .integer4: return ColumnCode.whole(real).map(observe(integer:)) ?? .misfit
        case .timestampFromEpoch: return ShortDecimal(real).flatMap(code.instant) == nil ? .misfit : .changed
        default: return .misfit
        }
    }

    func observe(text: ByteView) -> Fit {
        switch code.kind {
        case .text, .textFromNumbers:
            let traits = TextTraits.validate(text)
            return traits.isValidUTF8 && !traits.hasNUL ? .exact : .misfit
        case .varchar:
            let traits = TextTraits.validate(text)
            return traits.isValidUTF8 && !traits.hasNUL && code.hasRoom(for: text) ? .exact : .misfit
        case .bytesFromText: return .exact
        case .timestamp, .timestampWithTimeZone: return observe(dateTime: text)
        case .date: return FieldParsers.date(text) == nil ? .misfit : .exact
        case .time:
            guard let clock = FieldParsers.time(text) else { return .misfit }
            return Fit(isFitting: true, changesForm: !clock.isPostgresForm)
        case .uuid:
            guard let uuid = FieldParsers.uuid(text) else { return .misfit }
            return Fit(isFitting: true, changesForm: !uuid.isPostgresForm)
        case .json, .jsonAsWritten:
            guard let json, json.reader.read(text) else { return .misfit }
            return Fit(isFitting: true, changesForm: code.kind == .json)
        case .booleanFromWords: return FieldParsers.truth(text) == nil ? .misfit : .changed
        case .timeFromDateTime:
            guard let clock = FieldParsers.timeOfDay(text) else { return .misfit }
            return Fit(isFitting: true, changesForm: !clock.isPostgresForm)
        case .intervalFromDateTime: return FieldParsers.sinceEpoch(text) == nil ? .misfit : .changed
        case .inet:
            guard let address = IPAddress(text) else { return .misfit }
            return Fit(isFitting: true, changesForm: !address.isWritten(as: text))
        default: return .misfit
        }
    }

    private func observe(dateTime text: ByteView) -> Fit {
        guard let parsed = FieldParsers.dateTime(text) else { return .misfit }
        let zone: Fit.Zone =
            switch parsed.zone {
            case .none: .none
            case .utc: .utc
            case .offset: .offset
            }
        return Fit(
            isFitting: code.instant(parsed) != nil,
            changesForm: code.kind == .timestampWithTimeZone || !parsed.isPostgresForm, zone: zone,
            momentLength: zone == .none && (text.count == 10 || text[10] == UInt8(ascii: " "))
                ? text.count : nil)
    }
}

/// Lets a copyable value own a `JSONReader`.
final class JSONScratch {
    var reader = JSONReader()
}
