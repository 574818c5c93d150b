using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>A payment that needs approval, and a list of those that were made.</summary>
internal sealed class Ledger
{
    private readonly List<string> _paid = [];

    public string[] Paid
    {
        get
        {
            lock (_paid) return [.. _paid];
        }
    }

    public AITool Pay => Agents.Asked(AIFunctionFactory.Create(
        (string to, int amount) =>
        {
            lock (_paid) _paid.Add($"{to}:{amount}");
            return $"paid {amount} to {to}";
        },
        "pay",
        "Pays an amount."));

    public static AITool Rate => AIFunctionFactory.Create((string to) => to.Length, "rate", "The rate of somebody.");
}
