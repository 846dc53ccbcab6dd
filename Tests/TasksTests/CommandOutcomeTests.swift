import AdvisorCore
import Testing
@testable import Tasks

/// What is said of a task that has failed may stand in a log that others read.
@Suite struct CommandOutcomeTests {
  // Names of parameters: AWS Signature Version 4 and RFC 6750 (access_token). An SSH destination holds no password.
  @Test(
    "A task that failed is named without the secrets of its URLs",
    arguments: [
      (["curl", "http://ann:s3cret@h/x"], "curl 'http://***@h/x'"),
      (["curl", "--url=https://h/x?X-Amz-Signature=s3cret&a=1"], "curl '--url=https://h/x?X-Amz-Signature=***&a=1'"),
      (["sh", "-c", "curl https://h/x?access_token=s3cret -o f"], "sh -c 'curl https://h/x?access_token=*** -o f'"),
      (["ssh", "ann@h", "ls"], "ssh ann@h ls"), (["gzip", "a b"], "gzip 'a b'"),
    ])
  func secrets(command: [String], shown: String) {
    let how = "raised ValueError: http://ann:s3cret@h/x"
    let outcome = CommandOutcome(
      sequence: 1, inputs: [], arguments: command.map { Array($0.utf8) }, ending: .failed(how), attempts: 1,
      startedAt: 0, usage: TaskUsage(), outputBytes: 0)
    #expect(outcome.text == "task 1 (\(shown)) raised ValueError: http://***@h/x")
  }
}
