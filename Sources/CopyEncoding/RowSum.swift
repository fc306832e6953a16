/// What stands for a multiset of rows: how many, and the sum of their hashes modulo 2^128.
///
/// A sum does not depend on the order of the rows, and unlike an exclusive or it
/// counts duplicates: a row that is there twice does not cancel itself out.
package struct RowSum: Sendable, Hashable, Codable {
    package private(set) var rowCount: Int64 = 0
    package private(set) var sum: UInt128 = 0

    package init() {}

    package mutating func add(_ hash: UInt128) {
        rowCount &+= 1
        sum &+= hash
    }

    /// Adds the rows of another part.
    package mutating func combine(_ other: RowSum) {
        rowCount &+= other.rowCount
        sum &+= other.sum
    }

    /// The sum as 32 hexadecimal digits.
    package var hexadecimal: String {
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }

    /// Returns nil when `hexadecimal` is not a sum that `hexadecimal` wrote.
    package init?(rowCount: Int64, hexadecimal: String) {
        guard rowCount >= 0, hexadecimal.utf8.count == 32, let sum = UInt128(hexadecimal, radix: 16) else {
            return nil
        }
        self.rowCount = rowCount
        self.sum = sum
    }
}

extension RowSum {
    private enum Key: String, CodingKey { case rowCount, sum }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let hexadecimal = try container.decode(String.self, forKey: .sum)
        guard
            let sum = try RowSum(
                rowCount: container.decode(Int64.self, forKey: .rowCount), hexadecimal: hexadecimal)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .sum, in: container, debugDescription: "A row sum is 32 hexadecimal digits.")
        }
        self = sum
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rowCount, forKey: .rowCount)
        try container.encode(hexadecimal, forKey: .sum)
    }
}
