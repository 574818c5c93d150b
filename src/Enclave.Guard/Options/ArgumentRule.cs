namespace Enclave.Guard;

/// <summary>What a function takes, as far as the text of a call shows.</summary>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
public sealed record ArgumentRule(int Least, int Most)
{
    /// <summary>The documented check of callTool: a name and an object.</summary>
    public static ArgumentRule CallTool { get; } = new(2, 2) { Types = [ArgumentTypes.String, ArgumentTypes.Object] };

    /// <summary>The types of the first arguments, in order. What the text does not show, as a parameter, has no type and fails. Default: any.</summary>
    public IReadOnlyList<ArgumentTypes> Types { get; init; } = [];

    /// <summary>A check of the arguments' text that gives the complaint, or null. It runs in the host, and has to be quick. Default: none.</summary>
    public Func<string, string?>? Check { get; init; }
}
