using Enclave.Tests;

namespace Enclave.Worker.Tests.Engines;

/// <summary>Programs that change what a worker might use itself, and values that are hard to write: hostile-programs.txt.</summary>
internal static class HostilePrograms
{
    private const string Work = "<work>";

    private static readonly string s_file = Path.Combine(Repository.Root, "tests", "Enclave.Worker.Tests", "Engines", "hostile-programs.txt");

    public static IReadOnlyList<string> All { get; } = [.. Read()];

    private static IEnumerable<string> Read()
    {
        string[] lines = [.. File.ReadLines(s_file).Where((line) => line is not ("" or ['#', ..]))];
        return lines[1..].Select((line) => line.Replace(Work, lines[0], StringComparison.Ordinal).Replace('¶', '\n'));
    }
}
