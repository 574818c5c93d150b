using System.Globalization;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Fuzz;

/// <summary>Texts with unlimited nesting or repetition: each gets an answer, and its cost is linear in its length.</summary>
public sealed class BombTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int MostCrashes = 5;
    private const double LargestGrowth = 2.6;
    private const int LeastBytes = 65_536;

    [Fact]
    public async Task No_shape_ends_the_process_and_each_is_answered()
    {
        int count = TestSize.Of(300, 10_000), longest = TestSize.Of(1_000_000, 4_000_000);
        var outcomes = new SortedDictionary<string, int>();
        List<string> wrong = await TryEachAsync((next) => ["bombs", $"{Seed}", $"{next}", $"{count}", $"{longest}"], (outcome) =>
        {
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            return !outcome.StartsWith("WRONG", StringComparison.Ordinal);
        });
        output.WriteLine(string.Join(", ", outcomes.Select((pair) => $"{pair.Value} {pair.Key}")));
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(40))}");
    }

    [Fact]
    public async Task Memory_grows_no_faster_than_the_text()
    {
        List<string> steep = await TryEachAsync((next) => ["growth", $"{next}", "32768", "4"], (outcome) =>
        {
            long[] bytes = [.. outcome.Split(' ').Select((number) => long.Parse(number, CultureInfo.InvariantCulture))];
            // Over all doublings, because a table that doubles makes some steps steeper than others. The time for an empty text is the parser's own.
            double factor = (double)bytes[^1] / Math.Max(bytes[0], LeastBytes);
            return factor <= Math.Pow(LargestGrowth, bytes.Length - 1);
        });
        Assert.True(steep.Count == 0, $"{steep.Count} wrong:\n{string.Join('\n', steep)}");
    }

    /// <summary>Runs the probe. If it crashes, runs it again behind the last bomb. Returns the failures.</summary>
    private static async Task<List<string>> TryEachAsync(Func<int, string[]> arguments, Func<string, bool> isRight)
    {
        var wrong = new List<string>();
        for (int next = 0, crashes = 0; crashes < MostCrashes; crashes++)
        {
            (IReadOnlyList<string> lines, int exitCode) = await FrontEndProbe.RunAsync(arguments(next));
            foreach (string[] pair in lines.Chunk(2).Where((pair) => pair.Length == 2))
            {
                string[] end = pair[1].Split(' ', 3);
                next = int.Parse(end[1], CultureInfo.InvariantCulture) + 1;
                if (!isRight(end[2])) wrong.Add($"{pair[0]}: {end[2]}");
            }

            if (exitCode == 0) return wrong;
            wrong.Add($"{(lines.Count > 0 ? lines[^1] : "the start")}: the process ended with {exitCode}");
            next++;
        }

        return wrong;
    }
}
