namespace Enclave.Attacks.Tests.Injection;

/// <summary>One thing that native code in a worker would try, as the system calls that it takes.</summary>
/// <param name="Name">For people.</param>
/// <param name="Make">Makes the calls; the outcome is the last one's.</param>
internal sealed record Attack(string Name, Func<Tracee, AttackTarget, CallOutcome> Make)
{
    /// <summary>An error that is as good as success: the right was there, and only what the attack named was not.</summary>
    public string? AsGoodAsDone { get; init; }

    /// <summary>Whether it did what it is for.</summary>
    public bool GotThrough(CallOutcome outcome) => outcome.IsDone || (AsGoodAsDone is not null && outcome.Error == AsGoodAsDone);

    public override string ToString() => Name;
}
