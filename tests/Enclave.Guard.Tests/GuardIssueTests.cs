namespace Enclave.Guard.Tests;

public sealed class GuardIssueTests
{
    [Fact]
    public void An_issue_has_no_data_unless_it_is_given() => Assert.Empty(new GuardIssue("no-eval", "NO_EVAL", "eval", IssueSeverity.Error).Data);
}
