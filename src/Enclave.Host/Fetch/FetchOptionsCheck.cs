using Enclave.Limits;

namespace Enclave.Fetch;

/// <summary>Checks the ranges of the options of <c>fetch</c>. Messages name the key, the value and the range.</summary>
internal static class FetchOptionsCheck
{
    private const int MaxOrigins = 200;

    private const long MaxBody = 64 << 20;

    /// <exception cref="ArgumentException">Options are out of their ranges.</exception>
    public static void Check(FetchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Resolve);
        var wrong = new OptionFaults(nameof(FetchOptions));
        wrong.Range("Origins.Count", options.Origins?.Count ?? 0, 1, MaxOrigins);
        foreach (FetchOrigin origin in options.Origins ?? []) Check(wrong, origin);
        wrong.Range(nameof(options.MaxRequestBytes), options.MaxRequestBytes, 0, MaxBody, "bytes");
        wrong.Range(nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1, MaxBody, "bytes");
        wrong.Range(nameof(options.MaxBytesPerRun), options.MaxBytesPerRun, 1, 1L << 30, "bytes");
        wrong.Range(nameof(options.MaxRedirects), options.MaxRedirects, 0, 20);
        wrong.Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        wrong.Throw();
    }

    private static void Check(OptionFaults wrong, FetchOrigin? origin)
    {
        if (FetchPattern.Read(origin?.Origin) is not { } pattern)
        {
            wrong.Add(nameof(origin.Origin), $"'{Shown(origin?.Origin)}'", $"{FetchPattern.Form}, without a path");
            return;
        }

        string key = $"Origins[\"{pattern}\"]";
        if (origin!.Methods is not { Count: > 0 }) wrong.Add($"{key}.Methods", "empty", "names of methods, as GET");
        foreach (string method in origin.Methods ?? [])
        {
            if (!FetchMethods.IsAllowed(method)) wrong.Add($"{key}.Methods", $"'{method}'", "names of methods in capitals; not CONNECT, TRACE or TRACK");
        }

        wrong.Range($"{key}.MaxResponseBytes", origin.MaxResponseBytes, 1, MaxBody, "bytes");
        if (origin.Credential is not null && pattern.IsWild)
            wrong.Add($"{key}.Credential", "set", "null for an origin with *: a secret belongs to one host");
    }

    /// <summary>The origin for messages, without a part that may be a name and a password.</summary>
    private static string Shown(string? origin) => origin is null || origin.Contains('@', StringComparison.Ordinal) ? "…" : origin;
}
