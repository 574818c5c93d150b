using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

/// <summary>Programs cut into pieces and recombined: the validator answers for every result.</summary>
public sealed class MutationTests
{
    [Fact]
    public void No_text_makes_the_validator_throw_or_forget_a_place()
    {
        string[] pieces =
        [
            .. Directory.GetFiles(RuleTable.Folder, "*.txt").Order(StringComparer.Ordinal)
                .SelectMany((file) => RuleTable.Read(Path.GetFileNameWithoutExtension(file))).Select((row) => row.Code),
        ];
        var random = new Random(20_260);
        for (int i = 0; i < TestSize.Of(20_000, 400_000); i++)
        {
            string code = Mutant(pieces, random);
            GuardPolicy policy = GuardPolicies.For((GuardPreset)(i % 5), (GuardLevel)(i % 4));

            ImmutableArray<GuardIssue> issues = Judged.Issues(code, policy);

            Assert.All(issues, (issue) =>
            {
                Assert.InRange(issue.Location!.Value.Offset, 0, code.Length);
                Assert.InRange(issue.Location.Value.Length, 0, code.Length - issue.Location.Value.Offset);
                Assert.False(string.IsNullOrEmpty(issue.Message));
            });
        }
    }

    private static string Mutant(string[] pieces, Random random)
    {
        string one = pieces[random.Next(pieces.Length)], other = pieces[random.Next(pieces.Length)];
        int at = random.Next(one.Length + 1), from = random.Next(other.Length + 1);
        return random.Next(4) switch
        {
            0 => $"{one}\n{other}",
            1 => one[..at] + other[from..] + one[at..],
            2 => $"for (const z of [1]) {{ {one}\n}} ({other}\n)",
            _ => $"const w = async (p = ({other}\n)) => {{ {one}\n}}",
        };
    }
}
