import Testing

@testable import AdvisorCore

/// What of a URL is shown, and by what two are known to be of one resource.
@Suite struct WebAddressTests {
  // Names of parameters: AWS Signature Version 4, Google Cloud Storage's V4, Azure's SAS (sig), RFC 6750 (access_token).
  @Test(
    "What is secret is not shown",
    arguments: [
      ("http://h/x", "http://h/x"), ("http://h:8080/x?a=1&b=2#c", "http://h:8080/x?a=1&b=2#c"),
      ("http://ann:s3cret@h/x", "http://***@h/x"), ("http://s3cret@h/x", "http://***@h/x"),
      ("http://ann:a@s3cret@h/x", "http://***@h/x"), ("http://ann:s3/cret@h/x", "http://***@h/x"),
      ("http://ann:s3#cret@h", "http://***@h"), ("http://[::1]:80/x@y", "http://[::1]:80/x@y"),
      ("http://h:80/x@v1", "http://h:80/x@v1"),
      ("http://h/x?token=s3cret&a=1", "http://h/x?token=***&a=1"),
      ("http://h/x?a=1;API-Key=s3cret", "http://h/x?a=1;API-Key=***"),
      (
        "https://h/x?X-Amz-Credential=AK%2F2026&X-Amz-Date=2026&X-Amz-Signature=ab/c=",
        "https://h/x?X-Amz-Credential=***&X-Amz-Date=2026&X-Amz-Signature=***"
      ),
      ("https://h/x?X-Goog-Signature=ab", "https://h/x?X-Goog-Signature=***"),
      ("https://h/x?sv=1&sig=ab%2B", "https://h/x?sv=1&sig=***"),
      ("http://h/x?%74oken=s3cret", "http://h/x?%74oken=***"),
      ("http://h/x?access_token=s3cret", "http://h/x?access_token=***"),
      ("http://h/x#access_token=s3cret", "http://h/x#access_token=***"),
      ("http://h/x;jsessionid=s3cret/y", "http://h/x;jsessionid=***/y"),
      ("http://h/x?u=http%3A%2F%2Fann%3As3cret%40h", "http://h/x?u=***"),
      ("http://h/x?u=http://i/y?token=s3cret", "http://h/x?u=***"),
      ("http://h/x?author=ann&keyword=b", "http://h/x?author=ann&keyword=b"),
    ])
  func secrets(url: String, shown: String) {
    #expect(WebAddress(url).shown == shown)
  }

  @Test(
    "A message tells no secret of the URLs in it",
    arguments: [
      ("Could not resolve host: example.invalid", "Could not resolve host: example.invalid"),
      (
        "Unsupported proxy syntax in 'http://ann:s3cret@h:x': Port",
        "Unsupported proxy syntax in 'http://***@h:x': Port"
      ),
      ("Unsupported proxy syntax in 'ann:s3cret@h:x'", "Unsupported proxy syntax in ***@h:x'"),
    ])
  func messages(text: String, shown: String) {
    #expect(WebAddress.withoutSecrets(text) == shown)
  }

  @Test(
    "Two URLs are of one resource",
    arguments: [
      ("http://h", "http://h/"), ("HTTP://H:80/x", "http://h/x"), ("http://h/x", "http://h/x#part"),
      ("http://ann:old@h/x", "http://ann:new@h/x"), ("http://h/x?password=old", "http://h/x?password=new"),
      ("http://h/x?X-Amz-Date=1&X-Amz-Signature=2", "http://h/x?X-Amz-Date=3&X-Amz-Signature=4"),
    ])
  func sameResource(one: String, other: String) {
    #expect(WebAddress(one).resource == WebAddress(other).resource)
  }

  @Test(
    "Two URLs are of different resources",
    arguments: [
      ("http://h/x", "https://h/x"), ("http://h/x", "http://h/X"), ("http://h/x", "http://h:8080/x"),
      ("http://h/x?key=1", "http://h/x?key=2"), ("http://h/x?token=1", "http://h/x?token=2"),
      ("http://ann:a@h/x", "http://bob:a@h/x"), ("http://h/x", "http://h/x?"),
    ])
  func otherResource(one: String, other: String) {
    #expect(WebAddress(one).resource != WebAddress(other).resource)
  }

  @Test("No password is a part of what a resource is known by")
  func passwords() {
    for url in ["http://ann:s3cret@h/x", "http://h/x?a=1&Passwd=s3cret"] {
      #expect(!WebAddress(url).resource.contains("s3cret"))
    }
  }
}
