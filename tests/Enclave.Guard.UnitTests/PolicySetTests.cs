using Enclave.Guard.Options;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Tests;

public sealed class PolicySetTests
{
    private readonly PolicySet _policies = new(new GuardSettings { Level = GuardLevel.Standard });

    [Fact]
    public void A_tenant_with_many_sets_of_globals_takes_no_place_of_another_one()
    {
        GuardPolicy ours = _policies.For(["orders"], "ours"), nobodys = _policies.For(["orders"], null);

        for (int i = 0; i < 1_000; i++) _policies.For([$"global{i}"], "theirs");

        Assert.Same(ours, _policies.For(["orders"], "ours"));
        Assert.Same(nobodys, _policies.For(["orders"], null));
    }

    [Fact]
    public void A_tenant_keeps_the_sets_it_uses()
    {
        GuardPolicy used = _policies.For(["orders"], "ours");
        for (int i = 0; i < 100; i++)
        {
            _policies.For([$"global{i}"], "ours");
            Assert.Same(used, _policies.For(["orders"], "ours"));
        }
    }

    [Fact]
    public void The_order_of_names_does_not_matter_and_the_names_do()
    {
        Assert.Same(_policies.For(["a", "b"], null), _policies.For(["b", "a"], null));
        Assert.NotSame(_policies.For(["a", "b"], null), _policies.For(["a"], null));
        Assert.Same(_policies.For([], "ours"), _policies.For([], "theirs"));
    }

    [Fact]
    public void A_set_of_too_many_names_works_and_is_not_kept()
    {
        string[] many = [.. Enumerable.Range(0, 5_000).Select((i) => $"global{i}")];

        Assert.Contains("global4999", _policies.For(many, "ours").AllowedGlobals);
        Assert.NotSame(_policies.For(many, "ours"), _policies.For(many, "ours"));
    }
}
