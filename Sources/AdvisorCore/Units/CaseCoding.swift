/// Enums in documents: the case's figures with its name as their code, `{"code": "cores", "cpus": 2}`, where Swift would write
/// `{"cores": {"cpus": 2}}`.
package enum CaseCoding {
  private enum Keys: CodingKey { case code }

  package static func encode(_ value: some Encodable, to encoder: any Encoder) throws {
    let name = CaseName()
    try value.encode(to: CaseEncoder(base: encoder, name: name))
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(name.text, forKey: .code)
  }

  package static func decode<Value: Decodable>(_ type: Value.Type, from decoder: any Decoder) throws -> Value {
    let code = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .code)
    return try Value(from: CaseDecoder(base: decoder, code: code))
  }
}

/// The name of the case that was encoded.
private final class CaseName { var text = "" }

/// Writes the figures of an enum's case where Swift would write an object about them: `{"cpus": 2}` for `{"cores": {"cpus": 2}}`.
private struct CaseEncoder: Encoder {
  let base: any Encoder
  let name: CaseName

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Cases(base: base, name: name, object: base.container(keyedBy: type)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { base.unkeyedContainer() }
  func singleValueContainer() -> any SingleValueEncodingContainer { base.singleValueContainer() }

  /// The object that would hold the case; the code that Swift writes for enums asks it for nested containers only.
  private struct Cases<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let base: any Encoder
    let name: CaseName
    var object: KeyedEncodingContainer<Key>

    var codingPath: [any CodingKey] { object.codingPath }

    func nestedContainer<Figure: CodingKey>(
      keyedBy type: Figure.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Figure> {
      name.text = key.stringValue
      return base.container(keyedBy: type)
    }

    mutating func encodeNil(forKey key: Key) throws { try object.encodeNil(forKey: key) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws { try object.encode(value, forKey: key) }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      object.nestedUnkeyedContainer(forKey: key)
    }
    mutating func superEncoder() -> any Encoder { object.superEncoder() }
    mutating func superEncoder(forKey key: Key) -> any Encoder { object.superEncoder(forKey: key) }
  }
}

/// Reads what ``CaseEncoder`` has written, given the name of the case.
private struct CaseDecoder: Decoder {
  let base: any Decoder
  let code: String

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Cases(base: base, code: code, object: try base.container(keyedBy: type)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try base.unkeyedContainer() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { try base.singleValueContainer() }

  private struct Cases<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let base: any Decoder
    let code: String
    let object: KeyedDecodingContainer<Key>

    var codingPath: [any CodingKey] { object.codingPath }
    /// None for a case that this version does not have.
    var allKeys: [Key] { [Key(stringValue: code)].compactMap(\.self) }

    func contains(_ key: Key) -> Bool { key.stringValue == code }

    func nestedContainer<Figure: CodingKey>(
      keyedBy type: Figure.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Figure> { try base.container(keyedBy: type) }

    func decodeNil(forKey key: Key) throws -> Bool { try object.decodeNil(forKey: key) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try object.decode(type, forKey: key)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try object.nestedUnkeyedContainer(forKey: key)
    }
    func superDecoder() throws -> any Decoder { try object.superDecoder() }
    func superDecoder(forKey key: Key) throws -> any Decoder { try object.superDecoder(forKey: key) }
  }
}
