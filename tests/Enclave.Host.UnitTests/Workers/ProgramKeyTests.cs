using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Protocol.Messages;
using Enclave.Runs;

namespace Enclave.Host.Tests.Workers;

/// <summary>The compiled programs that a worker may keep, and the tenants that they are for.</summary>
public sealed class ProgramKeyTests
{
    [Fact]
    public void A_program_has_a_key_from_its_second_run_on()
    {
        GuardedScript script = Script("return 1");

        Assert.True(Key(script, "a").IsNone);
        Assert.False(Key(script, "a").IsNone);
        Assert.Equal(Key(script, "a"), Key(script, "a"));
    }

    [Fact]
    public void Tenants_and_programs_have_keys_of_their_own()
    {
        GuardedScript one = Ran("return 1"), two = Ran("return 2"), same = Ran("return 1");
        string long1 = new('x', 1000), long2 = new string('x', 999) + 'y';

        CodeKey[] keys = [Key(one, "a"), Key(one, "b"), Key(one, null), Key(one, ""), Key(two, "a"), Key(two, null), Key(one, long1), Key(one, long2)];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(Key(one, "a"), Key(same, "a"));
    }

    private static GuardedScript Ran(string code)
    {
        GuardedScript script = Script(code);
        script.RunsAgain();
        return script;
    }

    /// <summary>From a separate guard, which knows no other.</summary>
    private static GuardedScript Script(string code) => new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Examine(code, []).Script!;

    private static CodeKey Key(GuardedScript script, string? tenant) =>
        ProgramKey.Of(new ExecutionJob(1, script, default!, [], new RunOptions { Tenant = tenant }, (_) => { }) { Tools = null!, Memory = null! });
}
