namespace Enclave.Tenants.Quotas;

/// <summary>A budget in one period.</summary>
/// <param name="Book">The book of its tenant, or that of all.</param>
/// <param name="Counter">Its counter in the book.</param>
/// <param name="Period">The number of the period.</param>
internal readonly record struct BudgetKey(string Book, string Counter, long Period);
