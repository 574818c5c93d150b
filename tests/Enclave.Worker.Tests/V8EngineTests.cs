using Enclave.Worker.Engine;

namespace Enclave.Worker.Tests;

/// <summary>V8 against the contract, each test with an engine process of its own.</summary>
public sealed class V8EngineTests : ScriptEngineContract, IDisposable
{
    private readonly ProbedEngine _engine = new();

    private protected override ProbedEngine Engine => _engine;

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_version_is_the_pinned_one() => Assert.StartsWith("14.", _engine.Version, StringComparison.Ordinal);

    [Fact]
    public void An_isolate_with_another_limit_is_made_on_the_spot()
    {
        using IScriptIsolate isolate = _engine.Take(32 << 20);

        Assert.Equal(1, Value(isolate.Run(Job("return 1"))).AsInt32());
    }

    [Fact]
    public void A_thousand_isolates_leave_nothing_behind()
    {
        long before = 0;
        for (int i = 0; i < 1000; i++)
        {
            using IScriptIsolate isolate = Take();
            isolate.Run(Job("const a = []; for (let i = 0; i < 1000; i++) a.push({ i }); return a.length"));
            if (i == 200) before = _engine.ResidentBytes;
        }

        Assert.InRange(_engine.ResidentBytes - before, long.MinValue, 24L << 20);
    }
}
