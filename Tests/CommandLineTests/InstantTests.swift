import Foundation
import Testing

@testable import OutgrowCLI

/// Instants as people read them.
@Suite struct InstantTests {
    /// 1970, leap days of both kinds of centuries, the end of a year, and before 1970.
    @Test(
        arguments: [
            0, 86_399, 951_782_400, 951_868_799, 951_868_800, 1_709_164_800, 1_735_689_599, 1_795_999_260,
            4_107_542_399, 4_107_542_400, -1, -86_400, -2_203_891_201, 253_402_300_799,
        ] as [Int64])
    func `an instant is written as Foundation writes it`(_ seconds: Int64) {
        let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        #expect(RawSystem.instant(seconds) == expected)
    }
}
