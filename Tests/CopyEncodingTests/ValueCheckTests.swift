import SQLiteClient
import Schema
import TestSupport
import Testing

@testable import CopyEncoding

@Suite("Value check")
struct ValueCheckTests {
    static let cases: [(ValueCodec, SourceValue, Fit)] = [
        (.integer, .integer(.max), .exact), (.integer, .real(5), .exact), (.integer, .real(-0.0), .misfit),
        (.integer, .real(1e17), .misfit), (.double, .real(-0.0), .exact), (.double, .real(.infinity), .exact),
        (.double, .integer(1 << 53), .exact), (.double, .integer(.max), .misfit),
        (.numeric(NumericBounds(precision: 4, scale: 2)), .real(19.99), .exact),
        (.numeric(NumericBounds(precision: 4, scale: 2)), .real(19.999), .misfit),
        (.numeric(NumericBounds(precision: 4, scale: 2)), .integer(100), .misfit),
        (.numeric(nil), .real(-0.0), .misfit),
        (.text, .text("é"), .exact), (.text, .text([0xFF]), .misfit), (.text, .text([0x61, 0]), .misfit),
        (.textFromNumbers, .real(1.5), .exact), (.textFromNumbers, .real(-0.0), .misfit),
        (.bytesFromText, .text([0xFF]), .exact),
        (.boolean, .integer(1), .exact), (.boolean, .integer(2), .misfit), (.boolean, .null, .exact),
        (
            .timestamp, .text("2024-01-02 03:04:05"),
            Fit(isFitting: true, zone: Fit.Zone.none, momentLength: 19)
        ),
        (
            .timestamp, .text("2024-01-02T03:04:05"),
            Fit(isFitting: true, changesForm: true, zone: Fit.Zone.none)
        ),
        (.timestamp, .text("2024-01-02 03:04:05Z"), Fit(isFitting: true, changesForm: true, zone: .utc)),
        (
            .timestamp, .text("2024-01-02 03:04:05+01:00"),
            Fit(isFitting: false, changesForm: true, zone: .offset)
        ),
        (.timestamp, .text("yesterday"), .misfit), (.timestamp, .integer(1_700_000_000), .misfit),
        (
            .timestampWithTimeZone(assumedOffset: nil), .text("2024-01-02 03:04:05"),
            Fit(isFitting: false, changesForm: true, zone: Fit.Zone.none, momentLength: 19)
        ),
        (
            .timestampWithTimeZone(assumedOffset: 0), .text("2024-01-02 03:04:05"),
            Fit(isFitting: true, changesForm: true, zone: Fit.Zone.none, momentLength: 19)
        ),
        (
            .timestampWithTimeZone(assumedOffset: nil), .text("2024-01-02 03:04:05+01:00"),
            Fit(isFitting: true, changesForm: true, zone: .offset)
        ),
        (.date, .text("2024-02-29"), .exact), (.date, .text("2023-02-29"), .misfit),
        (.time, .text("03:04"), Fit(isFitting: true, changesForm: true)),
        (.time, .text("03:04:05.25"), .exact),
        (.uuid, .text("01234567-89ab-cdef-fedc-ba9876543210"), .exact),
        (.uuid, .text("0123456789abcdeffedcba9876543210"), Fit(isFitting: true, changesForm: true)),
        (.json, .text("{}"), Fit(isFitting: true, changesForm: true)), (.json, .text("{"), .misfit),
        (.json, .blob([0x31]), .misfit),
        (.bytes, .blob([]), .exact), (.text, .blob([]), .misfit),
        (.narrowInteger(.two), .integer(-32_768), .exact), (.narrowInteger(.two), .integer(32_768), .misfit),
        (.narrowInteger(.four), .integer(2_147_483_647), .exact), (.narrowInteger(.four), .real(5), .exact),
        (.narrowInteger(.four), .integer(-2_147_483_649), .misfit),
        (.narrowInteger(.four), .real(1.5), .misfit), (.narrowInteger(.four), .real(-0.0), .misfit),
        (.narrowInteger(.four), .text("5"), .misfit),
        (.varchar(3), .text("äöü"), .exact), (.varchar(3), .text("äöüx"), .misfit),
        // Postgres would cut these spaces without a word.
        (.varchar(3), .text("abc "), .misfit), (.varchar(nil), .text("abc "), .exact),
        (.varchar(3), .text([0x61, 0]), .misfit), (.varchar(3), .text([0xFF]), .misfit),
        (.booleanFromWords, .text("t"), .changed), (.booleanFromWords, .integer(1), .exact),
        (.booleanFromWords, .text("T"), .misfit), (.booleanFromWords, .integer(2), .misfit),
        (.timestampFromEpoch(.seconds), .integer(-62_135_596_800), .changed),
        (.timestampFromEpoch(.seconds), .integer(-62_135_596_801), .misfit),
        (.timestampFromEpoch(.seconds), .integer(253_402_300_799), .changed),
        (.timestampFromEpoch(.seconds), .integer(253_402_300_800), .misfit),
        (.timestampFromEpoch(.seconds), .integer(.max), .misfit),
        (.timestampFromEpoch(.seconds), .integer(.min), .misfit),
        (.timestampFromEpoch(.seconds), .real(1_700_000_000.123456), .changed),
        (.timestampFromEpoch(.seconds), .real(1_700_000.1234567), .misfit),
        (.timestampFromEpoch(.milliseconds), .real(0.5), .changed),
        (.timestampFromEpoch(.microseconds), .real(0.5), .misfit),
        (.timestampFromEpoch(.microseconds), .integer(.max), .misfit),
        (.timestampFromEpoch(.seconds), .real(.infinity), .misfit),
        (.timestampFromEpoch(.seconds), .text("0"), .misfit),
        (.timeFromDateTime, .text("2000-01-01 03:04:05"), .changed),
        (.timeFromDateTime, .text("03:04:05"), .exact),
        (.timeFromDateTime, .text("2000-01-02 03:04:05"), .misfit),
        (.timeFromDateTime, .text("2000-01-01 03:04:05+01:00"), .misfit),
        (.timeFromDateTime, .text("2000-01-01"), .misfit),
        (.intervalFromMicroseconds, .integer(.min), .exact), (.intervalFromMicroseconds, .real(1), .misfit),
        (.intervalFromDateTime, .text("1970-01-02 00:00:02.000000"), .changed),
        (.intervalFromDateTime, .text("1970-01-02 00:00:02Z"), .misfit),
        (.inet, .text("10.0.0.1"), .exact), (.inet, .text("010.0.0.1"), .misfit),
        (.inet, .text("10.0.0"), .misfit),
        (.inet, .text("10.0.0.1/24"), .misfit), (.inet, .text("256.0.0.1"), .misfit),
        (.inet, .text(""), .misfit),
        (.inet, .text("::1"), .exact), (.inet, .text("0:0::1"), .changed),
        (.inet, .text("FE80::1"), .changed),
        (.inet, .text("fe80::1%eth0"), .misfit), (.inet, .text("1:2:3:4:5:6:7"), .misfit),
        (.inet, .text("1:2:3:4:5:6:7:8:9"), .misfit), (.inet, .text("1::2::3"), .misfit),
        (.inet, .text(":1:2:3:4:5:6:7"), .misfit), (.inet, .text("1:2:3:4:5:6:7:"), .misfit),
        (.inet, .text("12345::"), .misfit), (.inet, .text("::10.0.0.1.2"), .misfit),
        (.jsonAsWritten, .text("{ }"), .exact), (.jsonAsWritten, .integer(5), .exact),
        (.jsonAsWritten, .text("{"), .misfit),
    ]

    @Test(arguments: cases)
    func `a value fits or not`(_ codec: ValueCodec, _ value: SourceValue, _ expected: Fit) throws {
        let source = try SourceRows([[value]])
        let statement = try source.statement()
        #expect(try statement.step())
        #expect(ValueCheck(codec).observe(statement.value(at: 0)) == expected)
    }

    @Test func `fits are counted with their zones`() {
        var observation = CandidateObservation(codec: .timestamp)
        observation.count(Fit(isFitting: true, zone: Fit.Zone.none))
        observation.count(Fit(isFitting: true, changesForm: true, zone: .utc))
        observation.count(Fit(isFitting: false, changesForm: true, zone: .offset))
        observation.count(.misfit)
        #expect(observation.fits == 2 && observation.misfits == 2 && observation.formChanges == 1)
        #expect(observation.withoutZone == 1 && observation.inUTC == 1 && observation.withOffset == 1)
    }
}
