using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Enclave.Cli.Commands;
using Enclave.Configuration;
using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>Creates options whose values have a form of their own.</summary>
internal static class OptionFactory
{
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>An option parsed by <paramref name="parse"/>. An invalid value is refused with the expected form.</summary>
    public static Option<T?> Value<T>(string name, string helpName, string description, string form, TryParse<T> parse)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = (result) => Parse(result, name, form, parse) is (true, var value) ? value : null,
        };

    /// <summary>An argument for scripts to examine.</summary>
    public static Argument<string[]> Scripts() => Files(
        new Argument<string[]>("FILE") { Description = "Scripts: function bodies, as run takes them. - is standard input.", Arity = ArgumentArity.OneOrMore });

    /// <summary>An argument that takes files. A word that looks like an option is refused as unknown, and not taken as a file name.</summary>
    public static Argument<T> Files<T>(Argument<T> files)
    {
        files.Validators.Add(static (given) =>
        {
            foreach (string name in given.Tokens.Select((token) => token.Value).Where((name) => name.Length > 1 && name[0] == '-'))
                given.AddError(UnknownWord.Option(name, CommandOf(given)));
        });
        return files;
    }

    private static Command CommandOf(SymbolResult place) => place is CommandResult command ? command.Command : CommandOf(place.Parent!);

    /// <summary>A whole number within a range, which the error names.</summary>
    public static Option<int?> Count(string name, string description, int least = 0, int most = int.MaxValue) => Value(
        name, "N", description, most == int.MaxValue ? $"a whole number from {least} on" : $"a whole number from {least} to {most}",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    /// <summary>A time within a range, which the error names.</summary>
    public static Option<TimeSpan?> Time(string name, string description, string least = "1ms", string most = "24h") => Value(
        name, "TIME", description, $"{Durations.Form}, from {least} to {most}", (string text, out TimeSpan time) =>
            TryTime(text, out time) && TryTime(least, out TimeSpan low) && time >= low && TryTime(most, out TimeSpan high) && time <= high);

    private static bool TryTime(string text, out TimeSpan time) => Durations.TryParse(text, bareUnitMilliseconds: 1000, out time);

    /// <summary>The longest time of one tool call.</summary>
    public static Option<TimeSpan?> ToolTimeout(string usual) =>
        Time("--tool-timeout", $"Time limit of one tool call, within the time of its run: as --timeout. {usual}");

    /// <summary>A short description of run_code for MCP clients.</summary>
    public static Option<bool> ShortDescription() => new("--short-description")
    {
        Description = "Describe run_code to MCP clients in at most 1,000 characters. The language and the tools are in the server's instructions instead.",
    };

    /// <summary>The time after which an MCP client gets an answer about a script that still runs.</summary>
    public static Option<TimeSpan?> YieldAfter() => Time(
        "--yield-after", "Answer an MCP client after this time about a script that still runs: with what it printed, and a handle for the tool "
            + "wait_code. Default: an answer only at its end.",
        least: "10ms", most: "300s");

    /// <summary>A port to listen on.</summary>
    public static Option<int?> Port(string name, string description) => Count(name, description, 0, IPEndPoint.MaxPort);

    /// <summary>A security level.</summary>
    /// <param name="usual">The default.</param>
    public static Option<SecurityLevel?> Level(SecurityLevel usual)
    {
        string names = string.Join(
            ", ", Levels.Names.Select((name) => name.Equals(usual.ToString(), StringComparison.OrdinalIgnoreCase) ? $"{name} (default)" : name));
        Option<SecurityLevel?> level = Value<SecurityLevel>("--level", "LEVEL", $"{names}.", Levels.Form, Levels.TryParse);
        return Completed(level, Levels.Names);
    }

    /// <summary>A preset of rules.</summary>
    public static Option<GuardPreset?> Preset(string description) =>
        Completed(Value<GuardPreset>("--preset", "NAME", description, Presets.Form, Presets.TryParse), Presets.Names);

    /// <summary>The engine that runs scripts.</summary>
    public static Option<ScriptEngine?> Engine() => Completed(
        Value<ScriptEngine>(
            "--engine", "NAME",
            "The engine that runs scripts: native (default on Linux x64), or portable (default elsewhere), for development at STANDARD and PERMISSIVE.",
            Engines.Form, Engines.TryParse),
        Engines.Names);

    public static Option<ScriptLanguage?> Language() => Completed(
        Value<ScriptLanguage>(
            "--language", "NAME",
            "The script's language: either (default: TypeScript if it is not valid JavaScript), javascript or typescript. A .ts or .mts file is TypeScript.",
            Languages.Form, Languages.TryParse),
        Languages.Names);

    /// <summary>True if files hold answers of models.</summary>
    public static Option<bool> FromModel() => new("--from-model")
    {
        Description = "The file is a model's answer: take the program out of its fenced block and out of the function around it (docs/models.md).",
    };

    /// <summary>Adds these values to an option's completions.</summary>
    public static Option<T> Completed<T>(Option<T> option, IEnumerable<string> values)
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. values]);
        return option;
    }

    /// <summary>The port for metrics of commands that serve.</summary>
    public static Option<int?> MetricsPort() =>
        Port("--metrics-port", "Serve GET /metrics in Prometheus' format on this port of the same address, without a token. 0 for a free one. Default: none.");

    /// <summary>How long running sessions may continue after a signal.</summary>
    public static Option<int?> DrainTimeout(int usual) => Value(
        "--drain-timeout", "SECONDS",
        $"How long running sessions may continue after the signal to stop, before they are cancelled. Default: {usual}.", "whole seconds, at most a day",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 86_400);

    /// <summary>Like <see cref="Value"/>, for reference types.</summary>
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
