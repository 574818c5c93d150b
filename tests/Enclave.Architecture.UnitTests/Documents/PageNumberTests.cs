using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Documents;

/// <summary>Numbers of pages are those of the code, and members that users set stand in a page.</summary>
public sealed class PageNumberTests
{
    [Fact]
    public void The_system_calls_of_a_worker_are_counted()
    {
        int calls = File.ReadLines(Path.Combine(Repository.Root, "src", "Enclave.Workers", "Isolation", "Seccomp", "syscalls.x86-64.txt"))
            .Select((line) => line.Split(' '))
            .Where((cells) => cells is [_, _, "allow", ..] && !cells.Contains("when"))
            .Select((cells) => cells[1]).Distinct().Count();

        Assert.Equal(calls, Number("README.md", @"(\d+) system calls"));
    }

    [Fact]
    public void The_error_codes_are_counted() => Assert.Equal(Enum.GetValues<ErrorCode>().Length, Number("docs/porting.md", @"one of (\d+) codes"));

    [Theory]
    [InlineData(typeof(RunOptions), "docs/hosting.md")]
    public void Every_member_stands_in_its_page(Type type, string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));

        Assert.Equal([], type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select((member) => member.Name).Where((name) => !text.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    private static int Number(string page, string pattern) =>
        int.Parse(Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, page)), pattern).Groups[1].Value, CultureInfo.InvariantCulture);
}
