using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Enclave.Cli.Options;

/// <summary>Makes options whose values have a form of their own.</summary>
internal static class OptionFactory
{
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>An option that is parsed by <paramref name="parse"/>; anything else is refused with the form it should have.</summary>
    public static Option<T?> Value<T>(string name, string helpName, string description, string form, TryParse<T> parse)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = (result) => Parse(result, name, form, parse) is (true, var value) ? value : null,
        };

    /// <summary>Scripts that are looked at and not run.</summary>
    public static Argument<string[]> Scripts() => new("FILE")
    {
        Description = "Scripts: function bodies, as run takes them. - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<int?> Count(string name, string description) => Value(
        name, "N", description, "a whole number", (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    /// <summary>Where the commands that serve show their figures.</summary>
    public static Option<int?> MetricsPort() => Count("--metrics-port", "Answer GET /metrics, as Prometheus reads it, on this port of the same address. It has figures only and asks for no token. 0 takes a free one. Default: none.");

    /// <summary>How long what runs may go on after a signal.</summary>
    public static Option<int?> DrainTimeout(int usual) => Value(
        "--drain-timeout", "SECONDS", $"How long sessions that run may go on after the signal to stop; then they are cancelled. Default: {usual}.", "whole seconds, at most a day",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 86_400);

    /// <summary>As <see cref="Value"/>, for types that are null when absent by themselves.</summary>
    public static Option<T?> Object<T>(string name, string helpName, string description, string form, TryParse<T> parse)
        where T : class => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = (result) => Parse(result, name, form, parse) is (true, var value) ? value : null,
        };

    private static (bool Parsed, T Value) Parse<T>(ArgumentResult result, string name, string form, TryParse<T> parse)
    {
        string text = result.Tokens[0].Value;
        if (parse(text, out T value)) return (true, value);
        result.AddError($"{name} is \"{text}\"; it takes {form}.");
        return (false, value);
    }
}
