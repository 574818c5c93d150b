using Enclave.Guard.Rules;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

public sealed class NameIndexTests
{
    [Fact]
    public void It_finds_what_a_comparison_with_every_name_finds()
    {
        var random = new Random(7);
        string[] names = [.. Enumerable.Range(0, 400).Select((_) => Name(random)).Distinct(StringComparer.Ordinal)];
        var index = new NameIndex(names);

        for (int i = 0; i < TestSize.Of(5_000, 20_000); i++)
        {
            string name = Name(random);
            int most = Math.Min(2, name.Length / 3);
            string? expected = name.Length < 3
                ? null
                // Names whose lengths differ by more take more edits.
                : names.Where((known) => Math.Abs(known.Length - name.Length) <= most)
                    .Select((known) => (Name: known, Edits: Edits(name, known))).Where((known) => known.Edits <= most)
                    .OrderBy((known) => known.Edits).ThenBy((known) => known.Name, StringComparer.Ordinal).Select((known) => known.Name).FirstOrDefault();
            Assert.Equal(expected, index.Nearest(name));
        }
    }

    [Fact]
    public void A_lookup_counts_its_work()
    {
        var index = new NameIndex(Enumerable.Range(0, 2_000).Select((i) => $"name{i:0000}"));
        using var cancel = new CancellationTokenSource();
        var meter = new WorkMeter(TimeSpan.FromSeconds(1), () => TimeSpan.Zero, cancel.Token);
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() => index.Nearest("nmae0000", meter));
    }

    private static string Name(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select((_) => "abcABC-"[random.Next(7)]));

    private static int Edits(string left, string right)
    {
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int change = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
            }
        }

        return cost[left.Length, right.Length];
    }
}
