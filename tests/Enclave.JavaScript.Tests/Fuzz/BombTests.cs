using System.Globalization;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Fuzz;

/// <summary>Texts that are nested or repeated without end: each gets an answer, and costs what its length costs.</summary>
public sealed class BombTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int MostCrashes = 5;
    private const double LargestGrowth = 2.6;

    [Fact]
    public async Task No_shape_ends_the_process_and_each_is_answered()
    {
        int count = TestSize.Of(300, 10_000), longest = TestSize.Of(1_000_000, 4_000_000), next = 0;
        var wrong = new List<string>();
        var outcomes = new SortedDictionary<string, int>();
        for (int crashes = 0; next < count && crashes < MostCrashes; crashes++)
        {
            (IReadOnlyList<string> lines, int exitCode) = await FrontEndProbe.RunAsync("bombs", $"{Seed}", $"{next}", $"{count}", $"{longest}");
            foreach ((string start, string end) in lines.Chunk(2).Where((pair) => pair.Length == 2).Select((pair) => (pair[0], pair[1])))
            {
                string outcome = end.Split(' ', 3)[2];
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
                if (outcome.StartsWith("WRONG", StringComparison.Ordinal)) wrong.Add($"{start}: {outcome}");
                next = int.Parse(end.Split(' ')[1], CultureInfo.InvariantCulture) + 1;
            }

            if (next == count) break;
            wrong.Add($"{(lines.Count > 0 ? lines[^1] : "the start")}: the process ended with {exitCode}");
            next++;
        }

        output.WriteLine(string.Join(", ", outcomes.Select((pair) => $"{pair.Value} {pair.Key}")));
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(40))}");
    }

    [Fact]
    public async Task Memory_grows_no_faster_than_the_text()
    {
        (IReadOnlyList<string> lines, int exitCode) = await FrontEndProbe.RunAsync("growth", "32768", "4");
        Assert.Equal(0, exitCode);
        IEnumerable<string> steep = lines.Where((line) =>
        {
            long[] bytes = [.. line.Split('\t').Skip(1).Select((number) => long.Parse(number, CultureInfo.InvariantCulture))];
            // Below this it is the parser's own start, not the text.
            return bytes.Zip(bytes.Skip(1)).Any((pair) => pair.Second > 65_536 && pair.Second > LargestGrowth * pair.First);
        });
        Assert.Empty(steep);
    }
}
