using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Enclave.Cli.Commands;
using Enclave.Guard;

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
    public static Argument<string[]> Scripts() => Files(new Argument<string[]>("FILE") { Description = "Scripts: function bodies, as run takes them. - is standard input.", Arity = ArgumentArity.OneOrMore });

    /// <summary>An argument that takes files: what looks like an option is one that nobody knows, and not a file of that name.</summary>
    public static Argument<T> Files<T>(Argument<T> files)
    {
        files.Validators.Add(static (given) =>
        {
            foreach (string name in given.Tokens.Select((token) => token.Value).Where((name) => name.Length > 1 && name[0] == '-')) given.AddError(UnknownWord.Option(name, CommandOf(given)));
        });
        return files;
    }

    private static Command CommandOf(SymbolResult place) => place is CommandResult command ? command.Command : CommandOf(place.Parent!);

    /// <summary>A whole number within a range, which the refusal names.</summary>
    public static Option<int?> Count(string name, string description, int least = 0, int most = int.MaxValue) => Value(
        name, "N", description, most == int.MaxValue ? $"a whole number from {least} on" : $"a whole number from {least} to {most}",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    /// <summary>Where a command listens.</summary>
    public static Option<int?> Port(string name, string description) => Count(name, description, 0, IPEndPoint.MaxPort);

    /// <summary>A security level.</summary>
    /// <param name="usual">The one without the option.</param>
    public static Option<SecurityLevel?> Level(SecurityLevel usual)
    {
        string names = string.Join(", ", Levels.Names.Select((name) => name.Equals(usual.ToString(), StringComparison.OrdinalIgnoreCase) ? $"{name} (default)" : name));
        Option<SecurityLevel?> level = Value<SecurityLevel>("--level", "LEVEL", $"{names}.", Levels.Form, Levels.TryParse);
        return Completed(level, Levels.Names);
    }

    /// <summary>A set of rules.</summary>
    public static Option<GuardPreset?> Preset(string description) => Completed(Value<GuardPreset>("--preset", "NAME", description, Presets.Form, Presets.TryParse), Presets.Names);

    public static Option<ScriptLanguage?> Language() => Completed(
        Value<ScriptLanguage>(
            "--language", "NAME", "What the script is written in: either (default; TypeScript if it is no JavaScript), javascript or typescript. A .ts or .mts file is TypeScript.",
            Languages.Form, Languages.TryParse),
        Languages.Names);

    /// <summary>Whether files hold answers of models.</summary>
    public static Option<bool> FromModel() => new("--from-model")
    {
        Description = "The file is a model's answer: take the program out of its fenced block and out of the function around it (docs/models.md).",
    };

    /// <summary>Has the shell complete an option by these.</summary>
    public static Option<T> Completed<T>(Option<T> option, IEnumerable<string> values)
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. values]);
        return option;
    }

    /// <summary>Where the commands that serve show their figures.</summary>
    public static Option<int?> MetricsPort() => Port("--metrics-port", "Answer GET /metrics, as Prometheus reads it, on this port of the same address. It has figures only and asks for no token. 0 takes a free one. Default: none.");

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
