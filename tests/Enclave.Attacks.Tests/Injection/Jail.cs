using Enclave.Isolation;
using Enclave.Limits;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>The plans under which the promises are tested.</summary>
internal static class Jail
{
    public const string Bubblewrap = nameof(JailForm.Bubblewrap), Landlock = nameof(JailForm.Landlock), None = nameof(JailForm.None);

    /// <summary>These tests run one after another: they start about a hundred workers, and other tests need their share of the machine.</summary>
    public const string Collection = "injected calls";

    /// <summary>The plan of a level on this machine, or on one without bubblewrap. Skips the test if the machine does not have that form.</summary>
    public static IsolationPlan Plan(SecurityLevel level, string form)
    {
        Machine machine = form == Landlock ? Machine.This with { Bubblewrap = null, BubblewrapFault = "the test looks away from bubblewrap" } : Machine.This;
        IsolationPlan plan = IsolationPlan.For(level, machine, [.. IsolationTable.Layers]);
        Assert.SkipUnless(plan.Form.ToString() == form, $"this machine has no {form} jail: {plan[IsolationLayer.FileSystem].Detail}");
        return plan;
    }

    public static InjectedHost Open(SecurityLevel level, string form) => new(Plan(level, form));
}
