using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>Programs and texts that are not programs, feature by feature.</summary>
public sealed class VerdictTests
{
    public static TheoryData<string> Topics => [.. Verdict.Topics];

    [Theory]
    [MemberData(nameof(Topics))]
    public void Each_text_is_accepted_as_script_and_module_as_the_table_says(string topic)
    {
        foreach (Verdict verdict in Verdict.Of(topic))
        {
            foreach (SourceGoal goal in Enum.GetValues<SourceGoal>())
            {
                ParseResult result = Parser.Parse(verdict.Source, Verdict.Options(goal));

                Assert.True(verdict.Accepts(goal) == result.Success, $"{goal}: {verdict.Source}\n{result.Error?.Show(verdict.Source)}");
            }
        }
    }
}
