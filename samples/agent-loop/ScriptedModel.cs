namespace Enclave.Samples;

/// <summary>Replaces a language model: it makes typical mistakes, and corrects each one when it is told.</summary>
internal sealed class ScriptedModel
{
    private static readonly string[] s_completions =
    [
        // A habit from elsewhere: scripts have no network.
        """
        const sales = await (await fetch('/api/sales')).json();
        return sales.length;
        """,
        // Prose around a block, and the right tool with an argument that it does not have.
        """
        You are right, there is a tool for that:

        ```js
        const sales = await callTool('sales:query', { area: 'north' });
        return sales.length;
        ```
        """,
        // A file for Node: the code is in a function.
        """
        ```js
        async function main() {
          const sales = await callTool('sales:query', {});
          const byRegion = {};
          for (const sale of sales) byRegion[sale.region] = (byRegion[sale.region] ?? 0) + sale.amount;
          const total = sales.reduce((sum, sale) => sum + sale.amount, 0);
          const [region, amount] = Object.entries(byRegion).sort((a, b) => b[1] - a[1])[0];
          return { region, amount, share: Math.round(1000 * amount / total) / 10 + ' %' };
        }

        main();
        ```
        """,
    ];

    private int _turn;

    public Task<string> CompleteAsync(string prompt)
    {
        ArgumentException.ThrowIfNullOrEmpty(prompt);
        return Task.FromResult(s_completions[Math.Min(_turn++, s_completions.Length - 1)]);
    }
}
