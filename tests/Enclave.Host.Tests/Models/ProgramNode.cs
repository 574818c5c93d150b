using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>A node that computes what programs are worth, and answers the tool calls of Enclave's runs as it answers its own (programs/node.mjs).</summary>
internal sealed class ProgramNode : IAsyncDisposable
{
    private static readonly string s_node = Path.Combine(Repository.Root, "artifacts", "engine", "node");
    private static readonly string s_compiler = Path.Combine(
        Repository.Root, "artifacts", "npm", "javascript", "node_modules", "typescript", "lib", "typescript.js");

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _open = new();
    private readonly Process _process;
    private readonly Task _reading;
    private int _last;

    private ProgramNode(Process process)
    {
        _process = process;
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public static ProgramNode Start()
    {
        if (!File.Exists(s_compiler)) Assert.Skip($"{s_compiler} is not there: ./test.sh installs it");
        var start = new ProcessStartInfo(s_node, [Path.Combine(ProgramTable.Folder, "node.mjs"), s_compiler])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new ProgramNode(Process.Start(start)!);
    }

    /// <summary>The value of a program, and what it printed.</summary>
    public async Task<(JsonNode? Value, string Printed)> RunAsync(ModelTask task)
    {
        JsonObject answer = await AskAsync("run", new JsonObject { ["source"] = task.Source, ["isTyped"] = task.IsTyped });
        Assert.True(answer["error"] is null, $"node on {task.Name}: {answer["stack"]}");
        return (answer["value"]!["value"], (string)answer["value"]!["printed"]!);
    }

    /// <summary>The tools, with their declarations. They answer for the run that <paramref name="run"/> names at the time.</summary>
    public async Task<ToolDefinition[]> ToolsAsync(Func<string> run)
    {
        JsonArray declarations = (await AskAsync("declarations", []))["value"]!.AsArray();
        return [.. declarations.Select((declaration) => Define((JsonObject)declaration!, run))];
    }

    /// <summary>Gives a run tools without a past.</summary>
    public Task OpenAsync(string run) => AskAsync("open", new JsonObject { ["run"] = run });

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await Within.Deadline(_reading, "end of node");
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private ToolDefinition Define(JsonObject declaration, Func<string> run)
    {
        string name = (string)declaration["name"]!;
        return ToolDefinition.Create(name, Element(declaration["arguments"]!), CallAsync, Element(declaration["result"]!),
            new ToolOptions { Description = (string)declaration["description"]! });

        async ValueTask<object?> CallAsync(ScriptValue arguments, ToolContext context, CancellationToken token)
        {
            JsonObject answer = await AskAsync(
                "call", new JsonObject { ["run"] = run(), ["name"] = name, ["args"] = JsonNode.Parse(arguments.ToJsonString()) });
            return answer["error"] is { } error ? throw new ToolException((string)error!) { Code = (string?)answer["code"] } : Element(answer["value"]);
        }
    }

    private async Task<JsonObject> AskAsync(string action, JsonObject question)
    {
        int id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[id] = answer;
        question["id"] = id;
        question["action"] = action;
        string line = question.ToJsonString();
        lock (_open)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        return await Within.Deadline(answer.Task, string.Create(CultureInfo.InvariantCulture, $"answer from node to {line}"));
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            var answer = (JsonObject)JsonNode.Parse(line)!;
            if (_open.TryRemove((int)answer["id"]!, out TaskCompletionSource<JsonObject>? open)) open.SetResult(answer);
        }
    }

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
