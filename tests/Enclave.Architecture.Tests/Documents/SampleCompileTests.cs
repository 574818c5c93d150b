namespace Enclave.Architecture.Tests.Documents;

/// <summary>The C# blocks of the pages compile as they stand, in a project with the packages and namespaces that the page lists.</summary>
public sealed class SampleCompileTests
{
    [Fact]
    public void Every_block_of_the_pages_compiles()
    {
        SamplePage[] pages = [.. DocumentPages.All().Select(SamplePage.Read).Where((page) => page.Blocks.Count > 0)];

        Assert.True(pages.Length > 20, $"{pages.Length} pages");
        string[] problems = [.. pages.Where((page) => !page.HasUses).Select((page) => $"{page.Name}: no line 'Packages: … Namespaces: …'"),
            .. pages.SelectMany(SampleCompiler.Check)];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    [Theory]
    [InlineData("`Enclave.Host`", "`Enclave`", "await using var enclave = new EnclaveHost();\nSystem.Console.WriteLine(enclave);", null)]
    [InlineData("`Enclave.Host`", "`Enclave`", "// Given: string path\nSystem.Console.WriteLine(path);", null)]
    [InlineData("`Enclave.Host`", "`Enclave`", "System.Console.WriteLine(path);", "CS0103")]
    [InlineData("`Enclave.Host`", "`Enclave`", "var options = new EnclaveOptions { Timout = 1 };", "CS0117")]
    [InlineData("`Enclave.Host`", "`System`", "var options = new EnclaveOptions();", "CS0246")]
    [InlineData("`Enclave.Guard`", "`Enclave`", "var host = new EnclaveHost();", "CS0246")]
    [InlineData("`Enclave.Host`", "`Enclave`", "new EnclaveOptions { }", "CS1002")]
    public void A_block_is_compiled_with_what_its_page_lists_and_nothing_else(string packages, string namespaces, string code, string? error)
    {
        SamplePage page = SamplePage.Parse("page.md", $"Packages: {packages}. Namespaces: {namespaces}.\n\n```csharp\n{code}\n```\n");

        IReadOnlyList<string> problems = SampleCompiler.Check(page);

        if (error is null) Assert.Empty(problems);
        else Assert.Contains(problems, (problem) => problem.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_type_that_is_left_out_is_named_in_the_block()
    {
        const string Given = "<!-- given\ninternal static class Desk { public static string Ask() => \"\"; }\n-->\n";
        SamplePage silent = SamplePage.Parse(
            "page.md", $"Packages: `Enclave.Host`. Namespaces: `Enclave`.\n\n{Given}```csharp\nConsole.WriteLine(Desk.Ask());\n```\n");
        SamplePage named = SamplePage.Parse(
            "page.md", $"Packages: `Enclave.Host`. Namespaces: `Enclave`.\n\n{Given}```csharp\n// Left out: Desk\nConsole.WriteLine(Desk.Ask());\n```\n");

        Assert.Contains("does not name Desk", Assert.Single(SampleCompiler.Check(silent)), StringComparison.Ordinal);
        Assert.Empty(SampleCompiler.Check(named));
    }
}
