namespace Enclave.Cluster.Tests.Load;

/// <summary>
/// The sessions to open and their times. Tenants have skewed rates: the n-th opens in proportion to n^-1.1, and the first floods from time to time.
/// </summary>
internal static class LoadPlan
{
    private const double Skew = 1.1;

    private static readonly ScriptKind[] s_kinds =
    [
        ScriptKind.Plain, ScriptKind.Plain, ScriptKind.Console, ScriptKind.Console, ScriptKind.Calls,
        ScriptKind.Calls, ScriptKind.SideBySide, ScriptKind.Loop, ScriptKind.Slow, ScriptKind.Slow, ScriptKind.Noted, ScriptKind.Throws, ScriptKind.Cancelled,
    ];

    /// <param name="tenants">Their names, the busiest first.</param>
    /// <param name="sessions">Number of sessions without floods.</param>
    /// <param name="length">The duration of the plan.</param>
    /// <param name="floods">How often the first tenant opens many sessions at once.</param>
    /// <param name="flood">Number of sessions in one flood.</param>
    /// <param name="seed">The seed of the random draws.</param>
    public static IReadOnlyList<PlannedSession> Draw(IReadOnlyList<string> tenants, int sessions, TimeSpan length, int floods, int flood, int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. tenants.Select((_, n) => Math.Pow(n + 1, -Skew))];
        var planned = new List<PlannedSession>();
        // Every tenant opens at least one.
        for (int i = 0; i < sessions; i++) planned.Add(One(length * random.NextDouble(), i < tenants.Count ? tenants[i] : Tenant()));
        for (int f = 1; f <= floods; f++)
        {
            for (int i = 0; i < flood; i++) planned.Add(One((length * f / (floods + 1)) + TimeSpan.FromMilliseconds(random.Next(300)), tenants[0]));
        }

        return [.. planned.OrderBy((session) => session.At)];

        PlannedSession One(TimeSpan at, string tenant)
        {
            string nonce = Convert.ToHexStringLower(Bytes(8));
            ScriptKind kind = s_kinds[random.Next(s_kinds.Length)];
            return new PlannedSession(at, tenant, nonce, kind, Script.Of(kind, nonce, random));
        }

        byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }

        string Tenant()
        {
            double left = random.NextDouble() * weights.Sum();
            int n = 0;
            while (n < weights.Length - 1 && (left -= weights[n]) > 0) n++;
            return tenants[n];
        }
    }
}
