namespace Enclave.LoadBench.Isolation;

/// <summary>The command line of <see cref="IsolationBench"/>.</summary>
internal sealed record IsolationOptions(int Rounds, int Starts, int Jobs, bool Json)
{
    /// <exception cref="BenchException">An argument or its value is unknown.</exception>
    public static IsolationOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new IsolationOptions(Rounds: 5, Starts: 10, Jobs: 400, Json: false);
        for (int i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--json" => options with { Json = true },
                "--quick" => options with { Rounds = 1, Starts = 2, Jobs = 40 },
                "--rounds" when i + 1 < arguments.Count && int.TryParse(arguments[++i], out int rounds) && rounds is >= 1 and <= 99 =>
                    options with { Rounds = rounds },
                "--rounds" => throw new BenchException("--rounds must be 1 to 99"),
                var name => throw new BenchException($"{name} is no argument of --isolation; it takes --json, --quick and --rounds N"),
            };
        }

        return options;
    }
}
