namespace Enclave.Attacks.Tests.Injection;

/// <summary>One attack by native code in a worker, as the system calls that it makes.</summary>
/// <param name="Name">For people.</param>
/// <param name="Make">Makes the calls. The last one decides the outcome.</param>
internal sealed record Attack(string Name, Func<Tracee, AttackTarget, CallOutcome> Make)
{
    /// <summary>An error that counts as success: the right existed, and only the attack's target did not.</summary>
    public string? AsGoodAsDone { get; init; }

    /// <summary>True if the attack reached its goal.</summary>
    public bool GotThrough(CallOutcome outcome) => outcome.IsDone || (AsGoodAsDone is not null && outcome.Error == AsGoodAsDone);

    public override string ToString() => Name;
}
