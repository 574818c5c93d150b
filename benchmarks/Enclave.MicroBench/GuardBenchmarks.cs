using BenchmarkDotNet.Attributes;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.JavaScript.Parsing;

namespace Enclave.MicroBench;

/// <summary>Parser and guard with the script of W2 (0.6 kB), and with a refused script.</summary>
public class GuardBenchmarks
{
    private readonly ScriptGuard _forgetting = new(new GuardSettings { Level = GuardLevel.Standard, CacheBytes = 0 });
    private readonly ScriptGuard _keeping = new(new GuardSettings { Level = GuardLevel.Standard, CacheBytes = 32 << 20 });

    [Benchmark]
    public object Parsed() => Parser.Parse(Texts.Script);

    [Benchmark]
    public object ExaminedForTheFirstTime() => _forgetting.Examine(Texts.Script, ["args"]);

    [Benchmark]
    public object ExaminedBefore() => _keeping.Examine(Texts.Script, ["args"]);

    [Benchmark]
    public object Refused() => _forgetting.Examine("return eval('1 + 1')", []);
}
