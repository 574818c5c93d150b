using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Protocol;

namespace Enclave.Cli.Tools;

/// <summary>The tools defined on the command line.</summary>
internal sealed class ToolBox : IDisposable
{
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

    /// <summary>Their names, as scripts call them.</summary>
    public IReadOnlyCollection<string> Names => _tools.Keys;

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

    /// <summary>Answers a script's call: the library's <see cref="ToolHandler"/>.</summary>
    public ValueTask<object?> CallAsync(string name, ScriptValue args, ToolContext context)
    {
        if (_tools.TryGetValue(name, out ICommandLineTool? tool)) return tool.CallAsync(args, context.CancellationToken);
        string known = _tools.Count == 0 ? "there are none" : $"there are: {string.Join(", ", _tools.Keys)}";
        throw new ToolException($"no tool is named \"{name}\" ({known}). Add it with --tool NAME=COMMAND") { Code = "TOOL_NOT_FOUND" };
    }

    public void Dispose() => _processes.Dispose();

    private void Add(string name, ICommandLineTool tool)
    {
        if (!_tools.TryAdd(name, tool)) throw new UsageException($"the tool \"{name}\" is defined twice.");
    }
}
