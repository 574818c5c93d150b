using System.Text;
using Enclave.Guard.Answers;
using Enclave.Guard.Options;

namespace Enclave.Guard.Tests;

/// <summary>The CPU time that growing answers of models cost the host.</summary>
public sealed class AnswerGrowthTests
{
    [Theory]
    [InlineData("```\n")]
    [InlineData("```js\n```\n")]
    [InlineData("   ```x\n")]
    [InlineData("`")]
    [InlineData("\n")]
    [InlineData("function f() {}\n")]
    [InlineData("var f = () => f;\n")]
    [InlineData("export const f = () => 1;\n")]
    [InlineData("module.exports = main;\n")]
    [InlineData("main();function main(){}\n")]
    [InlineData("a(")]
    public void No_answer_costs_more_than_in_proportion_to_its_length(string piece)
    {
        double few = double.MaxValue, many = double.MaxValue;
        // A busy machine makes single measurements slow, so the best of several counts.
        for (int attempt = 0; attempt < 6 && !(attempt > 0 && InProportion()); attempt++)
        {
            (few, many) = (Math.Min(few, Seconds(piece, 64 << 10)), Math.Min(many, Seconds(piece, 256 << 10)));
        }

        Assert.True(InProportion(), $"{few:0.000} s, then {many:0.000} s");

        // Four times the text: sixteen times the time would be quadratic.
        bool InProportion() => many < Math.Max(0.1, few * 10);
    }

    private static double Seconds(string piece, int length)
    {
        string text = new StringBuilder().Insert(0, piece, length / piece.Length).ToString();
        Func<TimeSpan> cpuTime = new GuardSettings { Level = GuardLevel.Standard }.CpuTime;
        AnswerText.Read(text);
        double best = double.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            TimeSpan start = cpuTime();
            AnswerText.Read(text);
            best = Math.Min(best, (cpuTime() - start).TotalSeconds);
        }

        return best;
    }
}
