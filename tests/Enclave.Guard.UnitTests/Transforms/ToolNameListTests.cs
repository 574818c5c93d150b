using Enclave.Guard.Transforms;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>The cost of listing the tools of a script.</summary>
public sealed class ToolNameListTests
{
    private static readonly string s_long = new('x', 1 << 20);

    [Theory]
    [InlineData("const n = '#'; ")]
    [InlineData("const n = `#`; ")]
    [InlineData("const a = 'a'; const n = `#${a}`; ")]
    [InlineData("const a = 'a'; const n = `${a}#`; ")]
    public void A_text_that_is_too_long_for_a_name_costs_nothing_in_each_call(string constant)
    {
        (Program program, ScopeTree scopes) = Parse(
            constant.Replace("#", s_long, StringComparison.Ordinal) + string.Concat(Enumerable.Repeat("callTool(n);", 1_000)) + "callTool('known')");
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImmutableArray<string> tools = ToolNameList.Of(program, scopes, Endless());

        Assert.Equal(["known"], tools);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void The_limit_of_the_examination_holds_for_it()
    {
        (Program program, ScopeTree scopes) = Parse(string.Concat(Enumerable.Repeat("callTool('a');", 1_000)));
        int hours = 0;
        var meter = new WorkMeter(TimeSpan.Zero, () => TimeSpan.FromHours(++hours), CancellationToken.None);
        using var gone = new CancellationTokenSource();
        gone.Cancel();

        Assert.Throws<WorkLimitException>(() => ToolNameList.Of(program, scopes, meter));
        Assert.Throws<OperationCanceledException>(() => ToolNameList.Of(program, scopes, Endless(gone.Token)));
    }

    private static WorkMeter Endless(CancellationToken token = default) => new(TimeSpan.FromHours(1), () => TimeSpan.Zero, token);

    private static (Program Program, ScopeTree Scopes) Parse(string code)
    {
        Program program = Parser.Parse(code, new ParserOptions { TopLevel = TopLevel.Await | TopLevel.Return }).Program!;
        return (program, ScopeAnalysis.Analyze(program));
    }
}
