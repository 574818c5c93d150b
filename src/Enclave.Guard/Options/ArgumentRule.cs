namespace Enclave.Guard;

/// <summary>The arguments that a function takes, checked in the text of each call.</summary>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
public sealed record ArgumentRule(int Least, int Most)
{
    /// <summary>The documented check of callTool: a name and an object.</summary>
    public static ArgumentRule CallTool { get; } = new(2, 2) { Types = [ArgumentTypes.String, ArgumentTypes.Object] };

    /// <summary>
    /// The types of the first arguments, in order. An argument whose type the text does not show,
    /// such as a parameter, has no type and fails. Default: any type.
    /// </summary>
    public IReadOnlyList<ArgumentTypes> Types { get; init; } = [];

    /// <summary>Checks the text of the arguments. Returns a complaint, or null. It runs in the host and must be fast. Default: none.</summary>
    public Func<string, string?>? Check { get; init; }
}
