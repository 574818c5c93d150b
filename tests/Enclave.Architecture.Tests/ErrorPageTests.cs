using Enclave.Tests;

namespace Enclave.Architecture.Tests;

/// <summary>Every failure that a user may meet is explained.</summary>
public sealed class ErrorPageTests
{
    [Fact]
    public void Every_error_code_has_its_page()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "errors", $"{code.ToCode()}.md")), $"docs/errors/{code.ToCode()}.md is missing");
        }
    }
}
