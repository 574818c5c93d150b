using Enclave.Tests;

namespace Enclave.Architecture.UnitTests;

/// <summary>Every error that a user may meet has a page.</summary>
public sealed class ErrorPageTests
{
    private static readonly string[] s_pages = ["broker.md", "runtime.md", "client.md"];

    [Fact]
    public void Every_error_code_has_its_page()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "errors", $"{code.ToCode()}.md")), $"docs/errors/{code.ToCode()}.md is missing");
        }
    }

    [Fact]
    public void Every_code_of_the_wire_is_explained()
    {
        string docs = Path.Combine(Repository.Root, "docs");
        string pages = string.Concat(s_pages.Select((page) => File.ReadAllText(Path.Combine(docs, page))));
        string[] codes =
            [.. ErrorCodeTests.CodesOf("Enclave.Streaming/SessionCode.cs"), .. ErrorCodeTests.CodesOf("Enclave.Client/Results/ClientErrorCodes.cs")];

        Assert.Contains("RUNTIME_LOST", codes);
        Assert.DoesNotContain(codes, (code) => !File.Exists(Path.Combine(docs, "errors", $"{code}.md")) && !pages.Contains(code, StringComparison.Ordinal));
    }
}
