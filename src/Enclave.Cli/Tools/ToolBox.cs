using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Cli.Tools;

/// <summary>The tools defined on the command line.</summary>
internal sealed class ToolBox : IDisposable
{
    private static readonly JsonElement s_any = JsonElement.Parse("{}"u8);

    private readonly Dictionary<string, ICommandLineTool> _tools = new(StringComparer.Ordinal);
    private readonly ToolProcesses _processes;

    /// <param name="variables">The variables that commands get in addition to the usual ones (<c>--tool-env</c>).</param>
    /// <exception cref="UsageException">One of them is not set.</exception>
    public ToolBox(IReadOnlyList<string> variables)
    {
        foreach (string variable in variables)
        {
            if (variable.Contains('=', StringComparison.Ordinal))
                throw new UsageException($"--tool-env takes the NAME of a variable, without a value: other users of this machine can read the command line.");
            if (Environment.GetEnvironmentVariable(variable) is null)
                throw new UsageException($"--tool-env names {variable}, which is not set: set it, or omit the option.");
        }

        _processes = new ToolProcesses(variables);
    }

    /// <summary>Adds <c>NAME=COMMAND</c>.</summary>
    /// <exception cref="UsageException">It is malformed, or the name is already used.</exception>
    public void AddCommand(string definition)
    {
        int equals = definition.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == definition.Length - 1) throw new UsageException($"--tool is \"{definition}\"; it takes NAME=COMMAND.");
        Add(definition[..equals], new CommandTool(definition[(equals + 1)..], _processes));
    }

    /// <summary>Adds the fixed answers of a JSON file.</summary>
    /// <exception cref="UsageException">It cannot be read, is not a JSON object, or a name is already used.</exception>
    public void AddAnswers(string file)
    {
        using JsonDocument answers = JsonInput.ReadFile("--tools", file);
        if (answers.RootElement.ValueKind != JsonValueKind.Object) throw new UsageException($"--tools {file} is not a JSON object of names and answers.");
        foreach (JsonProperty answer in answers.RootElement.EnumerateObject()) Add(answer.Name, new FixedTool(ScriptValue.From(answer.Value)));
    }

    /// <summary>Adds them to a host's tools: models find them by name, and a script that calls another one is refused before it runs.</summary>
    /// <param name="tools">The host's tools.</param>
    /// <param name="sources">The services and servers whose tools have names that begin with theirs.</param>
    /// <param name="timeout">The time of one call; null for none but the run's.</param>
    /// <exception cref="UsageException">A name is taken, belongs to a source, or has other characters than names of tools.</exception>
    public void AddTo(ToolCollection tools, IEnumerable<string> sources, TimeSpan? timeout)
    {
        string[] prefixes = [.. sources.Select((source) => $"{source}:")];
        foreach ((string name, ICommandLineTool tool) in _tools)
        {
            if (prefixes.FirstOrDefault((prefix) => name.StartsWith(prefix, StringComparison.Ordinal)) is { } taken)
                throw new UsageException($"--tool {name}: names that begin with {taken} are those of a service or server: choose another name.");
            try
            {
                tools.Add(name, s_any, (args, _, cancellationToken) => tool.CallAsync(args, cancellationToken), s_any, new ToolOptions { Timeout = timeout });
            }
            catch (ArgumentException wrong)
            {
                throw new UsageException($"--tool {name}: {OptionFaults.TextOf(wrong)}");
            }
        }
    }

    /// <summary>Answers a script's call: the library's <see cref="ToolHandler"/>.</summary>
    public ValueTask<object?> CallAsync(string name, ScriptValue args, ToolContext context)
    {
        if (_tools.TryGetValue(name, out ICommandLineTool? tool)) return tool.CallAsync(args, context.CancellationToken);
        string known = _tools.Count == 0 ? "there are none" : $"there are: {string.Join(", ", _tools.Keys)}";
        throw new ToolException($"no tool is named \"{name}\" ({known}). Add it with --tool NAME=COMMAND") { Code = ToolCode.NotFound };
    }

    public void Dispose() => _processes.Dispose();

    private void Add(string name, ICommandLineTool tool)
    {
        if (!_tools.TryAdd(name, tool)) throw new UsageException($"the tool \"{name}\" is defined twice.");
    }
}
